using System.Globalization;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Adapters.Horizon;

/// <summary>
/// The transactions of some ledgers, each read once: joined to each of its operations, one of a hundred operations would come a
/// hundred times.
/// </summary>
internal sealed class LedgerTransactions
{
    private readonly Dictionary<Hash, TransactionRecord> _byHash = [];
    private readonly Dictionary<long, TransactionRecord> _byPlace = [];
    private readonly HashSet<long> _tooLong = [];

    /// <summary>Null where there is one that cannot be read; joined, it spoils no more than its own operations.</summary>
    public static async Task<LedgerTransactions?> ReadAsync(
        HorizonClient horizon, LedgerPlaces places, int limit, CancellationToken cancellationToken)
    {
        var transactions = new LedgerTransactions();
        try
        {
            var read = FittingPages.ReadAsync(
                places,
                limit,
                page => horizon.Transactions.GetPageAsync(null, page, includeFailed: true, cancellationToken),
                cursor => Task.FromResult((transactions.TooLong(places.NextTransaction(cursor)), (TransactionRecord?)null)),
                cancellationToken);
            await foreach (var transaction in read)
            {
                transactions.Add(transaction);
            }

            return transactions;
        }
        catch (HorizonException unreadable) when (unreadable is { Error: null, IsTransient: false })
        {
            return null;
        }
    }

    /// <summary>The transaction of which a place is, or null.</summary>
    public TransactionRecord? At(long place) => _byPlace.GetValueOrDefault(LedgerPlaces.TransactionOf(place));

    /// <summary>How many operations the transaction at a place has, or null.</summary>
    public int? OperationsAt(long place) => At(place)?.OperationCount;

    /// <summary>
    /// The operation with its transaction. One whose transaction is not there stays without, and its ledger counts as not shown
    /// whole; one whose transaction is too long cannot be read.
    /// </summary>
    public OperationLine Join(OperationLine line)
    {
        if (line.Record is not { } record)
        {
            return line;
        }

        if (_byHash.TryGetValue(record.TransactionHash, out var transaction))
        {
            return line with { Record = record with { Header = record.Header with { Transaction = transaction } } };
        }

        return _tooLong.Contains(LedgerPlaces.TransactionOf(LedgerLines.TokenOf(line))) ? TooLongLines.Without(line) : line;
    }

    private void Add(TransactionRecord transaction)
    {
        _byHash[transaction.Hash] = transaction;
        _byPlace[long.Parse(transaction.PagingToken, NumberStyles.None, CultureInfo.InvariantCulture)] = transaction;
    }

    private long TooLong(long place)
    {
        _tooLong.Add(place);
        return place;
    }
}
