using System.Text.Json;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Refunds;

/// <summary>What a payer may claim of what he paid, or what has become of it.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Beyond">What of it is beyond the price, late, in a wrong asset or of a session that ended unpaid, in stroops.</param>
/// <param name="Left">What of that is left to give back; where something refuses that, 0.</param>
/// <param name="To">Where that would go: <c>G…</c> or <c>M…</c>; null where something refuses that.</param>
/// <param name="Memo">The memo with which it would go there, or null.</param>
/// <param name="Refusal">Why it cannot be claimed, as a code; null where it can, or nothing is left.</param>
/// <param name="Refund">What was or is given back of it: what stands before what failed; null for nothing.</param>
/// <param name="IsAtRisk">
/// Whether it would go to an account of which nobody has said whose it is: were it an exchange's, it would be lost to who paid.
/// </param>
/// <param name="Weight">What of it can be claimed, in millionths of the price; 0 in an asset without one.</param>
public sealed record RefundClaim(
    SessionPayment Payment, long Beyond, long Left, string? To, RefundMemo? Memo, string? Refusal, RefundView? Refund,
    bool IsAtRisk = false, long Weight = 0);

/// <summary>What payers may claim of sessions, by what is stored of them: by the same rules as the session's turn.</summary>
public static class RefundClaimViews
{
    /// <summary>A session out of its stored state and rows, with what its payers may claim of it.</summary>
    /// <param name="session">Its id.</param>
    /// <param name="payload">The state and its rows, as storage reads them.</param>
    /// <exception cref="JsonException">It is no session's.</exception>
    public static (PaymentSessionView Session, RefundClaim[] Claims) Of(string session, ReadOnlySpan<byte> payload)
    {
        var state = JsonSerializer.Deserialize<PaymentSessionState>(payload, StateJson.Options)
            ?? throw new JsonException($"Nothing is stored of {session}.");
        PaymentSessionRows.Take(state);
        var pots = new RefundPots(state);
        var claims = new RefundClaims(state, pots);
        // What the merchant noted of refunds is nothing to payers, and long.
        return (
            PaymentSessionViews.Of(session, state) with { Refunds = [] },
            [.. claims.Listed.Select(payment => Of(session, state, pots, claims, payment))]);
    }

    private static RefundClaim Of(string session, PaymentSessionState state, RefundPots pots, RefundClaims claims, SessionPayment payment)
    {
        var place = Excesses.PlaceOf(payment);
        var refund = claims.FindRefund(place) is { } found
            ? PaymentSessionViews.Of(session, state.Merchant!, found) with { Metadata = null }
            : null;
        var beyond = pots.ExcessOf(payment);
        if (claims.FindWhole(place) is not null)
        {
            return new RefundClaim(payment, beyond, 0, null, null, null, refund);
        }

        var planned = claims.Plan(place);
        var leg = planned.IsSuccess ? planned.Value.Legs[0] : null;
        var left = leg?.Stroops ?? 0;
        return new RefundClaim(
            payment, beyond, left, leg?.To, leg?.Memo, planned.IsSuccess ? null : planned.Error.Code, refund,
            leg is not null && payment.FromMuxed is null && !pots.IsDecided(place),
            state.LockOf(payment.Asset) is { } due ? (long)Int128.Min((Int128)left * 1_000_000 / due.DueStroops, long.MaxValue) : 0);
    }
}
