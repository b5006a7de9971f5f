using System.Globalization;
using System.Text.Json;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Money;

namespace StellarPay.Frontdoor.Checkout;

/// <summary>What a page shows of its session.</summary>
internal enum CheckoutState
{
    /// <summary>It can be paid, and nothing that counts has come.</summary>
    Waiting,

    /// <summary>It can be paid, and part of it has come.</summary>
    Underpaid,

    /// <summary>
    /// A wallet here has signed what completes it, and no ledger has that yet; or its time is over, and what was paid in time may not have
    /// been read yet.
    /// </summary>
    Processing,

    Paid,

    /// <summary>It is paid, and more came than was asked for.</summary>
    Overpaid,

    Expired,

    /// <summary>It ended unpaid, and something came afterwards.</summary>
    Late,

    /// <summary>What came afterwards was accepted all the same.</summary>
    Accepted,

    Canceled,
}

/// <summary>What a page shows of its session at a moment.</summary>
internal static class CheckoutStates
{
    // The countdown ends before the time does: a payment takes a ledger or two.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);
    private const int MarginShare = 4;

    // A tenth of the price.
    private const int BegunShare = 10;

    public static CheckoutState Of(PaymentSessionAnswer session, DateTimeOffset now) => session switch
    {
        { Status: "paid", Overpaid: true } => CheckoutState.Overpaid,
        { Status: "paid" } => CheckoutState.Paid,
        { AcceptedAs: not null } => CheckoutState.Accepted,
        { Status: "expired" or "canceled", Late: true } => CheckoutState.Late,
        { Status: "expired" } => CheckoutState.Expired,
        { Status: "canceled" } => CheckoutState.Canceled,
        _ when now > session.ExpiresAt || session.Processing => CheckoutState.Processing,
        { Underpaid: true } => CheckoutState.Underpaid,
        _ => CheckoutState.Waiting,
    };

    /// <summary>Whether it waits to be paid, and nobody is known to do so.</summary>
    public static bool IsPayable(this CheckoutState state) => state is CheckoutState.Waiting or CheckoutState.Underpaid;

    /// <summary>
    /// Whether anything may be sent now: else neither address nor QR code is shown. Also while somebody has signed what completes it, of
    /// which it is said that nobody else is to pay: who signs what comes to nothing must not take away from others how to pay.
    /// </summary>
    public static bool IsPayable(PaymentSessionAnswer session, DateTimeOffset now) =>
        Of(session, now).IsPayable() || IsOnItsWay(session, now);

    /// <summary>Whether what completes it is on its way: nobody is to send it once more.</summary>
    public static bool IsOnItsWay(PaymentSessionAnswer session, DateTimeOffset now) =>
        session is { Status: "created", Processing: true } && now <= session.ExpiresAt;

    /// <summary>Whether nothing changes any more but by what comes too late.</summary>
    public static bool IsFinal(this CheckoutState state) => !state.IsPayable() && state != CheckoutState.Processing;

    public static string NameOf(CheckoutState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    /// <summary>Another one whenever something else is shown.</summary>
    public static string VersionOf(PaymentSessionAnswer session, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{session.Sequence}.{NameOf(Of(session, now))}");

    /// <summary>Until when people are told to pay.</summary>
    public static DateTimeOffset PayBy(PaymentSessionAnswer session)
    {
        var share = (session.ExpiresAt - session.CreatedAt) / MarginShare;
        return session.ExpiresAt - (share < Margin ? share : Margin);
    }

    /// <summary>When it ended; null while it has not.</summary>
    public static DateTimeOffset? EndOf(PaymentSessionAnswer session) => session.Status switch
    {
        "created" => null,
        "paid" => session.PaidAt,
        "canceled" => session.CanceledAt,
        _ => session.ExpiresAt,
    };

    /// <summary>
    /// What can be sent for it now: in every asset that it takes, without what has come in that. The one in which most has come is first
    /// once that is a real share of the price: a stranger's little must neither take a way to pay away nor choose one.
    /// </summary>
    public static IEnumerable<SessionAssetAnswer> Dues(PaymentSessionAnswer session) => session.Assets
        .OrderByDescending(due => due.Asset == session.Asset && Stroops(session.Received) >= Stroops(due.Amount) / BegunShare)
        .Select(due => due with { Amount = RestOf(session, due) });

    // Only its sum is exact of the asset in which most has come; of others what is among the payments counts. A code that two of its
    // assets have tells nothing of either.
    private static string RestOf(PaymentSessionAnswer session, SessionAssetAnswer due)
    {
        if (session.Received is null || session.Assets.Count(each => each.Asset == due.Asset) > 1)
        {
            return due.Amount;
        }

        var counted = session.Payments.Where(each => each.Asset == due.Asset).Sum(each => Stroops(each.AmountCounted));
        return due.Asset == session.Asset ? session.Rest ?? due.Amount : Amount.Format(Math.Max(0, Stroops(due.Amount) - counted));
    }

    private static long Stroops(string? amount) => Amount.TryParseStroops(amount, out var stroops) ? stroops : 0;

    /// <summary>A time as people read it who are somewhere.</summary>
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
