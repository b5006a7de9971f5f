using StellarPay.Demo;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace StellarPay.Chaos.Deployment;

/// <summary>
/// The system under test: the sandbox network, and either one process that is silo and front door or several silos with
/// a front door beside them. Each process that dies is started again.
/// </summary>
internal sealed partial class ChaosCluster : IAsyncDisposable
{
    private const int KilledExitCode = 137;
    // By SIGTERM, before it listened for it.
    private const int TerminatedExitCode = 143;
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(200);

    private readonly ChaosDatabase _database;
    private readonly Settings _settings;
    private readonly string _folder = Directory.CreateTempSubdirectory("stellarpay-chaos-").FullName;
    private readonly CancellationTokenSource _stopWatching = new();
    private readonly List<Task> _watches = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly ChaosProcess _sandbox;
    private readonly string? _logFolder;

    private ChaosCluster(ChaosOptions options, ChaosDatabase database)
    {
        _database = database;
        _logFolder = options.LogFolder;
        _settings = new Settings(database.ProxiedConnectionString, _folder, FreePorts.Next(), options.Limits);
        _sandbox = New("sandbox", "sandbox", options.Program);
        Silos = options.Silos == 0
            ? [New("node", "silo,frontdoor", options.Program)]
            : [.. Enumerable.Range(1, options.Silos).Select(i => New($"silo {i}", "silo", options.Program))];
        FrontDoor = options.Silos == 0 ? Silos[0] : New("front door", "frontdoor", options.Program);
    }

    /// <summary>The processes that host grains.</summary>
    public IReadOnlyList<ChaosProcess> Silos { get; }

    /// <summary>The process that clients speak to; the only silo, if there is but one process.</summary>
    public ChaosProcess FrontDoor { get; }

    /// <summary>The process of the network; it keeps its ledgers in a file.</summary>
    public ChaosProcess Network => _sandbox;

    public Uri Sandbox => new($"http://127.0.0.1:{_settings.SandboxPort}");

    public ChaosDatabase Database => _database;

    /// <summary>Each death: the process, the exit code.</summary>
    public ConcurrentQueue<(string Process, int ExitCode)> Deaths { get; } = [];

    /// <summary>The fault points that were reached while armed.</summary>
    public ConcurrentQueue<string> PointsHit { get; } = [];

    /// <summary>Processes that ended by themselves, and what they said last.</summary>
    public ConcurrentQueue<string> UnexpectedEnds { get; } = [];

    private IEnumerable<ChaosProcess> AllButSandbox => Silos.Append(FrontDoor).Distinct();

    /// <summary>Starts everything on a new database, and waits until the front door is ready.</summary>
    public static async Task<ChaosCluster> StartAsync(ChaosOptions options, CancellationToken cancellationToken)
    {
        var cluster = new ChaosCluster(options, await ChaosDatabase.CreateAsync(options.Postgres));
        try
        {
            await cluster.StartSandboxAsync(cancellationToken);
            await cluster.StartProcessesAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>From here on, what dies is started again.</summary>
    public void KeepAlive()
    {
        foreach (var process in AllButSandbox.Append(_sandbox))
        {
            _watches.Add(process.KeepAliveAsync(Note, _stopWatching.Token));
        }
    }

    /// <summary>
    /// Ends all faults: everything passes, and every process starts afresh, a day later, so that nothing is armed any more.
    /// </summary>
    public async Task HealAsync(CancellationToken cancellationToken)
    {
        _database.Proxy.Heal();
        await _stopWatching.CancelAsync();
        await Task.WhenAll(_watches);
        foreach (var process in AllButSandbox.Reverse().Append(_sandbox))
        {
            if (await process.StopAsync() is not (0 or KilledExitCode or TerminatedExitCode) and var exitCode)
            {
                UnexpectedEnds.Enqueue($"{process.Name} was told to stop and ended with exit code {exitCode}: {process.LastWord}");
            }
        }

        await StartSandboxAsync(cancellationToken);
        // Nothing ran for a day: what is due since then is due at the start.
        await PassDayAsync(cancellationToken);
        await StartProcessesAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopWatching.CancelAsync();
        await Task.WhenAll(_watches);
        foreach (var process in AllButSandbox.Append(_sandbox))
        {
            await process.DisposeAsync();
        }

        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        _stopWatching.Dispose();
        _http.Dispose();
    }

    /// <summary>Has a day go by.</summary>
    public Task PassDayAsync(CancellationToken cancellationToken) =>
        new DayPassing(_database.Direct, Sandbox, _http).PassAsync(cancellationToken);

    private Task StartSandboxAsync(CancellationToken cancellationToken)
    {
        _sandbox.Start();
        return UntilAnswersAsync(Sandbox, [_sandbox], cancellationToken);
    }

    private async Task StartProcessesAsync(CancellationToken cancellationToken)
    {
        // The first silo makes the tables; the others find them.
        var started = new List<ChaosProcess> { _sandbox };
        foreach (var process in AllButSandbox)
        {
            process.Start();
            started.Add(process);
            await UntilAnswersAsync(new Uri(process.Address, "/health/live"), started, cancellationToken);
        }

        await UntilAnswersAsync(new Uri(FrontDoor.Address, "/health/ready"), started, cancellationToken);
    }

    private void Note(ChaosProcess process, int exitCode)
    {
        Deaths.Enqueue((process.Name, exitCode));
        if (exitCode != KilledExitCode)
        {
            UnexpectedEnds.Enqueue($"{process.Name} ended by itself with exit code {exitCode}: {process.LastWord}");
        }
    }

    private ChaosProcess New(string name, string roles, string program) => new(name, program, _settings.For(roles))
    {
        LogFile = _logFolder is null ? null : Path.Combine(_logFolder, $"{name.Replace(' ', '-')}.log"),
        Wrote = line =>
        {
            if (FaultReached().Match(line) is { Success: true } match)
            {
                PointsHit.Enqueue(match.Groups[1].Value);
            }
        },
    };

    // As the program says it when an armed fault point is reached.
    [GeneratedRegex(@"Fault point (\S+) was reached by ")]
    private static partial Regex FaultReached();

    private async Task UntilAnswersAsync(
        Uri address, IReadOnlyList<ChaosProcess> processes, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(address, cancellationToken))
        {
            var dead = processes.FirstOrDefault(process => process.HasExited);
            if (dead is not null || Stopwatch.GetElapsedTime(started) > ReadyDeadline)
            {
                throw new ChaosException(dead is null
                    ? $"{address} did not answer within {ReadyDeadline.TotalSeconds:0} s."
                    : $"{dead.Name} ended instead of answering. Its last lines:\n{dead.Output}");
            }

            await Task.Delay(PollEvery, cancellationToken);
        }
    }

    private async Task<bool> AnswersAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(address, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>What each process is told: limits that bite, quotes that expire within the run, no limit of requests.</summary>
    private sealed record Settings(string Postgres, string Folder, int SandboxPort, ChaosLimits Limits)
    {
        public Dictionary<string, string> For(string roles) => new()
        {
            ["STELLARPAY_ROLES"] = roles,
            ["STELLARPAY_POSTGRES"] = Postgres,
            ["STELLARPAY_STATE"] = Folder,
            ["STELLARPAY_HTTP_PORT"] = Text(FreePorts.Next()),
            ["STELLARPAY_SANDBOX_PORT"] = Text(SandboxPort),
            ["STELLARPAY_SANDBOX_CLOSE_MS"] = "200",
            ["STELLARPAY_SILO_PORT"] = Text(FreePorts.Next()),
            ["STELLARPAY_GATEWAY_PORT"] = Text(FreePorts.Next()),
            ["STELLARPAY_FAULT"] = "",
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["StellarPay__Auth__PasswordIterations"] = "1000",
            ["Network__PaymentValidSeconds"] = Text(ChaosLimits.PaymentValidSeconds),
            ["Network__QuestionsPerWallet"] = "1000000",
            ["StellarPay__Wallets__QuoteSeconds"] = "20",
            ["StellarPay__Wallets__BumpAfterSeconds"] = "5",
            ["StellarPay__Wallets__ResumeSeconds"] = "2",
            ["StellarPay__Limits__Tiers__0__Payment"] = Text(Limits.Payment),
            ["StellarPay__Limits__Tiers__0__Daily"] = Text(Limits.Daily),
            ["StellarPay__Limits__Tiers__0__Monthly"] = Text(Limits.Monthly),
            // Nobody there has a second factor.
            ["StellarPay__Limits__DailyWithoutFactor"] = Text(Limits.Daily),
            ["StellarPay__Rates__Prices__USDC"] = Text(ChaosLimits.Prices["USDC"]),
            ["StellarPay__Rates__Prices__XLM"] = Text(ChaosLimits.Prices["XLM"]),
            // Soon used up, so that fees are paid too.
            ["StellarPay__Costs__FreeOperations__0"] = "20",
            ["StellarPay__Budgets__OpeningXlmPerDay"] = "100000000",
            ["StellarPay__Budgets__DomainPercent"] = "100",
            ["StellarPay__Budgets__ClaimablesPerUser"] = "1000000",
            ["StellarPay__Budgets__KeyChangesPerUser"] = "1000000",
            ["StellarPay__RateLimits__AuthPerAddress"] = "1000000",
            ["StellarPay__RateLimits__AnyPerAddress"] = "100000000",
            ["StellarPay__RateLimits__CodesPerNetwork"] = "100000000",
            ["StellarPay__Messages__Budgets__Emails"] = "100000000",
            ["StellarPay__Passwords__MostWaiting"] = "1000",
            ["StellarPay__Passwords__MostWaitingPerAddress"] = "1000",
            ["StellarPay__RateLimits__ApiPerUser"] = "1000000",
            ["StellarPay__RateLimits__LookupPerUser"] = "1000000",
            ["StellarPay__RateLimits__ApiPerKey__0"] = "1000000",
            ["StellarPay__RateLimits__ApiPerMerchant__0"] = "1000000",
            ["Network__QuestionsPerMerchant"] = "1000000",
            ["StellarPay__TestClocks__ClocksPerMerchant"] = "1000",
            // Merchants' servers are of this process; who is slow there is too late now and then.
            ["StellarPay__Webhooks__AllowLoopback"] = "true",
            ["StellarPay__Webhooks__TimeoutSeconds"] = "3",
        };

        private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
