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

    /// <summary>Whether some were seen that can be claimed later.</summary>
    [Id(2), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Later { get; set; }

    /// <summary>The beginning, or where an unfinished one stands; also where its asset is none of ours any more.</summary>
    public static ClaimScan From(ClaimScan? unfinished, IReadOnlyList<string> assets) =>
        unfinished is not null && assets.Contains(unfinished.Asset) ? unfinished : new ClaimScan { Asset = assets[0] };

    /// <summary>What is to be looked at next; null where this was the last.</summary>
    public ClaimScan? Next(string? cursor, bool later, IReadOnlyList<string> assets)
    {
        if (cursor is not null)
        {
            return new ClaimScan { Asset = Asset, Cursor = cursor, Later = later };
        }

        var after = assets.SkipWhile(asset => asset != Asset).Skip(1).FirstOrDefault();
        return after is null ? null : new ClaimScan { Asset = after, Later = later };
    }
}
