using System.Diagnostics;
using StellarPay.Bench.Wallet.Load;

namespace StellarPay.Bench.Merchant;

/// <summary>Payers who open pages of the checkout, so many a second.</summary>
internal sealed class PageLoad(int port)
{
    private const int Connections = 64;

    /// <summary>From the request to the whole page.</summary>
    public Series Pages { get; } = new();

    /// <summary>Opens pages at a pace; whoever waits for a connection waits on its account.</summary>
    public async Task PaceAsync(IReadOnlyList<OpenSession> sessions, int perSecond, TimeSpan during)
    {
        var began = Stopwatch.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            using var connection = await WireConnection.OpenAsync(port);
            while (Interlocked.Increment(ref next) is var n && n < perSecond * during.TotalSeconds)
            {
                var due = TimeSpan.FromSeconds((double)n / perSecond);
                if (due - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } wait)
                {
                    await Task.Delay(wait);
                }

                var page = new Uri(sessions[n % sessions.Count].Page!).PathAndQuery;
                var reply = await connection.GetAsync(page, token: null);
                if (reply.IsSuccess)
                {
                    Pages.Add(Stopwatch.GetElapsedTime(began) - due);
                }
                else
                {
                    Pages.Fail(reply.ErrorCode());
                }
            }
        }));
    }
}
