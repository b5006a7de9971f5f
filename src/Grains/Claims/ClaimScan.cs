using System.Text.Json.Serialization;

namespace StellarPay.Grains.Claims;

/// <summary>
/// How far a wallet has looked through the balances that name it. Anybody can make more of them than can be looked at in
/// one go, so it goes on where it stopped. Property names in stored JSON are a contract.
/// </summary>
[GenerateSerializer, Alias("sp.ClaimScan")]
internal sealed class ClaimScan
{
    /// <summary>The asset that is looked for, in canonical form.</summary>
    [Id(0)] public string Asset { get; set; } = "";

    /// <summary>Where the balances that were seen of it end; null before the first.</summary>
    [Id(1)] public string? Cursor { get; set; }

    /// <summary>When to begin anew after the end, for what was seen and could not be remembered; null where all was.</summary>
    [Id(3), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Again { get; set; }

    /// <summary>How many answers of the network it has taken so far.</summary>
    [Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Answers { get; set; }

    /// <summary>The beginning, or where an unfinished one stands; also where its asset is none of ours any more.</summary>
    public static ClaimScan From(ClaimScan? unfinished, IReadOnlyList<string> assets) =>
        unfinished is not null && assets.Contains(unfinished.Asset)
            ? unfinished
            : new ClaimScan { Asset = assets[0], Again = unfinished?.Again };

    /// <summary>What is to be looked at next; null where this was the last.</summary>
    public ClaimScan? Next(string? cursor, IReadOnlyList<string> assets)
    {
        if (cursor is not null)
        {
            return new ClaimScan { Asset = Asset, Cursor = cursor, Again = Again, Answers = Answers + 1 };
        }

        var after = assets.SkipWhile(asset => asset != Asset).Skip(1).FirstOrDefault();
        return after is null ? null : new ClaimScan { Asset = after, Again = Again, Answers = Answers + 1 };
    }
}
