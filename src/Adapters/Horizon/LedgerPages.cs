using System.Globalization;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Horizon;

namespace StellarPay.Adapters.Horizon;

/// <summary>Reads whole ledgers from Horizon's pages: the ledgers first, which say how much they hold, then what they hold.</summary>
internal sealed class LedgerPages(HorizonClient horizon, TimeProvider time)
{
    /// <summary>A batch ends with the ledger that brings it here, so that what is in memory has a limit.</summary>
    public const int OperationsInBatch = 2_000;

    private const int Attempts = 15;

    // Each operation brings its whole transaction along, of a hundred operations perhaps.
    private const int JoinedLimit = 20;

    // So that a page of transactions of a hundred operations each stays far below what the client takes.
    private const int OperationsInTransactionPage = 2_000;

    private static readonly TimeSpan AttemptInterval = TimeSpan.FromMilliseconds(200);
    private static readonly OperationsQuery Alone = new() { IncludeFailed = true };
    private static readonly OperationsQuery Joined = new() { JoinTransactions = true, IncludeFailed = true };

    public static string Cursor(long ledger) => Text(LedgerPlaces.BeginningOf(ledger));

    public static LedgerMark MarkOf(LedgerRecord ledger) =>
        new(ledger.Sequence, ledger.Hash.ToString(), ledger.PreviousHash?.ToString(), ledger.ClosedAt);

    /// <summary>The next whole ledgers; null where none has closed since.</summary>
    public async Task<LedgerBatch?> ReadAsync(long afterLedger, CancellationToken cancellationToken)
    {
        var page = await horizon.Ledgers.GetPageAsync(new PageQuery { Cursor = Cursor(afterLedger) }, cancellationToken);
        if (page.Records.Count == 0)
        {
            return null;
        }

        RequireChain(afterLedger, page.Records);
        var some = Some(page.Records);
        for (var attempt = 1; ; attempt++)
        {
            var lines = await ReadLinesAsync(some, cancellationToken);
            if (Missing(some, lines) is not { } missing)
            {
                return await BatchAsync(page.Records, some, lines, cancellationToken);
            }

            // Another replica answered, which has not come so far.
            if (attempt == Attempts)
            {
                throw new NetworkUnavailableException(missing);
            }

            await Task.Delay(AttemptInterval, time, cancellationToken);
        }
    }

    private static void RequireChain(long afterLedger, IReadOnlyList<LedgerRecord> ledgers)
    {
        if (afterLedger > 0 && ledgers[0].Sequence != afterLedger + 1)
        {
            throw new NetworkUnavailableException(
                $"Horizon cannot tell about ledger {afterLedger + 1} any more: its next is {ledgers[0].Sequence}. "
                + "Use one that keeps more history.");
        }

        for (var i = 1; i < ledgers.Count; i++)
        {
            if (ledgers[i].Sequence != ledgers[i - 1].Sequence + 1
                || (ledgers[i].PreviousHash is { } previous && previous != ledgers[i - 1].Hash))
            {
                throw new NetworkUnavailableException(
                    $"Horizon's ledgers {ledgers[i - 1].Sequence} and {ledgers[i].Sequence} do not follow each other.");
            }
        }
    }

    private static List<LedgerRecord> Some(IReadOnlyList<LedgerRecord> ledgers)
    {
        var some = new List<LedgerRecord>();
        var operations = 0;
        foreach (var ledger in ledgers)
        {
            some.Add(ledger);
            operations += ledger.TransactionSetOperationCount ?? ledger.OperationCount;
            if (operations >= OperationsInBatch)
            {
                break;
            }
        }

        return some;
    }

    private async Task<List<OperationLine>> ReadLinesAsync(List<LedgerRecord> ledgers, CancellationToken cancellationToken)
    {
        var lines = new List<OperationLine>();
        if (ledgers.TrueForAll(ledger => ledger.OperationCount == 0 && ledger.FailedTransactionCount == 0))
        {
            return lines;
        }

        var places = new LedgerPlaces(ledgers);
        var transactions = await LedgerTransactions.ReadAsync(horizon, places, LimitFor(ledgers), cancellationToken);
        var read = transactions is null
            ? ReadJoinedAsync(places, cancellationToken)
            : ReadAloneAsync(places, transactions, cancellationToken);
        await foreach (var line in read)
        {
            lines.Add(line);
        }

        return lines;
    }

    private IAsyncEnumerable<OperationLine> ReadAloneAsync(
        LedgerPlaces places, LedgerTransactions transactions, CancellationToken cancellationToken) =>
        FittingPages.ReadAsync(
            places,
            PageQuery.MaxLimit,
            async page => Lines(await horizon.Operations.GetLinesAsync(Alone, page, cancellationToken), transactions.Join),
            cursor =>
            {
                var place = places.NextOperation(cursor, transactions.OperationsAt);
                return Task.FromResult((place, (OperationLine?)TooLongLines.Of(place, transactions.At(place))));
            },
            cancellationToken);

    // What is too long together with its transaction is read without; then it is not known how its transaction ended.
    private IAsyncEnumerable<OperationLine> ReadJoinedAsync(LedgerPlaces places, CancellationToken cancellationToken) =>
        FittingPages.ReadAsync(
            places,
            JoinedLimit,
            page => horizon.Operations.GetLinesAsync(Joined, page, cancellationToken),
            async cursor =>
            {
                try
                {
                    var one = new PageQuery { Cursor = Text(cursor), Limit = 1 };
                    return (await horizon.Operations.GetLinesAsync(Alone, one, cancellationToken)).Records is [var line]
                        ? (LedgerLines.TokenOf(line), TooLongLines.Without(line))
                        : (places.End, null);
                }
                catch (HorizonException e) when (e.IsTooLong)
                {
                    var place = places.NextOperation(cursor, _ => null);
                    return (place, TooLongLines.Of(place, transaction: null));
                }
            },
            cancellationToken);

    private static HorizonPage<OperationLine> Lines(HorizonPage<OperationLine> page, Func<OperationLine, OperationLine> join) =>
        new([.. page.Records.Select(join)]);

    private static int LimitFor(List<LedgerRecord> ledgers)
    {
        var most = ledgers.Max(ledger => (ledger.TransactionSetOperationCount ?? ledger.OperationCount)
            / Math.Max(1, ledger.SuccessfulTransactionCount + ledger.FailedTransactionCount));
        return Math.Clamp(OperationsInTransactionPage / Math.Max(1, most), JoinedLimit, PageQuery.MaxLimit);
    }

    // What is missing of the operations that the ledgers count; null where nothing is. A line that cannot be read may be
    // a successful one or not.
    private static string? Missing(List<LedgerRecord> ledgers, List<OperationLine> lines)
    {
        var shown = new Dictionary<long, int>();
        foreach (var line in lines)
        {
            if (line.Record is null or { TransactionSuccessful: true, Transaction: not null })
            {
                var ledger = LedgerPlaces.LedgerOf(LedgerLines.TokenOf(line));
                shown[ledger] = shown.GetValueOrDefault(ledger) + 1;
            }
        }

        var short_ = ledgers.Find(ledger => shown.GetValueOrDefault(ledger.Sequence) < ledger.OperationCount);
        return short_ is null
            ? null
            : $"Horizon shows {shown.GetValueOrDefault(short_.Sequence)} of the {short_.OperationCount} operations of ledger {short_.Sequence}.";
    }

    private async Task<LedgerBatch> BatchAsync(
        IReadOnlyList<LedgerRecord> page, List<LedgerRecord> some, List<OperationLine> lines, CancellationToken cancellationToken)
    {
        var sorted = new LedgerLines();
        foreach (var line in lines)
        {
            sorted.Add(line);
        }

        var latest = page.Count < PageQuery.MaxLimit ? page[^1] : await horizon.Ledgers.GetLatestAsync(cancellationToken);
        return new LedgerBatch([.. some.Select(MarkOf)], sorted.Outcomes(), sorted.Operations, sorted.Unread, MarkOf(latest));
    }

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
