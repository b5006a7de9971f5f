using System.Text.Json;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Sessions;

/// <summary>Sessions as they are shown, by whatever is at hand: a grain's state, or what is stored of it.</summary>
public static class PaymentSessionViews
{
    /// <summary>The state's name, by which sessions are stored and listed.</summary>
    public const string StateName = PaymentSessionState.Name;

    /// <summary>A session out of its stored state and rows: for lists, which wake no grains.</summary>
    /// <param name="session">Its id.</param>
    /// <param name="payload">The state and its rows, as storage reads them.</param>
    /// <exception cref="JsonException">It is no session's.</exception>
    public static PaymentSessionView Of(string session, ReadOnlySpan<byte> payload)
    {
        var state = JsonSerializer.Deserialize<PaymentSessionState>(payload, StateJson.Options)
            ?? throw new JsonException($"Nothing is stored of {session}.");
        PaymentSessionRows.Take(state);
        return Of(session, state);
    }

    /// <summary>A refund out of its stored row: for lists, to which the rest of its session is nothing.</summary>
    /// <param name="session">The id of its session.</param>
    /// <param name="merchant">Whose it is.</param>
    /// <param name="row">The row, as storage reads it.</param>
    /// <exception cref="JsonException">It is no refund's.</exception>
    public static RefundView RefundOf(string session, string merchant, ReadOnlySpan<byte> row) => Of(
        session, merchant,
        JsonSerializer.Deserialize<RefundRecord>(row, StateJson.Options) ?? throw new JsonException($"The row of a refund of {session} is empty."));

    internal static PaymentSessionView Of(string session, PaymentSessionState state)
    {
        // Of dust alone nobody is told, and no asset is chosen by it; but it counts, and what is missing is less by it.
        var due = Array.Find(state.Locks, each => each.Asset == state.Asset) ?? state.Locks.FirstOrDefault();
        var counted = due is null ? 0 : state.Counted.GetValueOrDefault(due.Asset);
        // What an operator gave up is late as before, and has paid for nothing.
        var (acceptedAs, accepted) = state.IsAcceptanceClosed ? (null, null) : (state.AcceptedAs, state.Accepted);
        var claims = new RefundClaims(state, new RefundPots(state));
        return new PaymentSessionView(
            PaymentSessionId.Parse(session), MerchantId.Parse(state.Merchant), state.Status, state.Currency, state.Amount, state.Locks,
            state.Address, state.Asset, counted, InPrice(counted, state, due), [.. FactsOf(state)], [.. state.Payments],
            state.PaymentCount, state.ToleranceBasisPoints, state.SuccessUrl, state.CancelUrl, state.CreatedAt, state.ExpiresAt,
            state.PaidAt, state.CanceledAt, state.CancellationReason, state.Sequence, state.Details?.Sealed, state.PaidBy, state.ViewedAt,
            [.. state.Refunds.Select(refund => Of(session, state.Merchant!, refund))], Find(acceptedAs), accepted,
            Find(state.RecoveredFrom), state.Clock,
            state.RefundAddresses.Count == 0 ? null : [.. state.RefundAddresses], state.OffersAddress, state.Own,
            claims.Listed.Any(), claims.IsHeldFor, claims.IsGivenBack);
    }

    internal static RefundView Of(string session, string merchant, RefundRecord refund) => new(
        RefundId.Of(PaymentSessionId.Parse(session), refund.Number), MerchantId.Parse(merchant), refund.Status, refund.Currency,
        refund.Amount, refund.Asset, refund.Status == RefundStatus.Failed ? refund.Legs.Sum(leg => leg.Stroops) : refund.Stroops(),
        refund.Payment, [.. refund.Legs], refund.FeeStroops(), refund.Reason, refund.PendingReason, refund.FailureReason,
        refund.CreatedAt, refund.EndedAt, refund.Metadata, refund.IsClaimed);

    private static PaymentSessionId? Find(string? session) => session is null ? null : PaymentSessionId.Parse(session);

    // The price's share that was received, rounded down: the whole price only where all that was due has come.
    private static long InPrice(long counted, PaymentSessionState state, SessionLock? due) =>
        due is null ? 0 : (long)((Int128)counted * state.Amount / due.DueStroops);

    private static IEnumerable<string> FactsOf(PaymentSessionState state)
    {
        var facts = state.Facts;
        if (facts.HasFlag(SessionFacts.Underpaid))
        {
            yield return "underpaid";
        }

        if (facts.HasFlag(SessionFacts.Overpaid))
        {
            yield return "overpaid";
        }

        if (facts.HasFlag(SessionFacts.Late))
        {
            yield return "late";
        }

        if (facts.HasFlag(SessionFacts.WrongAsset))
        {
            yield return "wrong_asset";
        }

        if (SessionSignings.IsAboutToBePaid(state))
        {
            yield return "processing";
        }
    }
}
