using StellarPay.Grains.Money;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// Derives an account's balances from what ledgers held for it, and from nothing else: an auditor's second opinion of what
/// its owner booked. So it shares no rule with the owner.
/// </summary>
public static class LedgerReplay
{
    /// <summary>The balances, in stroops by the asset's canonical name; an asset that ended at nothing is left out.</summary>
    /// <param name="address">The account.</param>
    /// <param name="entries">Every entry that concerns it, in any order.</param>
    /// <exception cref="OverflowException">A balance left the range of 64 bits.</exception>
    public static IReadOnlyDictionary<string, long> Balances(string address, IEnumerable<LedgerEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var sums = new Dictionary<string, Int128>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (entry.Outcome is { } outcome && outcome.FeeAccount == address)
            {
                Add(Asset.Native.Canonical, -outcome.FeeStroops);
            }

            foreach (var moved in entry.Movement?.Movements() ?? [])
            {
                if (moved.From == address)
                {
                    Add(moved.Sent.Asset.Canonical, -moved.Sent.Stroops);
                }

                if (moved.To == address)
                {
                    Add(moved.Received.Asset.Canonical, moved.Received.Stroops);
                }
            }
        }

        return sums.Where(sum => sum.Value != 0)
            .ToDictionary(sum => sum.Key, sum => checked((long)sum.Value), StringComparer.Ordinal);

        void Add(string asset, Int128 stroops) => sums[asset] = sums.GetValueOrDefault(asset) + stroops;
    }
}
