using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// What is to become of what comes beyond a session's price, or too late, by what its merchant chose before it was made. Touches nothing
/// but the state.
/// </summary>
internal static class Excesses
{
    /// <summary>What is beyond the price and too little to be given back.</summary>
    public const string TooSmall = "refund_too_small";

    /// <summary>It would be accepted, but what was sold by it may be somebody else's by now.</summary>
    public const string PieceMayBeGone = "payment_link_stock";

    /// <summary>It would be accepted, but its merchant has cancelled the session.</summary>
    public const string Canceled = "payment_session_canceled";

    /// <summary>It would be accepted, but came so late that its price is another by now.</summary>
    public const string TooLate = "payment_too_late";

    /// <summary>Whether what is beyond the price is the merchant's.</summary>
    public static bool KeepsOver(this PaymentSessionState state) => state.Excess is null or { Over: OverPayments.Keep };

    /// <summary>Whether a payment that is to be decided about is accepted; else it is given back.</summary>
    public static bool IsAccepted(this PaymentSessionState state, SessionPayment payment) =>
        payment.Verdict == SessionPaymentVerdict.Late && state.Excess?.Late == LatePayments.Accept;

    /// <summary>A payment with where it is, which is to be decided about where its merchant's setting says so.</summary>
    public static SessionPayment Judge(PaymentSessionState state, SessionPayment payment)
    {
        var judged = payment with
        {
            IsHeld = payment.Verdict switch
            {
                SessionPaymentVerdict.Counted => false,
                SessionPaymentVerdict.Overpaid => !state.KeepsOver(),
                _ => true,
            },
        };
        if (!IsToBeDecided(state, payment.Verdict))
        {
            return judged;
        }

        if (Dust.Is(payment.Stroops - payment.CountedStroops))
        {
            return judged with { HeldReason = TooSmall };
        }

        state.Undecided.Add(PlaceOf(payment));
        return judged;
    }

    /// <summary>Where the ledger holds it.</summary>
    public static LedgerPlace PlaceOf(SessionPayment payment) => new(payment.Token, payment.Number);

    private static bool IsToBeDecided(PaymentSessionState state, SessionPaymentVerdict verdict) => verdict switch
    {
        SessionPaymentVerdict.Overpaid => state.Excess?.Over == OverPayments.Refund,
        SessionPaymentVerdict.Late => state.Excess is { Late: not LatePayments.Hold },
        _ => false,
    };
}
