namespace StellarPay.Grains.Network;

/// <summary>The network's payments, in the ledger's order.</summary>
public interface INetworkFeed
{
    /// <summary>
    /// Streams all operations after a cursor, those of failed transactions too, in batches in the ledger's order and
    /// without gaps; waits for more at the end. Ends or throws when the connection does; the reader begins again from
    /// its own cursor.
    /// </summary>
    /// <param name="cursor">The paging token after which to begin; 0 for the beginning.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    IAsyncEnumerable<IReadOnlyList<LedgerOperation>> ReadAsync(long cursor, CancellationToken cancellationToken);

    /// <summary>The paging token after which nothing has happened yet.</summary>
    Task<long> GetLatestCursorAsync(CancellationToken cancellationToken);
}
