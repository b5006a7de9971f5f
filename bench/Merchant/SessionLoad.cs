using System.Collections.Concurrent;
using System.Diagnostics;
using StellarPay.Bench.Wallet.Load;
using StellarPay.Grains.Money;

namespace StellarPay.Bench.Merchant;

/// <summary>Shops' servers that make sessions, one after the other on each connection.</summary>
internal sealed class SessionLoad(int port, IReadOnlyList<Shop> shops)
{
    private const string Order = """{"amount_decimal":"1","currency":"XLM"}""";

    private readonly ConcurrentQueue<OpenSession> _made = new();

    /// <summary>From the request to the answer.</summary>
    public Series Answers { get; } = new();

    /// <summary>All that were made.</summary>
    public IReadOnlyCollection<OpenSession> Made => _made;

    /// <summary>Sessions a second on so many connections; what comes before the process is warm does not count.</summary>
    public async Task<double> MeasureAsync(int connections, Func<Task> warm, TimeSpan during)
    {
        using var stop = new CancellationTokenSource();
        var working = Enumerable.Range(0, connections)
            .Select(n => WorkAsync(shops[n % shops.Count], () => stop.IsCancellationRequested)).ToArray();
        await warm();
        Answers.Clear();
        var began = Stopwatch.GetTimestamp();
        await Task.Delay(during);
        var rate = Answers.Count / Stopwatch.GetElapsedTime(began).TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(working);
        return rate;
    }

    /// <summary>Makes so many sessions of a shop.</summary>
    public async Task<OpenSession[]> MakeAsync(Shop shop, int count, int connections)
    {
        var made = new ConcurrentQueue<OpenSession>();
        var left = count;
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            using var connection = await WireConnection.OpenAsync(port);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                made.Enqueue(Read((await connection.PostAsync("/v1/payment_sessions", shop.Key, Order)).Require("A session")));
            }
        }));
        return [.. made];
    }

    private async Task WorkAsync(Shop shop, Func<bool> done)
    {
        using var connection = await WireConnection.OpenAsync(port);
        while (!done())
        {
            var began = Stopwatch.GetTimestamp();
            var reply = await connection.PostAsync("/v1/payment_sessions", shop.Key, Order);
            if (reply.IsSuccess)
            {
                Answers.Add(Stopwatch.GetElapsedTime(began));
                _made.Enqueue(Read(reply.Json()));
            }
            else
            {
                Answers.Fail(reply.ErrorCode());
            }
        }
    }

    private static OpenSession Read(System.Text.Json.JsonElement session) => new(
        session.GetProperty("id").GetString()!,
        session.GetProperty("pay_to").GetProperty("muxed_address").GetString()!,
        Amount.TryParseStroops(session.GetProperty("amount_asset").GetString()!, out var stroops) ? stroops : 0,
        session.GetProperty("checkout_url").GetString());
}
