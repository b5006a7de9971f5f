using System.Diagnostics;
using StellarPay.Demo;
using StellarPay.EndToEnd.Tests.Deployments;
using StellarPay.Tests.Shared;

namespace StellarPay.EndToEnd.Tests.Cluster;

/// <summary>Two silos, a front door and a sandbox network, each a process of its own, on one database; by TLS among themselves.</summary>
public sealed class ClusterDeployment : IAsyncLifetime
{
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly PostgresDatabase _database = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("stellarpay-cluster-").FullName;
    private readonly List<StellarPayProcess> _processes = [];

    internal Uri FrontDoor { get; private set; } = null!;

    /// <summary>Another front door of the same cluster.</summary>
    internal Uri SecondDoor { get; private set; } = null!;

    internal Uri Sandbox { get; private set; } = null!;

    internal IReadOnlyList<StellarPayProcess> Silos { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        FrontDoor = new Uri($"http://127.0.0.1:{FreePorts.Next()}");
        SecondDoor = new Uri($"http://127.0.0.1:{FreePorts.Next()}");
        Sandbox = new Uri($"http://127.0.0.1:{FreePorts.Next()}");
        StellarPayProcess.MakeCertificates(Certificates);
        Start("sandbox");
        await UntilAnswersAsync(Sandbox, "/");
        Silos = [Start("silo"), Start("silo")];
        Start("frontdoor", FrontDoor.Port);
        Start("frontdoor", SecondDoor.Port);
        await UntilAnswersAsync(FrontDoor, "/health/ready");
        await UntilAnswersAsync(SecondDoor, "/health/ready");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal string Postgres => _database.ConnectionString;

    /// <summary>By which its processes know each other.</summary>
    internal string Certificates => Path.Combine(_folder, "tls");

    /// <summary>The silo where the follower lives: the one that has poked owners last, for on a slow machine it may have moved.</summary>
    internal StellarPayProcess FollowersSilo =>
        Silos.Where(silo => silo.FollowedAt > 0).MaxBy(silo => silo.FollowedAt)
        ?? throw new InvalidOperationException("No silo's follower has told anybody of a ledger.");

    /// <summary>How often a person's wallet was credited, as it is stored, whichever process can say so.</summary>
    internal async Task<long> CreditsAsync(Person person)
    {
        await using var command = _database.DataSource.CreateCommand(
            """
            SELECT count(*) FROM events
            WHERE type = 'wallet.credited' AND subject = (SELECT owner_key FROM ledger_addresses WHERE address = $1)
            """);
        command.Parameters.AddWithValue(person.Address);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    internal async Task<Person> SignUpAsync(string name)
    {
        var person = new Person(name, new ApiClient(FrontDoor));
        await person.SignUpAsync();
        return person;
    }

    internal async Task IssueAsync(Person person, string amount)
    {
        using var sandbox = new ApiClient(Sandbox);
        (await sandbox.PostAsync("/admin/issue", new { account = person.Address, asset = "USDC", amount })).Required.GetRawText();
    }

    private StellarPayProcess Start(string roles, int? port = null)
    {
        var process = StellarPayProcess.Start(new Dictionary<string, string>
        {
            ["STELLARPAY_ROLES"] = roles,
            ["STELLARPAY_POSTGRES"] = _database.ConnectionString,
            ["STELLARPAY_STATE"] = _folder,
            ["STELLARPAY_HTTP_PORT"] = $"{port ?? FreePorts.Next()}",
            ["STELLARPAY_SANDBOX_PORT"] = $"{Sandbox.Port}",
            ["STELLARPAY_SANDBOX_CLOSE_MS"] = "200",
            ["STELLARPAY_SILO_PORT"] = $"{FreePorts.Next()}",
            ["STELLARPAY_GATEWAY_PORT"] = $"{FreePorts.Next()}",
            ["STELLARPAY_CLUSTER_TLS"] = Certificates,
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["StellarPay__Auth__PasswordIterations"] = "1000",
            ["StellarPay__Limits__DailyWithoutFactor"] = "25000",
            // All of a test's callers have one address.
            ["StellarPay__RateLimits__AnyPerAddress"] = "100000000",
            ["StellarPay__RateLimits__CodesPerNetwork"] = "100000000",
            // A busy machine is no cluster that is away.
            ["StellarPay__RateLimits__AnswerMilliseconds"] = "10000",
        });
        _processes.Add(process);
        return process;
    }

    private async Task UntilAnswersAsync(Uri address, string path)
    {
        using var api = new ApiClient(address);
        var started = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(api, path))
        {
            if (_processes.Any(process => process.HasExited) || Stopwatch.GetElapsedTime(started) > ReadyDeadline)
            {
                throw new InvalidOperationException(
                    $"The cluster did not become ready: {address}{path} did not answer.\n" + string.Join("\n", _processes.Select(process => process.Epitaph)));
            }

            await Task.Delay(PollInterval);
        }
    }

    private static async Task<bool> AnswersAsync(ApiClient api, string path)
    {
        try
        {
            return (await api.GetAsync(path)).IsSuccess;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
