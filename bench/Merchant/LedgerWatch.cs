using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace StellarPay.Bench.Merchant;

/// <summary>
/// When ledgers closed, by this machine's clock: a ledger's own time is in whole seconds and may be most of one earlier than its close.
/// </summary>
internal sealed class LedgerWatch : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<long, DateTimeOffset> _closed = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _sandbox;
    private readonly Task _reading;

    private LedgerWatch(HttpClient sandbox)
    {
        _sandbox = sandbox;
        _reading = ReadAsync();
    }

    public static LedgerWatch Start(int sandboxPort)
    {
        var sandbox = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{sandboxPort}"), Timeout = Timeout.InfiniteTimeSpan,
        };
        sandbox.DefaultRequestHeaders.Accept.ParseAdd("text/event-stream");
        return new LedgerWatch(sandbox);
    }

    /// <summary>When a ledger closed. Who hears of a payment before its ledger is told of here waits for that.</summary>
    public async Task<DateTimeOffset> ClosedAtAsync(long ledger)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (_closed.TryGetValue(ledger, out var closed))
            {
                return closed;
            }

            await Task.Delay(1, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _sandbox.Dispose();
        _stop.Dispose();
    }

    // As Horizon, the sandbox ends a stream after a while, and it is gone on with from there.
    private async Task ReadAsync()
    {
        var cursor = "now";
        while (!_stop.IsCancellationRequested)
        {
            await using var stream = await _sandbox.GetStreamAsync(new Uri($"/ledgers?cursor={cursor}", UriKind.Relative), _stop.Token);
            var lines = SseParser.Create(stream);
            await foreach (var line in lines.EnumerateAsync(_stop.Token))
            {
                var now = TimeProvider.System.GetUtcNow();
                if (line.Data.StartsWith('{'))
                {
                    using var record = JsonDocument.Parse(line.Data);
                    _closed.TryAdd(record.RootElement.GetProperty("sequence").GetInt64(), now);
                    cursor = lines.LastEventId;
                }
            }
        }
    }
}
