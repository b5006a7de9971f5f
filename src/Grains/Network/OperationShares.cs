using StellarPay.Grains.Identifiers;

namespace StellarPay.Grains.Network;

/// <summary>One entry of a batch that concerns a wallet: an operation, or one that could not be read.</summary>
internal sealed record ShareEntry(LedgerOperation? Operation, UnreadOperation? Unread)
{
    public long PagingToken => Operation?.PagingToken ?? Unread!.PagingToken;
}

/// <summary>Divides a batch among the wallets that it concerns, each share in the ledger's order.</summary>
internal static class OperationShares
{
    public static Dictionary<WalletId, List<ShareEntry>> Of(
        IReadOnlyList<LedgerOperation> operations, IReadOnlyList<UnreadOperation> unread,
        IReadOnlyDictionary<string, WalletId> wallets)
    {
        var shares = new Dictionary<WalletId, List<ShareEntry>>();
        foreach (var operation in operations)
        {
            Add(shares, operation.Accounts(), new ShareEntry(operation, null), wallets);
        }

        if (unread.Count > 0)
        {
            foreach (var line in unread)
            {
                Add(shares, line.Accounts, new ShareEntry(null, line), wallets);
            }

            foreach (var share in shares.Values)
            {
                share.Sort((one, other) => one.PagingToken.CompareTo(other.PagingToken));
            }
        }

        return shares;
    }

    private static void Add(
        Dictionary<WalletId, List<ShareEntry>> shares, IEnumerable<string> accounts, ShareEntry entry,
        IReadOnlyDictionary<string, WalletId> wallets)
    {
        foreach (var account in accounts)
        {
            if (!wallets.TryGetValue(account, out var wallet))
            {
                continue;
            }

            if (!shares.TryGetValue(wallet, out var share))
            {
                shares[wallet] = share = [];
            }

            // An operation names an account of ours more than once at times; all that it has is in the one entry.
            if (share.Count == 0 || !share[^1].Equals(entry))
            {
                share.Add(entry);
            }
        }
    }
}
