using StellarPay.Grains.Money;

namespace StellarPay.Grains.Claims;

/// <summary>Which claimable balances a wallet claims by itself: of assets that it trusts, and worth a transaction.</summary>
internal sealed class ClaimRules(IEnumerable<string> assets, long minimumStroops)
{
    /// <summary>Nothing is claimed.</summary>
    public static ClaimRules Nothing { get; } = new([], long.MaxValue);

    public static ClaimRules Of(IEnumerable<string> assets, string minimum) => Amount.TryParseStroops(minimum, out var stroops)
        ? new ClaimRules(assets, stroops)
        : throw new InvalidOperationException($"Wallets: '{minimum}' is not an amount.");

    private readonly string[] _assets = [.. assets.Append(Asset.Native.Canonical).Distinct(StringComparer.Ordinal)];

    /// <summary>The assets that are claimed, in the order in which they are looked for.</summary>
    public IReadOnlyList<string> Assets => _assets;

    /// <summary>The least of an asset that is worth a transaction.</summary>
    public long MinimumStroops { get; } = minimumStroops;

    public bool IsWorth(string asset, long stroops) => stroops >= MinimumStroops && _assets.Contains(asset);
}
