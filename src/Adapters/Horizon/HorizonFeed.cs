using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Horizon;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Adapters.Horizon;

/// <summary>
/// The network's ledgers, without gaps: pages say what happened, and Horizon's stream only says when to read the next
/// page. So an event that the stream drops, repeats or delays changes nothing, and a silent stream costs one interval.
/// A page that shows fewer operations than its ledger says it has, as a replica that is behind does, is never taken.
/// </summary>
internal sealed class HorizonFeed(HorizonClient horizon, TimeProvider time) : INetworkFeed
{
    // As Horizon names what it joins to an operation.
    private const string Transaction = "transaction";

    private static readonly TimeSpan SilentInterval = TimeSpan.FromSeconds(5);

    public async IAsyncEnumerable<LedgerBatch> ReadAsync(
        long afterLedger, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var listening = ListenAsync(LedgerPages.Cursor(afterLedger), bell.Writer, stop.Token);
        var pages = new LedgerPages(horizon, time);
        try
        {
            while (true)
            {
                var batch = await AskAsync(() => pages.ReadAsync(afterLedger, cancellationToken));
                if (batch is not null)
                {
                    afterLedger = batch.Ledgers[^1].Sequence;
                    yield return batch;
                }
                else if (!await WaitAsync(bell.Reader, cancellationToken))
                {
                    yield return new LedgerBatch([], [], [], [], await GetLatestAsync(cancellationToken));
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await listening;
        }
    }

    public Task<LedgerMark> GetLatestAsync(CancellationToken cancellationToken) =>
        AskAsync(async () => LedgerPages.MarkOf(await horizon.Ledgers.GetLatestAsync(cancellationToken)));

    public Task<LedgerMark?> FindLedgerAsync(long sequence, CancellationToken cancellationToken) => AskAsync(async () =>
        await horizon.Ledgers.GetAsync(checked((uint)sequence), cancellationToken) is { } ledger ? LedgerPages.MarkOf(ledger) : null);

    public Task<LedgerOperation> CompleteAsync(LedgerOperation claim, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        var effects = await horizon.Operations.GetEffectsAsync(claim.PagingToken, cancellationToken);
        var claimed = effects.Records.FirstOrDefault(effect => effect is
        {
            Type: "claimable_balance_claimed" or "account_credited", Asset: not null, Amount: not null,
        }) ?? throw new NetworkUnavailableException($"Horizon does not say how much operation {claim.PagingToken} claimed.");
        return claim with { Amount = new Amount(Asset.Parse(claimed.Asset!.Value.ToString()), claimed.Amount!.Value) };
    });

    public Task<IReadOnlyList<UnreadOperation>> WithTransactionAsync(
        IReadOnlyList<UnreadOperation> unread, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        if (unread.All(line => JsonNode.Parse(line.Raw) is not JsonObject whole || whole.ContainsKey(Transaction)))
        {
            return unread;
        }

        var page = await horizon.Operations.GetLinesAsync(
            new OperationsQuery { JoinTransactions = true, IncludeFailed = true },
            new PageQuery { Cursor = LedgerPages.Text(unread[0].PagingToken - 1), Limit = 1 }, cancellationToken);
        return page.Records is [var found] && LedgerLines.TokenOf(found) == unread[0].PagingToken
            && found.Json.TryGetProperty(Transaction, out var transaction)
            ? [.. unread.Select(line => line with { Raw = With(line.Raw, transaction) })]
            : unread;
    });

    public IReadOnlyList<LedgerOperation>? ReadAgain(string raw)
    {
        using var document = JsonDocument.Parse(raw);
        var lines = new LedgerLines();
        lines.Add(OperationLine.Read(document.RootElement.Clone()));
        return lines.Unread.Count > 0 ? null : [.. lines.Operations.SelectMany(operation => operation.Split())];
    }

    private static string With(string raw, JsonElement transaction)
    {
        if (JsonNode.Parse(raw) is not JsonObject whole || whole.ContainsKey(Transaction))
        {
            return raw;
        }

        whole[Transaction] = JsonNode.Parse(transaction.GetRawText());
        return whole.ToJsonString();
    }

    // False where the stream has been silent: the next page tells whether rightly.
    private async Task<bool> WaitAsync(ChannelReader<bool> bell, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(SilentInterval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            await bell.ReadAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task ListenAsync(string cursor, ChannelWriter<bool> bell, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in horizon.Ledgers.StreamAsync(cursor, cancellationToken))
            {
                bell.TryWrite(true);
            }
        }
        catch (Exception e) when (e is HorizonException || cancellationToken.IsCancellationRequested)
        {
            // Without a stream the pages are read at intervals, and say what is wrong with Horizon.
        }
    }

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (HorizonException e)
        {
            throw new NetworkUnavailableException(e.Message, e);
        }
    }
}
