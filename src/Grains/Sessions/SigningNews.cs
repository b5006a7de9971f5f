using System.Text.Json;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// What a wallet here tells a session: that it has signed a transaction which pays it. Stored as JSON: names are a contract.
/// </summary>
/// <param name="SignedHash">The transaction; of a fee-bump, the inner one.</param>
/// <param name="Until">The last moment at which a ledger may have it.</param>
/// <param name="Amounts">What it pays, in stroops by asset.</param>
internal sealed record SigningNews(string SignedHash, DateTimeOffset Until, Dictionary<string, long> Amounts)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static SigningNews? Find(JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("signedHash", out _)
            ? content.Deserialize<SigningNews>(StateJson.Options)
            : null;
}

/// <summary>What a wallet here tells a session: that no ledger will have a transaction of which it told, or one has it in vain.</summary>
/// <param name="EndedHash">The transaction.</param>
internal sealed record SigningEnd(string EndedHash)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static SigningEnd? Find(JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("endedHash", out _)
            ? content.Deserialize<SigningEnd>(StateJson.Options)
            : null;
}

/// <summary>What a wallet here has signed that completes a session. Stored: names are a contract.</summary>
/// <param name="Wallet">The wallet, which has one transaction at a time.</param>
/// <param name="Hash">The transaction; of a fee-bump, the inner one.</param>
/// <param name="Until">The last moment at which a ledger may have it.</param>
[GenerateSerializer, Immutable, Alias("sp.SignedPayment")]
internal sealed record SignedPayment(
    [property: Id(0)] string Wallet, [property: Id(1)] string Hash, [property: Id(2)] DateTimeOffset Until);
