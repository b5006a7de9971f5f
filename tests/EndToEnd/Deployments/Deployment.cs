using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StellarPay.Demo;
using StellarPay.Tests.Shared;

namespace StellarPay.EndToEnd.Tests.Deployments;

/// <summary>
/// A StellarPay of its own: a database, a folder, ports, and one process that hosts sandbox, silo and front door, which
/// a test may kill and start again.
/// </summary>
public sealed class Deployment : IAsyncLifetime
{
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly PostgresDatabase _database = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("stellarpay-e2e-").FullName;
    private readonly Dictionary<string, string> _settings = [];
    private StellarPayProcess? _process;

    internal Uri FrontDoor { get; private set; } = null!;

    internal Uri Sandbox { get; private set; } = null!;

    internal string ConnectionString => _database.ConnectionString;

    internal StellarPayProcess Process => _process!;

    public async ValueTask InitializeAsync()
    {
        await PrepareAsync();
        await StartAsync();
    }

    /// <summary>All but the process.</summary>
    internal async Task PrepareAsync()
    {
        await _database.InitializeAsync();
        var http = FreePorts.Next();
        var sandbox = FreePorts.Next();
        FrontDoor = new Uri($"http://127.0.0.1:{http}");
        Sandbox = new Uri($"http://127.0.0.1:{sandbox}");
        _settings["STELLARPAY_POSTGRES"] = _database.ConnectionString;
        _settings["STELLARPAY_STATE"] = _folder;
        _settings["STELLARPAY_HTTP_PORT"] = $"{http}";
        _settings["STELLARPAY_SANDBOX_PORT"] = $"{sandbox}";
        _settings["STELLARPAY_SANDBOX_CLOSE_MS"] = "200";
        _settings["STELLARPAY_SILO_PORT"] = $"{FreePorts.Next()}";
        _settings["STELLARPAY_GATEWAY_PORT"] = $"{FreePorts.Next()}";
        _settings["ASPNETCORE_ENVIRONMENT"] = "Development";
        _settings["StellarPay__Auth__PasswordIterations"] = "1000";
        _settings["StellarPay__Limits__DailyWithoutFactor"] = "25000";
        _settings["StellarPay__RateLimits__CodesPerNetwork"] = "100000000";
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Starts the process and waits until the front door says that it is ready.</summary>
    internal async Task StartAsync()
    {
        _process = StellarPayProcess.Start(_settings);
        using var api = new ApiClient(FrontDoor);
        var started = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync(api))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > ReadyDeadline)
            {
                throw new InvalidOperationException($"StellarPay did not become ready. Its output:\n{_process.Output}");
            }

            await Task.Delay(PollInterval);
        }
    }

    /// <summary>From now on the silo is at another address, as one that a cluster's manager starts elsewhere is.</summary>
    internal void MoveSilo()
    {
        _settings["STELLARPAY_SILO_PORT"] = $"{FreePorts.Next()}";
        _settings["STELLARPAY_GATEWAY_PORT"] = $"{FreePorts.Next()}";
    }

    /// <summary>Another process on the same database, with ports and a folder of its own but for what the settings say.</summary>
    internal StellarPayProcess StartAnother(params (string Name, string Value)[] settings)
    {
        var own = new Dictionary<string, string>(_settings)
        {
            ["STELLARPAY_HTTP_PORT"] = $"{FreePorts.Next()}",
            ["STELLARPAY_SANDBOX_PORT"] = $"{FreePorts.Next()}",
            // A second silo at the address of the first would take its place, and the first would end itself.
            ["STELLARPAY_SILO_PORT"] = $"{FreePorts.Next()}",
            ["STELLARPAY_GATEWAY_PORT"] = $"{FreePorts.Next()}",
            ["STELLARPAY_STATE"] = Path.Combine(_folder, "another"),
            // Whatever it does, the silo that runs here goes on.
            ["STELLARPAY_CLUSTER_ID"] = "another",
        };
        foreach (var (name, value) in settings)
        {
            own[name] = value;
        }

        return StellarPayProcess.Start(own);
    }

    /// <summary>A new user with an active wallet and a live connection.</summary>
    internal async Task<Person> SignUpAsync(string name)
    {
        var person = new Person(name, new ApiClient(FrontDoor));
        await person.SignUpAsync();
        return person;
    }

    /// <summary>Has the sandbox's issuer pay USDC.</summary>
    internal async Task IssueAsync(Person person, string amount)
    {
        using var sandbox = new ApiClient(Sandbox);
        (await sandbox.PostAsync("/admin/issue", new { account = person.Address, asset = "USDC", amount })).Required.GetRawText();
    }

    private static async Task<bool> IsReadyAsync(ApiClient api)
    {
        try
        {
            return (await api.GetAsync("/health/ready")).IsSuccess;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
