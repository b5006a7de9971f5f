using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Rates;
using StellarPay.Grains.Refunds;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// What is to become of what comes beyond a session's price, or too late, by what its merchant chose before it was made. Touches nothing
/// but the state.
/// </summary>
internal static class Excesses
{
    /// <summary>What is beyond the price and too little to be given back.</summary>
    public const string TooSmall = "refund_too_small";

    /// <summary>It would be given back, but is so little that the platform pays for no transaction that nobody asked for.</summary>
    public const string TooLittle = "excess_too_small";

    // Of the price; and a dime, where it is known what that is: of a price of a cent a hundredth is worth no transaction.
    private const int LeastPart = 100;
    private const long LeastWorth = 1_000_000;

    /// <summary>It would be accepted, but what was sold by it may be somebody else's by now.</summary>
    public const string PieceMayBeGone = "payment_link_stock";

    /// <summary>It would be accepted, but its merchant has cancelled the session.</summary>
    public const string Canceled = "payment_session_canceled";

    /// <summary>It would be accepted, but the session is paid: what came in time was judged later.</summary>
    public const string Paid = "payment_session_paid";

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

        if (!state.IsAccepted(payment) && IsTooLittle(state.LockOf(payment.Asset)!, payment.Stroops - payment.CountedStroops))
        {
            return judged with { HeldReason = TooLittle };
        }

        state.Undecided.Add(PlaceOf(payment));
        // It does not wait as long as what was tried often.
        state.Delays = 0;
        return judged;
    }

    /// <summary>
    /// How many refunds were made by its merchant's setting alone of payments such as this: of who paid half of the price or more (or half
    /// of it too late, where it was not paid), or of others. What strangers use up is not his.
    /// </summary>
    public static int AutomaticRefundsLike(this PaymentSessionState state, SessionPayment payment)
    {
        var isPayers = IsPayers(payment);
        return state.Refunds.Count(refund => refund.Reason == RefundReasons.Automatic
            && IsPayers(state.Payments.Find(each => PlaceOf(each) == refund.Payment)) == isPayers);

        bool IsPayers(SessionPayment? one) => one is not null && state.LockOf(one.Asset) is { } due
            && (Int128)2 * (state.Status == PaymentSessionStatus.Paid ? CountedBy(one) : one.Stroops) >= due.DueStroops;

        long CountedBy(SessionPayment one) => RefundPots.PayerOf(one) is { } payer
            ? state.Payments.Where(each => each.Asset == one.Asset && RefundPots.PayerOf(each) == payer).Sum(each => each.CountedStroops)
            : 0;
    }

    /// <summary>Where the ledger holds it.</summary>
    public static LedgerPlace PlaceOf(SessionPayment payment) => new(payment.Token, payment.Number);

    private static bool IsTooLittle(SessionLock due, long excess) => (Int128)excess * LeastPart < due.DueStroops
        || (due.UsdPrice is { } dollars && ReferenceAmount.Of(excess, dollars) is { } worth && worth < LeastWorth);

    private static bool IsToBeDecided(PaymentSessionState state, SessionPaymentVerdict verdict) => verdict switch
    {
        SessionPaymentVerdict.Overpaid => state.Excess?.Over == OverPayments.Refund,
        SessionPaymentVerdict.Late => state.Excess is { Late: not LatePayments.Hold },
        _ => false,
    };
}
