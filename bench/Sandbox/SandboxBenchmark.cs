using System.Diagnostics;
using StellarPay.Sandbox;

namespace StellarPay.Bench.Sandbox;

/// <summary>
/// What the sandbox network takes: single payments a second in process and through its HTTP API, and the memory of a
/// million accounts. Wall clock, on whatever else the machine is doing; the best of a few rounds.
/// </summary>
internal static class SandboxBenchmark
{
    private const int Rounds = 5;
    private const int InProcessAccounts = 3_000;
    private const int HttpAccounts = 1_500;

    public static async Task<SandboxFigures> MeasureAsync() => new(
        await InProcessAsync(),
        await HttpAsync(),
        MillionAccounts.MeasureMebibytes());

    // Accepted, verified and applied: decoding and signatures on all cores, queueing and the ledger on one.
    private static async Task<double> InProcessAsync()
    {
        await using var host = await StartAsync(TimeSpan.FromHours(1), paused: true);
        using var load = PaymentLoad.Create(host, InProcessAccounts);
        var best = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            var envelopes = load.SignRound();
            var started = Stopwatch.GetTimestamp();
            Parallel.ForEach(envelopes, load.Accept);
            var closed = host.Network.CloseLedger();
            var rate = envelopes.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;
            Require(closed.Transactions.Count(transaction => transaction.Successful), envelopes.Length);
            best = Math.Max(best, rate);
        }

        return best;
    }

    // Each request waits for its ledger, as Horizon's clients do; the clients take their share of the machine.
    private static async Task<double> HttpAsync()
    {
        await using var host = await StartAsync(TimeSpan.FromMilliseconds(100), paused: true);
        using var load = PaymentLoad.Create(host, HttpAccounts);
        host.Network.ResumeClock();
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = HttpAccounts };
        using var http = new HttpClient(handler) { BaseAddress = host.BaseAddress };
        var best = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            var envelopes = load.SignRound();
            var started = Stopwatch.GetTimestamp();
            var answers = await Task.WhenAll(envelopes.Select(envelope => SubmitAsync(http, envelope)));
            var rate = envelopes.Length / Stopwatch.GetElapsedTime(started).TotalSeconds;
            Require(answers.Count(success => success), envelopes.Length);
            best = Math.Max(best, rate);
        }

        return best;
    }

    private static async Task<bool> SubmitAsync(HttpClient http, string envelope)
    {
        using var form = new FormUrlEncodedContent([new("tx", envelope)]);
        using var answer = await http.PostAsync("/transactions", form);
        return answer.IsSuccessStatusCode;
    }

    private static Task<SandboxHost> StartAsync(TimeSpan closeInterval, bool paused) => SandboxHost.StartAsync(new SandboxOptions
    {
        Port = 0,
        CloseInterval = closeInterval,
        StartPaused = paused,
        MaxOperationsPerLedger = 100_000,
    });

    private static void Require(int found, int expected)
    {
        if (found != expected)
        {
            throw new InvalidOperationException($"{found} of {expected} payments succeeded.");
        }
    }
}

/// <summary>What the sandbox takes.</summary>
/// <param name="InProcessTps">Single payments a second, accepted, verified and applied in process.</param>
/// <param name="HttpTps">Single payments a second through the HTTP API.</param>
/// <param name="AccountsMebibytes">The managed memory of 1,000,000 accounts with a trustline each.</param>
internal sealed record SandboxFigures(double InProcessTps, double HttpTps, double AccountsMebibytes);
