namespace StellarPay.Grains.Network;

/// <summary>
/// The network's ledgers with all that moves a balance, in order. Every method throws
/// <see cref="NetworkUnavailableException"/> where the network gives no answer that tells.
/// </summary>
public interface INetworkFeed
{
    /// <summary>
    /// Streams all ledgers after one, empty ones too, in batches of whole ledgers, in order and without gaps; waits for
    /// more at the end, and meanwhile gives a batch without ledgers now and then, as a sign of life. Throws when the
    /// connection ends or an answer shows less than the network has; the reader begins again from its own watermark.
    /// </summary>
    /// <param name="afterLedger">The ledger after which to begin; 0 for the first that the network can tell about.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    IAsyncEnumerable<LedgerBatch> ReadAsync(long afterLedger, CancellationToken cancellationToken);

    /// <summary>The latest ledger.</summary>
    Task<LedgerMark> GetLatestAsync(CancellationToken cancellationToken);

    /// <summary>A ledger; null where the network cannot tell about it.</summary>
    Task<LedgerMark?> FindLedgerAsync(long sequence, CancellationToken cancellationToken);

    /// <summary>Says how much a claimed balance was, which the operation itself does not.</summary>
    Task<LedgerOperation> CompleteAsync(LedgerOperation claim, CancellationToken cancellationToken);

    /// <summary>
    /// Adds to what could not be read of a transaction all that the network says of the transaction, its memo above all: with one
    /// question, or none where it is there.
    /// </summary>
    /// <param name="unread">Lines of one transaction, at least one.</param>
    /// <param name="cancellationToken">Cancels the question.</param>
    Task<IReadOnlyList<UnreadOperation>> WithTransactionAsync(
        IReadOnlyList<UnreadOperation> unread, CancellationToken cancellationToken);

    /// <summary>Reads again what could not be read before.</summary>
    /// <returns>What it moved; empty where it moves nothing; null where it still cannot be read.</returns>
    IReadOnlyList<LedgerOperation>? ReadAgain(string raw);
}
