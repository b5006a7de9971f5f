using System.Text.Json;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// What a wallet here tells a session: that it has signed a transaction which pays it. Stored as JSON: names are a contract.
/// </summary>
/// <param name="SignedHash">The transaction; of a fee-bump, the inner one.</param>
/// <param name="Until">The last moment at which a ledger may have it.</param>
/// <param name="Amounts">What it pays, in stroops by asset.</param>
/// <param name="Replaced">
/// The transactions in which the same payments were before, which come to nothing; null for none. What else the wallet has signed stands.
/// </param>
internal sealed record SigningNews(string SignedHash, DateTimeOffset Until, Dictionary<string, long> Amounts, string[]? Replaced = null)
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
/// <param name="Again">Whether something of it waits to be signed anew: that is told of in a moment, or ends.</param>
internal sealed record SigningEnd(string EndedHash, bool Again = false)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static SigningEnd? Find(JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("endedHash", out _)
            ? content.Deserialize<SigningEnd>(StateJson.Options)
            : null;
}

/// <summary>What a wallet here has signed that pays a session. Stored: names are a contract.</summary>
/// <param name="Wallet">The wallet.</param>
/// <param name="Hash">The transaction; of a fee-bump, the inner one.</param>
/// <param name="Until">The last moment at which it is waited for: a ledger may have it until then.</param>
/// <param name="Amounts">What of it is not there yet, in stroops by asset.</param>
[GenerateSerializer, Immutable, Alias("sp.SignedPayment")]
internal sealed record SignedPayment(
    [property: Id(0)] string Wallet, [property: Id(1)] string Hash, [property: Id(2)] DateTimeOffset Until,
    [property: Id(3)] Dictionary<string, long> Amounts);

/// <summary>What a session remembers of all that was signed for it. Stored: names are a contract.</summary>
[GenerateSerializer, Alias("sp.SigningMarks")]
internal sealed class SigningMarks
{
    /// <summary>How often each wallet signed what came to nothing.</summary>
    [Id(0)] public Dictionary<string, int> Vain { get; set; } = [];

    /// <summary>For how long it was about to be paid, and was not: all such times together.</summary>
    [Id(1)] public TimeSpan VainTime { get; set; }

    /// <summary>Since when it is about to be paid, by the system's clock; null where it was not when that was looked at last.</summary>
    [Id(2)] public DateTimeOffset? Since { get; set; }

    /// <summary>Whether that was told, and not its end.</summary>
    [Id(3)] public bool IsTold { get; set; }

    /// <summary>How often it was told.</summary>
    [Id(4)] public int Told { get; set; }

    /// <summary>When it was told last.</summary>
    [Id(5)] public DateTimeOffset? ToldAt { get; set; }
}
