using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Rates;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Grains.Refunds;

/// <summary>
/// What of a session its payer may have sent back without asking its merchant: what is held for him. What the merchant keeps, has accepted
/// or is about to be dealt with by his setting is not his to claim. Reads the state, and changes nothing.
/// </summary>
internal sealed class RefundClaims(PaymentSessionState state, RefundPots pots)
{
    /// <summary>It is too little to be sent back without its merchant's word.</summary>
    public const string TooLittle = "claim_too_small";

    /// <summary>
    /// How many claims of one session an account may have that are under way or paid. Half of it is kept for payments of half of the price
    /// or more. No setting: the page, which knows no silo's settings, offers by it what the turn does.
    /// </summary>
    public const int MostOfPayer = 10;

    /// <summary>How many claims of an account for one session may fail, of small payments and of others: no more are made then.</summary>
    public const int MostFailedOfPayer = 3;

    // Whoever paid, and also those that failed: each takes one of the numbers that a session's refunds have, and its merchant needs some.
    private const int MostOfSession = RefundId.MostOfSession * 2 / 3;

    // Ten cents, in ten-millionths of a dollar, by the session's own rate: whoever claims costs the platform a transaction.
    private const long LeastWorth = 1_000_000;

    // Where there is no rate: one of the asset. Of all that merchants take, that is worth the transaction many times over.
    private const long LeastUnpriced = 10_000_000;

    private static readonly Error NotHeld = new(ErrorKind.Conflict, "payment_not_held",
        "The payment is not held for its payer: its merchant has it, and can give it back.", "payment");

    private static readonly Error BeingDecided = new(ErrorKind.Conflict, "payment_being_decided",
        "What becomes of the payment is being decided by its merchant's setting.", "payment");

    private static readonly Error Small = new(ErrorKind.InvalidRequest, TooLittle,
        "It is worth less than ten cents, or is less than one of an asset of which the session has no rate: its merchant can give it back.",
        "payment");

    /// <summary>So many were claimed of the session, or of its merchant today.</summary>
    public static Error TooMany { get; } = new(ErrorKind.Conflict, RefundReasons.TooManyClaimed,
        "So many refunds were claimed that no more can be: the merchant can give it back.");

    /// <summary>What a payer is shown: what is held for him or was, in the ledger's order.</summary>
    public IEnumerable<SessionPayment> Listed => state.Payments.Where(payment => pots.ExcessOf(payment) > 0 && pots.IsBooked(payment)
        && (IsHeld(payment) || payment.IsCredited || FindRefund(Excesses.PlaceOf(payment)) is not null));

    /// <summary>Whether a payer may claim something of it now.</summary>
    public bool IsHeldFor => Listed.Any(payment => Plan(Excesses.PlaceOf(payment)).IsSuccess);

    /// <summary>Whether all that was held for payers went back to them, or is about to.</summary>
    public bool IsGivenBack => Listed.Any() && Listed.All(payment => FindWhole(Excesses.PlaceOf(payment)) is not null);

    /// <summary>
    /// Whether it is of who paid half of the price or more, at once or, where it is paid, in all: what strangers use up with little is not
    /// his.
    /// </summary>
    public bool IsLarge(LedgerPlace place) => Find(place) is { } payment && IsLarge(payment);

    /// <summary>Why a payer may not claim what is left of a payment, besides what keeps anybody from giving it back; or null.</summary>
    public Error? RefusalOf(LedgerPlace place)
    {
        var payment = Find(place);
        return payment is null || !pots.IsBooked(payment) ? RefundPots.NoSuchPayment
            // The pots say as what.
            : IsAccepted(place) ? null
            : !IsHeld(payment) ? NotHeld
            : IsBeingJudged(payment) || state.Undecided.Contains(place) ? BeingDecided
            : IsTooLittle(payment) ? Small
            : IsBeyondLimits(payment) ? TooMany
            : null;
    }

    /// <summary>What a claim would send back, and where to; or why it would not. Nobody is asked whether he can be paid.</summary>
    public Result<RefundRecord> Plan(LedgerPlace place) => RefusalOf(place) is { } refused
        ? refused
        : pots.Make(OrderOf(place), feeIsReturned: false, state.CreatedAt, new HashSet<RefundPayee>());

    /// <summary>What a claim asks for: all that is left.</summary>
    public static NewRefund OrderOf(LedgerPlace place, bool isOwnAccount = false) => new(
        place, Amount: null, RefundReasons.Claimed, Metadata: null, IdempotencyKey: null, Fingerprint: "", IsClaimed: true, isOwnAccount);

    /// <summary>The refund of a payment's excess: one that stands, before one that failed; of several the last. Null without any.</summary>
    public RefundRecord? FindRefund(LedgerPlace place) =>
        state.Refunds.FindLast(refund => refund.Payment == place && refund.Status != RefundStatus.Failed)
        ?? state.Refunds.FindLast(refund => refund.Payment == place);

    /// <summary>The refund by which all of a payment's excess is given back, whoever asked for it; null where some is left.</summary>
    public RefundRecord? FindWhole(LedgerPlace place) => Find(place) is { } payment
        && pots.ExcessOf(payment) > 0 && pots.ExcessLeft(payment) == 0
            ? FindRefund(place)
            : null;

    // What counted is beyond a price only where it is none of what paid it: the session ended unpaid by it.
    private static bool IsHeld(SessionPayment payment) => payment.IsHeld || payment.Verdict == SessionPaymentVerdict.Counted;

    private bool IsAccepted(LedgerPlace place) => state.Accepted == place && !state.IsAcceptanceClosed;

    // As long as it can be paid, or what came in time is not judged, its merchant cannot accept anything either: none of them is first.
    private bool IsBeingJudged(SessionPayment payment) => state.Status == PaymentSessionStatus.Created
        ? payment.Verdict != SessionPaymentVerdict.Counted
        : state.Parked > 0;

    private bool IsTooLittle(SessionPayment payment) => pots.ExcessLeft(payment) is > 0 and var left
        && (Dust.Is(left)
            || (state.LockOf(payment.Asset)?.UsdPrice is { } dollars
                ? ReferenceAmount.Of(left, dollars) is < LeastWorth
                : left < LeastUnpriced));

    private bool IsBeyondLimits(SessionPayment payment)
    {
        var isLarge = IsLarge(payment);
        var claimed = state.Refunds.Where(refund => refund.IsClaimed)
            .Select(refund => (refund.Status, Of: refund.Payment is { } place ? Find(place) : null)).ToList();
        var tried = claimed.FindAll(each => each.Of?.From == payment.From);
        var its = tried.FindAll(each => each.Status != RefundStatus.Failed);
        // Whoever cannot take it back takes nothing from others by asking for it over and over.
        var failed = tried.Count(each => each.Status == RefundStatus.Failed && IsSmall(each) != isLarge);
        return claimed.Count >= MostOfSession || its.Count >= MostOfPayer || failed >= MostFailedOfPayer
            || (!isLarge && (claimed.Count(IsSmall) >= MostOfSession / 2 || its.Count(IsSmall) >= MostOfPayer / 2));

        bool IsSmall((RefundStatus Status, SessionPayment? Of) each) => each.Of is null || !IsLarge(each.Of);
    }

    private bool IsLarge(SessionPayment payment) => state.LockOf(payment.Asset) is { } due
        && (Int128)2 * Math.Max(payment.Stroops, CountedBy(payment)) >= due.DueStroops;

    private long CountedBy(SessionPayment payment) =>
        state.Status == PaymentSessionStatus.Paid && payment.From is not null && payment.Asset == state.Asset
            ? state.Payments.Where(each => each.Asset == payment.Asset && each.From == payment.From).Sum(each => each.CountedStroops)
            : 0;

    private SessionPayment? Find(LedgerPlace place) => state.Payments.Find(each => Excesses.PlaceOf(each) == place);
}
