using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network.Parking;

namespace StellarPay.Grains.Tests.World;

/// <summary>The parked operations, in memory.</summary>
internal sealed class MemoryParkedOperations : IParkedOperations
{
    private readonly Lock _lock = new();
    private readonly List<ParkedOperation> _entries = [];

    public ParkedOperation[] All => Look(entries => entries.ToArray());

    public Task AddAsync(IReadOnlyCollection<ParkedOperation> operations, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _entries.AddRange(operations.Where(o => !_entries.Any(e => IsSame(e, o))));
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlySet<WalletId>> FindHeldAsync(
        IReadOnlyCollection<WalletId> wallets, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlySet<WalletId>>(Look(entries => entries
            .Where(e => e.Status == ParkedStatus.Held && e.Wallet is { } wallet && wallets.Contains(wallet))
            .Select(e => e.Wallet!.Value).ToHashSet()));

    public Task<IReadOnlyList<ParkedOperation>> ReadHeldAsync(WalletId wallet, int limit, CancellationToken cancellationToken) =>
        Some(entries => entries.Where(e => e.Status == ParkedStatus.Held && e.Wallet == wallet).OrderBy(e => e.PagingToken).Take(limit));

    public Task<IReadOnlyList<ParkedOperation>> FindAsync(long pagingToken, CancellationToken cancellationToken) =>
        Some(entries => entries.Where(e => e.PagingToken == pagingToken));

    public Task<IReadOnlyList<ParkedOperation>> ListAsync(
        bool open, long? before, int limit, CancellationToken cancellationToken) =>
        Some(entries => entries
            .Where(e => (!open || e.Status != ParkedStatus.Applied) && e.PagingToken < (before ?? long.MaxValue))
            .OrderByDescending(e => e.PagingToken).Take(limit));

    public Task<int> CountOpenAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Look(entries => entries.Count(e => e.Status != ParkedStatus.Applied)));

    public Task UpdateAsync(ParkedOperation operation, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var index = _entries.FindIndex(e => IsSame(e, operation) && e.Status != ParkedStatus.Applied);
            if (index >= 0)
            {
                _entries[index] = operation;
            }
        }

        return Task.CompletedTask;
    }

    private static bool IsSame(ParkedOperation one, ParkedOperation other) =>
        one.PagingToken == other.PagingToken && one.Wallet == other.Wallet;

    private Task<IReadOnlyList<ParkedOperation>> Some(Func<List<ParkedOperation>, IEnumerable<ParkedOperation>> which) =>
        Task.FromResult<IReadOnlyList<ParkedOperation>>(Look(entries => which(entries).ToArray()));

    private T Look<T>(Func<List<ParkedOperation>, T> look)
    {
        lock (_lock)
        {
            return look(_entries);
        }
    }
}
