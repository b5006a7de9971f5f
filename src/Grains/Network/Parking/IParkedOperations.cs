using StellarPay.Grains.Identifiers;

namespace StellarPay.Grains.Network.Parking;

/// <summary>The operations that could not be taken. Each is kept once for each wallet that it waits for.</summary>
public interface IParkedOperations
{
    /// <summary>Keeps operations; those that are kept already stay as they are.</summary>
    Task AddAsync(IReadOnlyCollection<ParkedOperation> operations, CancellationToken cancellationToken);

    /// <summary>Those of the wallets that cannot go on: that have held operations.</summary>
    Task<IReadOnlySet<WalletId>> FindHeldAsync(IReadOnlyCollection<WalletId> wallets, CancellationToken cancellationToken);

    /// <summary>A wallet's held operations in the ledger's order.</summary>
    Task<IReadOnlyList<ParkedOperation>> ReadHeldAsync(WalletId wallet, int limit, CancellationToken cancellationToken);

    /// <summary>All that is kept of an operation: one entry for each wallet that it waits for.</summary>
    Task<IReadOnlyList<ParkedOperation>> FindAsync(long pagingToken, CancellationToken cancellationToken);

    /// <summary>What is kept, newest first.</summary>
    /// <param name="open">Only what waits.</param>
    /// <param name="before">Only what comes before this operation; null for the newest.</param>
    /// <param name="limit">How many operations; all entries of one count as one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<ParkedOperation>> ListAsync(bool open, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>How many entries wait.</summary>
    Task<int> CountOpenAsync(CancellationToken cancellationToken);

    /// <summary>Writes down where an entry stands now, what went wrong last and how often it was tried.</summary>
    Task UpdateAsync(ParkedOperation operation, CancellationToken cancellationToken);
}
