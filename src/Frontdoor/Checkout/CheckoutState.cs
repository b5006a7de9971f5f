using System.Globalization;
using System.Text.Json;
using StellarPay.Frontdoor.PaymentSessions;

namespace StellarPay.Frontdoor.Checkout;

/// <summary>What a page shows of its session.</summary>
internal enum CheckoutState
{
    /// <summary>It can be paid, and nothing that counts has come.</summary>
    Waiting,

    /// <summary>It can be paid, and part of it has come.</summary>
    Underpaid,

    /// <summary>Its time is over, and what was paid in time may not have been read yet.</summary>
    Processing,

    Paid,

    /// <summary>It is paid, and more came than was asked for.</summary>
    Overpaid,

    Expired,

    /// <summary>It ended unpaid, and something came afterwards.</summary>
    Late,

    Canceled,
}

/// <summary>What a page shows of its session at a moment.</summary>
internal static class CheckoutStates
{
    // The countdown ends before the time does: a payment takes a ledger or two.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);
    private const int MarginShare = 4;

    public static CheckoutState Of(PaymentSessionAnswer session, DateTimeOffset now) => session switch
    {
        { Status: "paid", Overpaid: true } => CheckoutState.Overpaid,
        { Status: "paid" } => CheckoutState.Paid,
        { Status: "expired" or "canceled", Late: true } => CheckoutState.Late,
        { Status: "expired" } => CheckoutState.Expired,
        { Status: "canceled" } => CheckoutState.Canceled,
        _ when now > session.ExpiresAt => CheckoutState.Processing,
        { Underpaid: true } => CheckoutState.Underpaid,
        _ => CheckoutState.Waiting,
    };

    /// <summary>Whether anything may be sent now: else neither address nor QR code is shown.</summary>
    public static bool IsPayable(this CheckoutState state) => state is CheckoutState.Waiting or CheckoutState.Underpaid;

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

    /// <summary>What can be sent for it now: in each asset, or the rest in the one in which part of it has come.</summary>
    public static IEnumerable<SessionAssetAnswer> Dues(PaymentSessionAnswer session) => session.Received is null
        ? session.Assets
        : session.Assets.Where(each => each.Asset == session.Asset).Select(each => each with { Amount = session.Rest ?? each.Amount });

    /// <summary>A time as people read it who are somewhere.</summary>
    public static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
