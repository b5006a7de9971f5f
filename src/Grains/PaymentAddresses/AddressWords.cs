using System.Text.Json;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>
/// What an account of a session's own tells its session: that something which came there is the merchant's now. Stored as JSON: names are a
/// contract.
/// </summary>
/// <param name="Swept">Where the ledger holds the payment to the merchant, which he books.</param>
/// <param name="Asset">The asset in canonical form.</param>
/// <param name="Stroops">How much.</param>
/// <param name="TransactionHash">The transaction by which it came.</param>
/// <param name="Ledger">The ledger in which it came.</param>
/// <param name="ClosedAt">When that closed.</param>
/// <param name="From">Who paid; null where nobody in particular did.</param>
/// <param name="FromMuxed">His <c>M…</c> address where he used one.</param>
internal sealed record SweptReceipt(
    LedgerPlace Swept, string Asset, long Stroops, string TransactionHash, long Ledger, DateTimeOffset ClosedAt, string? From,
    string? FromMuxed)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static SweptReceipt? Find(JsonElement content) => AddressWords.Find<SweptReceipt>(content, "swept");

    /// <summary>As a session judges it: as if its payer had named the session at the merchant's address.</summary>
    /// <param name="address">The merchant's address.</param>
    public LedgerOperation MovementTo(string address) => new(
        Swept.Token, TransactionHash, null, Successful: true, "payment", From, address,
        new Amount(Money.Asset.Parse(Asset), Stroops), null, Ledger, ClosedAt, FromMuxed: FromMuxed);
}

/// <summary>What an account of a session's own tells its session: how it stands.</summary>
/// <param name="Own">How it stands.</param>
internal sealed record AddressNews(SessionAddress Own)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static AddressNews? Find(JsonElement content) => AddressWords.Find<AddressNews>(content, "own");
}

/// <summary>What a session tells an account of its own: that it has ended, and needs it no more.</summary>
/// <param name="Ended">Which session.</param>
internal sealed record SessionEnded(string Ended)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static SessionEnded? Find(JsonElement content) => AddressWords.Find<SessionEnded>(content, "ended");
}

/// <summary>
/// What a session tells an account of its own: that little is missing, for most of its price was paid elsewhere. Whatever brings that is to
/// go to the merchant, however little it is of the price.
/// </summary>
/// <param name="Left">How much of each asset is missing, in stroops.</param>
internal sealed record SessionLack(Dictionary<string, long> Left)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static SessionLack? Find(JsonElement content) => AddressWords.Find<SessionLack>(content, "left");
}

/// <summary>Tells what is told apart.</summary>
internal static class AddressWords
{
    /// <summary>What was told, where it has a property that nothing else has; else null.</summary>
    public static T? Find<T>(JsonElement content, string property)
        where T : class => content.ValueKind == JsonValueKind.Object && content.TryGetProperty(property, out _)
            ? content.Deserialize<T>(StateJson.Options)
            : null;
}
