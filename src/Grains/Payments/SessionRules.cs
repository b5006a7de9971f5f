using StellarPay.Grains.Ledger;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Payments;

/// <summary>
/// Payments of a wallet to payment sessions: before their end, while they are open, and what is left of a price once. What comes otherwise
/// is held by the merchant or is his, and its payer has to ask for it back.
/// </summary>
internal static class SessionRules
{
    /// <summary>The code of what is refused, or failed before it was signed, since its session is over.</summary>
    public const string Over = "payment_session_over";

    // Stellar Core takes no transaction whose last moment is nearer than some seconds and the age of its ledger.
    private static readonly TimeSpan Nearest = TimeSpan.FromSeconds(15);

    // What the ledger has of this wallet the session may not know for a moment, nor the front door, which says what is left.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private static readonly Error IsOver = new(
        ErrorKind.Refused, Over, "What this memo or address names is paid, canceled or past its time. Please ask the shop for a new one.", "recipient");

    private static readonly Error BeingPaid = new(
        ErrorKind.Conflict, "payment_session_being_paid",
        "Another payment of this wallet to the session is under way, or was made a moment ago. Please look at the session again, or name an amount.",
        "recipient");

    /// <summary>Whether the session that a payment names can still be paid.</summary>
    /// <param name="session">What is known of it; null where none is named.</param>
    /// <param name="now">The business time, or when the latest ledger closed.</param>
    public static Error? Check(PayableUntil? session, DateTimeOffset now) =>
        session is null || (session.IsOpen && session.ExpiresAt > now) ? null : IsOver;

    /// <summary>Whether a ledger after the latest may still have it.</summary>
    public static Error? CheckTime(PaymentRecord payment, DateTimeOffset closedAt) =>
        payment.NotAfter is { } end && end - closedAt < Nearest ? IsOver : null;

    /// <summary>
    /// Whether what is left of a session's price was not paid by this wallet meanwhile: two clicks, or two windows, pay it once.
    /// </summary>
    public static Error? CheckOnce(IEnumerable<PaymentRecord> payments, PaymentRecord payment, DateTimeOffset now) =>
        payment.PaysRest && Named(payment) is { } session && payments.Any(
            other => other.Id != payment.Id && Named(other) == session && IsNew(other, Earlier(now, payment.CreatedAt)))
            ? BeingPaid
            : null;

    // Under way, or in a ledger that not all have heard of.
    private static bool IsNew(PaymentRecord other, DateTimeOffset asked) => other.Status != PaymentStatus.Pending
        && (other.HoldsReservation() || (other.Status == PaymentStatus.Succeeded && other.CompletedAt + Fresh > asked));

    private static NamedPayee? NamedBy(string destination, RecipientFacts? facts, string? memo) =>
        PayToNames.Of(MuxedAccount.Parse(destination), facts?.MemoType, memo);

    /// <summary>Until when the payment session is paid that a payment names; null where it names none.</summary>
    public static async Task<PayableUntil?> FindSessionAsync(
        this IPayeeAccounts payees, string destination, RecipientFacts? facts, string? memo, CancellationToken cancellationToken) =>
        NamedBy(destination, facts, memo) is { } named
            ? await payees.FindSessionAsync(named.Address, named.Number, named.Key, cancellationToken)
            : null;

    private static (string Address, long Number)? Named(PaymentRecord payment) =>
        payment.NotAfter is not null && NamedBy(payment.Destination, payment.Facts, payment.Memo) is { } named
            ? (named.Address, named.Number)
            : null;

    // What is left was said when it was quoted, not when it is confirmed.
    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
