using System.Text.Json;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// What a session tells the one that is made of a late payment to it: all that it is to be, so that it asks nobody. Stored as JSON: names
/// are a contract.
/// </summary>
/// <param name="RecoveredFrom">Who tells it, <c>pay_…</c>.</param>
/// <param name="Merchant">Whose both are.</param>
/// <param name="Address">Where the payment came.</param>
/// <param name="Tier">By which the fee is taken.</param>
/// <param name="Currency">The price's currency.</param>
/// <param name="Amount">The price, in ten-millionths of that.</param>
/// <param name="Locks">What it costs in each asset: as for the session that ended.</param>
/// <param name="ToleranceBasisPoints">By how much less it may be paid.</param>
/// <param name="SuccessUrl">Where the payer is sent.</param>
/// <param name="CancelUrl">Where whoever gives up is sent.</param>
/// <param name="Details">What the merchant says of the sale, encrypted.</param>
/// <param name="Payment">The payment, as the new session judges it.</param>
/// <param name="Fee">What of it is the platform's.</param>
/// <param name="At">When it was accepted, by business time.</param>
/// <param name="Excess">What its merchant chose for what comes beyond the price, or too late; null where he never did.</param>
/// <param name="IsPiece">Whether it takes a piece of what there is a stock of.</param>
/// <param name="Clock">The test clock that both live by; null for the system's.</param>
/// <param name="Origin">The payment link or the invoice that the one that ended was made by; null for neither.</param>
internal sealed record SessionBirth(
    string RecoveredFrom, string Merchant, string Address, int Tier, string Currency, long Amount, SessionLock[] Locks,
    int ToleranceBasisPoints, string? SuccessUrl, string? CancelUrl, string? Details, SessionPayment Payment, long Fee, DateTimeOffset At,
    ExcessChoices? Excess = null, bool IsPiece = false, string? Clock = null,
    string? Origin = null)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static SessionBirth? Find(JsonElement content) =>
        Is(content) ? content.Deserialize<SessionBirth>(StateJson.Options) : null;

    /// <summary>Whether it is this that was told, be it so that nobody can read it.</summary>
    public static bool Is(JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("recoveredFrom", out _);
}

/// <summary>What a session tells the one that would have had it made: its id is taken. Stored as JSON: names are a contract.</summary>
/// <param name="TakenId">That id, <c>pay_…</c>.</param>
internal sealed record BirthRefusal(string TakenId)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static BirthRefusal? Find(JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("takenId", out _)
            ? content.Deserialize<BirthRefusal>(StateJson.Options)
            : null;
}
