using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>Accepts what came after a session's end.</summary>
internal static class LateAcceptance
{
    /// <summary>
    /// The session that is made of it, once it is there; or this one, where the payment is what was held beyond its price. As often as it
    /// is asked for, once.
    /// </summary>
    public static Task<Result<PaymentSessionView>> AcceptAsync(
        IPaymentSessionGrain session, MerchantId merchant, LedgerPlace payment, IGrainFactory grains) =>
        Outcome.OfAsync(() => BeginAsync(session, merchant, payment, grains));

    private static async Task<Result<PaymentSessionView>> BeginAsync(
        IPaymentSessionGrain session, MerchantId merchant, LedgerPlace payment, IGrainFactory grains)
    {
        var accepted = await session.AcceptAsync(merchant, payment, CancellationToken.None);
        if (!accepted.IsSuccess)
        {
            return accepted.Error;
        }

        var begun = await grains.GetGrain<IPaymentSessionGrain>(accepted.Value.Value).BeginAsync(merchant);
        // Its id may be another's for a moment: it is made under a new one then.
        var asked = session.GetPrimaryKeyString();
        return begun.IsSuccess && (accepted.Value.Value == asked || begun.Value.RecoveredFrom?.Value == asked)
            ? begun
            : new Error(ErrorKind.Unavailable, "payment_session_busy",
                $"The payment is accepted, and its session {accepted.Value} is being made. Please try again in a moment.");
    }
}
