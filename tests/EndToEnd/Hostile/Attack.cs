using System.Collections.Concurrent;
using System.Diagnostics;
using StellarPay.Demo;
using StellarPay.EndToEnd.Tests.Cluster;
using StellarPay.EndToEnd.Tests.Deployments;
using StellarPay.EndToEnd.Tests.Strangers;
using StellarPay.Stellar.Xdr;

namespace StellarPay.EndToEnd.Tests.Hostile;

/// <summary>Everything at once that one stranger or one user can do to the others.</summary>
internal sealed class Attack : IAsyncDisposable
{
    private const int FloodAccounts = 11;
    private const int OperationsEach = 100;
    private const int QuotingClients = 20;
    private const int Quotes = 127;
    private const int QuotesAtOnce = 16;
    private const int SpamEach = 91;
    private const long SpamStroops = 100_000_000;
    private const long RealStroops = 50_000_000;
    private static readonly TimeSpan MemoPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RefusedPause = TimeSpan.FromMilliseconds(100);
    private static readonly byte[][] BadMemos = [[0x61, 0x00, 0x62], [0xff, 0xfe]];

    private readonly ClusterDeployment _cluster;
    private readonly ApiClient _network;
    private readonly ConcurrentQueue<(int Status, TimeSpan Took)> _answers = [];

    private Attack(ClusterDeployment cluster)
    {
        _cluster = cluster;
        _network = new ApiClient(cluster.Sandbox);
    }

    /// <summary>The wallet that gets bad memos, 1,100 payments in a ledger, and a stroop in each.</summary>
    public Person Busy { get; private set; } = null!;

    /// <summary>The user who opens as many quotes as there may be, and does it again.</summary>
    public Person Hoarder { get; private set; } = null!;

    /// <summary>The wallet for which 1,001 balances are set aside that cannot be claimed for long, and one that can.</summary>
    public Person Victim { get; private set; } = null!;

    public IReadOnlyList<Stranger> Strangers { get; private set; } = [];

    /// <summary>What the busy wallet's own clients were answered, and how quickly.</summary>
    public IReadOnlyCollection<(int Status, TimeSpan Took)> Answers => _answers;

    /// <summary>How often every quote was opened.</summary>
    public int Hoards { get; private set; }

    /// <summary>How many payments with bad memos were sent.</summary>
    public int BadPayments { get; private set; }

    public static async Task<Attack> PrepareAsync(ClusterDeployment cluster) => new(cluster)
    {
        Busy = await cluster.SignUpAsync("busy"),
        Hoarder = await cluster.SignUpAsync("hoarder"),
        Victim = await cluster.SignUpAsync("victim"),
        Strangers = await Task.WhenAll(Enumerable.Range(0, FloodAccounts + 2).Select(_ => Stranger.AppearAsync(cluster.Sandbox))),
    };

    /// <summary>All of it, until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await _cluster.IssueAsync(Hoarder, "100");
        (await Busy.Api.PostAsync("/v1/wallet/friendbot")).Required.GetRawText();
        await Eventually.GetAsync(
            async () => (await Busy.Api.GetAsync("/v1/wallet")).Required.GetProperty("balances").EnumerateArray()
                .Where(each => each.GetProperty("asset").ValueEquals("XLM")).Select(each => each.GetProperty("spendable").GetString()).Single(),
            spendable => spendable != "0.0000000",
            "what the busy wallet's clients quote of");
        await Task.WhenAll(
            [SendBadMemosAsync(stop), FloodAndSpamAsync(), DripAsync(stop), HoardAsync(stop), .. QuoteAsync(stop)]);
    }

    /// <summary>From now on the network takes a second to show an account.</summary>
    public async Task SlowDownAsync() => (await _network.PostAsync(
        "/admin/faults", new { kind = "delay", method = "GET", path = "/accounts/", count = 100_000, delay_ms = 1_000 })).Required.GetRawText();

    /// <summary>The network is as quick as before.</summary>
    public async Task EndAsync()
    {
        using var http = new HttpClient { BaseAddress = _cluster.Sandbox };
        using var answer = await http.DeleteAsync("/admin/faults");
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        await Busy.DisposeAsync();
        await Hoarder.DisposeAsync();
        await Victim.DisposeAsync();
        foreach (var stranger in Strangers)
        {
            stranger.Dispose();
        }

        _network.Dispose();
    }

    // Towards a wallet and towards an account of the platform, which keeps the memo with the deposit.
    private async Task SendBadMemosAsync(CancellationToken stop)
    {
        var stranger = Strangers[FloodAccounts];
        var sponsor = (await _network.GetAsync($"/accounts/{Busy.Address}")).Required.GetProperty("sponsor").GetString()!;
        while (!stop.IsCancellationRequested)
        {
            foreach (var memo in BadMemos)
            {
                await stranger.PayAsync(Busy.Address, 1, new MemoText(new XdrString(Bytes.Create(memo))));
                await stranger.PayAsync(sponsor, 1, new MemoText(new XdrString(Bytes.Create(memo))));
                BadPayments++;
            }

            await Task.Delay(MemoPause, CancellationToken.None);
        }
    }

    // From the same accounts, whose transactions go one after the other.
    private async Task FloodAndSpamAsync()
    {
        await FloodAsync();
        await SpamAsync();
    }

    private async Task FloodAsync()
    {
        (await _network.PostAsync("/admin/clock/stop")).Required.GetRawText();
        try
        {
            await Task.WhenAll(Strangers.Take(FloodAccounts)
                .Select(each => each.PayLaterAsync(Busy.Address, 1, Memo.None, OperationsEach)));
            (await _network.PostAsync("/admin/ledgers/close?count=1")).Required.GetRawText();
        }
        finally
        {
            (await _network.PostAsync("/admin/clock/resume")).Required.GetRawText();
        }
    }

    // A stroop in each ledger: the payment waits for its ledger, and the next goes into the next.
    private async Task DripAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Strangers[FloodAccounts + 1].PayAsync(Busy.Address, 1, Memo.None);
        }
    }

    private IEnumerable<Task> QuoteAsync(CancellationToken stop) => Enumerable.Range(0, QuotingClients).Select(async _ =>
    {
        while (!stop.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            var answer = await Busy.Api.PostAsync("/v1/payments", new { recipient = Strangers[0].Address, asset = "XLM", amount = "0.1" });
            _answers.Enqueue(((int)answer.Status, Stopwatch.GetElapsedTime(began)));
            if (answer.IsSuccess)
            {
                await Busy.Api.PostAsync($"/v1/payments/{answer.Body.GetProperty("id").GetString()}/cancel");
            }
            else
            {
                await Task.Delay(RefusedPause, CancellationToken.None);
            }
        }
    });

    // To a user here, so that nothing slows it down; all are opened, let go, and opened again.
    private async Task HoardAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var open = new ConcurrentBag<string>();
            await Parallel.ForEachAsync(
                Enumerable.Range(0, Quotes),
                new ParallelOptions { MaxDegreeOfParallelism = QuotesAtOnce },
                async (i, _) =>
                {
                    var answer = await Hoarder.Api.PostAsync(
                        "/v1/payments", new { recipient = Victim.Email, asset = "USDC", amount = "0.01", memo = $"a memo as long as can be {i:000}" });
                    if (answer.IsSuccess)
                    {
                        open.Add(answer.Body.GetProperty("id").GetString()!);
                    }
                });
            Hoards++;
            await Parallel.ForEachAsync(
                open, new ParallelOptions { MaxDegreeOfParallelism = QuotesAtOnce },
                async (payment, _) => await Hoarder.Api.PostAsync($"/v1/payments/{payment}/cancel"));
        }
    }

    // What can be claimed comes right behind all the spam, which is larger, and which its makers have back next year.
    private async Task SpamAsync()
    {
        var later = TimeProvider.System.GetUtcNow().AddYears(1);
        foreach (var stranger in Strangers.Take(FloodAccounts))
        {
            await stranger.SetAsideAsync(Victim.Address, SpamStroops, later, SpamEach);
        }

        await Strangers[FloodAccounts].SetAsideAsync(Victim.Address, RealStroops, from: null);
    }
}
