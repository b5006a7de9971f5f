namespace StellarPay.Grains.Accounts;

/// <summary>How much is bid for a transaction that others have outbid.</summary>
internal static class FeeRules
{
    /// <summary>What stellar-core demands of a fee-bump that is to replace one which waits: so many times its fee.</summary>
    public const int ReplacementFactor = 10;

    /// <summary>In how many fee-bumps one transaction goes out at most, the first included.</summary>
    public const int MaxBids = 4;

    /// <summary>
    /// The next bid for the whole transaction: ten times the last, or what the network said it needs if that is more, but
    /// never more than the platform allows, nor than it is worth. Null where that is no more than was bid, or it has been bid often enough.
    /// </summary>
    /// <param name="bid">The last bid, in stroops for the whole transaction.</param>
    /// <param name="needed">What the network would have taken, or null.</param>
    /// <param name="maxPerOperation">The most for one operation, of which a fee-bump counts as one.</param>
    /// <param name="operations">How many operations the inner transaction has.</param>
    /// <param name="bids">How many bids were made.</param>
    /// <param name="worth">The most by what the transaction is worth; null where that does not count.</param>
    public static long? NextBid(long bid, long? needed, long maxPerOperation, int operations, int bids, long? worth = null)
    {
        var ceiling = Math.Min(checked(maxPerOperation * (operations + 1)), worth ?? long.MaxValue);
        var wanted = Int128.Max((Int128)bid * ReplacementFactor, needed ?? 0);
        var next = wanted < ceiling ? (long)wanted : ceiling;
        return bids < MaxBids && next > bid ? next : null;
    }
}
