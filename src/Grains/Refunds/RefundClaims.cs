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

    // Ten cents, in ten-millionths of a dollar, by the session's own rate: whoever claims costs the platform a transaction.
    private const long LeastWorth = 1_000_000;

    private static readonly Error NotHeld = new(ErrorKind.Conflict, "payment_not_held",
        "The payment is not held for its payer: its merchant has it, and can give it back.", "payment");

    private static readonly Error BeingDecided = new(ErrorKind.Conflict, "payment_being_decided",
        "What becomes of the payment is being decided by its merchant's setting.", "payment");

    private static readonly Error Small = new(ErrorKind.InvalidRequest, TooLittle,
        "It is worth less than ten cents: its merchant can give it back.", "payment");

    /// <summary>So many were claimed of the session, or of its merchant today.</summary>
    public static Error TooMany { get; } = new(ErrorKind.Conflict, RefundReasons.TooManyClaimed,
        "So many refunds were claimed that no more can be: the merchant can give it back.");

    /// <summary>What a payer is shown: what is held for him or was, in the ledger's order.</summary>
    public IEnumerable<SessionPayment> Listed => state.Payments.Where(payment => pots.ExcessOf(payment) > 0 && pots.IsBooked(payment)
        && (IsHeld(payment) || payment.IsCredited || FindRefund(Excesses.PlaceOf(payment)) is not null));

    /// <summary>Whether something of it is held for its payer still.</summary>
    public bool IsHeldFor => state.Payments.Exists(payment => pots.ExcessOf(payment) > 0 && pots.IsBooked(payment) && IsHeld(payment)
        && !IsAccepted(Excesses.PlaceOf(payment)) && !Dust.Is(pots.ExcessLeft(payment)));

    /// <summary>Why a payer may not claim what is left of a payment, besides what keeps anybody from giving it back; or null.</summary>
    public Error? RefusalOf(LedgerPlace place, int mostOfSession)
    {
        var payment = state.Payments.Find(each => Excesses.PlaceOf(each) == place);
        return payment is null || !pots.IsBooked(payment) ? RefundPots.NoSuchPayment
            // The pots say as what.
            : IsAccepted(place) ? null
            : !IsHeld(payment) ? NotHeld
            : state.Undecided.Contains(place) ? BeingDecided
            : IsTooLittle(payment) ? Small
            : state.Refunds.Count(refund => refund.IsClaimed) >= mostOfSession ? TooMany
            : null;
    }

    /// <summary>What a claim would send back, and where to; or why it would not. Nobody is asked whether he can be paid.</summary>
    public Result<RefundRecord> Plan(LedgerPlace place) => RefusalOf(place, int.MaxValue) is { } refused
        ? refused
        : pots.Make(OrderOf(place), feeIsReturned: false, state.CreatedAt, new HashSet<RefundPayee>());

    /// <summary>What a claim asks for: all that is left.</summary>
    public static NewRefund OrderOf(LedgerPlace place) =>
        new(place, Amount: null, RefundReasons.Claimed, Metadata: null, IdempotencyKey: null, Fingerprint: "", IsClaimed: true);

    /// <summary>The refund of a payment's excess: one that stands, before one that failed; of several the last. Null without any.</summary>
    public RefundRecord? FindRefund(LedgerPlace place) =>
        state.Refunds.FindLast(refund => refund.Payment == place && refund.Status != RefundStatus.Failed)
        ?? state.Refunds.FindLast(refund => refund.Payment == place);

    /// <summary>The refund by which all of a payment's excess is given back, whoever asked for it; null where some is left.</summary>
    public RefundRecord? FindWhole(LedgerPlace place) => state.Payments.Find(each => Excesses.PlaceOf(each) == place) is { } payment
        && pots.ExcessOf(payment) > 0 && pots.ExcessLeft(payment) == 0
            ? FindRefund(place)
            : null;

    // What counted is beyond a price only where it is none of what paid it: the session ended unpaid by it.
    private static bool IsHeld(SessionPayment payment) => payment.IsHeld || payment.Verdict == SessionPaymentVerdict.Counted;

    private bool IsAccepted(LedgerPlace place) => state.Accepted == place && !state.IsAcceptanceClosed;

    private bool IsTooLittle(SessionPayment payment) => pots.ExcessLeft(payment) is > 0 and var left
        && (Dust.Is(left) || (state.LockOf(payment.Asset)?.UsdPrice is { } dollars && ReferenceAmount.Of(left, dollars) is < LeastWorth));
}
