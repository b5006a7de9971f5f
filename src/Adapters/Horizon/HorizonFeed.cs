using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Horizon;

namespace StellarPay.Adapters.Horizon;

/// <summary>
/// The network's payments, without gaps: pages say what happened, and Horizon's stream only says when to read the next
/// page. So an event that the stream drops, repeats or delays changes nothing, and a silent stream costs one interval.
/// </summary>
internal sealed class HorizonFeed(HorizonClient horizon, TimeProvider time) : INetworkFeed
{
    private static readonly TimeSpan SilentInterval = TimeSpan.FromSeconds(5);
    private static readonly OperationsQuery Query = new() { JoinTransactions = true, IncludeFailed = true };

    public async IAsyncEnumerable<IReadOnlyList<LedgerOperation>> ReadAsync(
        long cursor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var bell = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var listening = ListenAsync(Text(cursor), bell.Writer, stop.Token);
        try
        {
            while (true)
            {
                var page = await PageAsync(cursor, cancellationToken);
                if (page.Records.Count == 0)
                {
                    await WaitAsync(bell.Reader, cancellationToken);
                    continue;
                }

                cursor = Number(page.NextCursor!);
                yield return [.. page.Records.Select(LedgerOperations.From)];
            }
        }
        finally
        {
            await stop.CancelAsync();
            await listening;
        }
    }

    public async Task<long> GetLatestCursorAsync(CancellationToken cancellationToken)
    {
        try
        {
            var page = await horizon.GetPaymentsAsync(Query, new PageQuery { Descending = true, Limit = 1 }, cancellationToken);
            return page.NextCursor is { } latest ? Number(latest) : 0;
        }
        catch (HorizonException e)
        {
            throw new NetworkUnavailableException(e.Message, e);
        }
    }

    private async Task<HorizonPage<OperationRecord>> PageAsync(long cursor, CancellationToken cancellationToken)
    {
        try
        {
            return await horizon.GetPaymentsAsync(Query, new PageQuery { Cursor = Text(cursor) }, cancellationToken);
        }
        catch (HorizonException e)
        {
            throw new NetworkUnavailableException(e.Message, e);
        }
    }

    private async Task WaitAsync(ChannelReader<bool> bell, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(SilentInterval, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            await bell.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The stream has been silent; the next page tells whether rightly.
        }
    }

    private async Task ListenAsync(string cursor, ChannelWriter<bool> bell, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in horizon.StreamPaymentsAsync(Query, cursor, cancellationToken))
            {
                bell.TryWrite(true);
            }
        }
        catch (Exception e) when (e is HorizonException || cancellationToken.IsCancellationRequested)
        {
            // Without a stream the pages are read at intervals, and say what is wrong with Horizon.
        }
    }

    private static string Text(long cursor) => cursor.ToString(CultureInfo.InvariantCulture);

    private static long Number(string token) => long.Parse(token, NumberStyles.None, CultureInfo.InvariantCulture);
}
