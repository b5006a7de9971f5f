using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using StellarPay.Demo;

namespace StellarPay.Bench.Wallet.Machine;

/// <summary>
/// The product as it runs, in two processes, so that the network's share can be told from ours: the sandbox, and a silo
/// with its front door. Only the limits are wider, for here one address sends what else a city would.
/// </summary>
internal sealed class Product : IAsyncDisposable
{
    private const int MostPerMinute = 1_000_000;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly string _folder;
    private readonly Dictionary<string, string> _settings;
    private readonly HttpClient _http;
    private Process? _sandbox;
    private Process? _product;

    public Product(string folder, PrivatePostgres postgres)
    {
        _folder = folder;
        Port = FreePorts.Next();
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}"), Timeout = TimeSpan.FromMinutes(2) };
        _settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["STELLARPAY_POSTGRES"] = postgres.ConnectionString + ";Maximum Pool Size=64",
            ["STELLARPAY_STATE"] = Path.Combine(folder, "state"),
            ["STELLARPAY_HTTP_PORT"] = Text(Port),
            ["STELLARPAY_SANDBOX_PORT"] = Text(FreePorts.Next()),
            ["STELLARPAY_SILO_PORT"] = Text(FreePorts.Next()),
            ["STELLARPAY_GATEWAY_PORT"] = Text(FreePorts.Next()),
            ["WALLET_ENCRYPTION_KEY"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)),
            // All of the clients have one address.
            ["StellarPay__RateLimits__AnyPerAddress"] = "100000000",
            ["StellarPay__RateLimits__CodesPerNetwork"] = "100000000",
            ["StellarPay__Messages__Budgets__Emails"] = "100000000",
            ["StellarPay__RateLimits__AuthPerAddress"] = Text(MostPerMinute),
            ["StellarPay__Passwords__MostWaiting"] = "1000",
            ["StellarPay__Passwords__MostWaitingPerAddress"] = "1000",
            ["StellarPay__Passwords__LongestWaitSeconds"] = "60",
            // Payers have no second factor, and pay all day.
            ["StellarPay__Limits__DailyWithoutFactor"] = "25000",
            // And one mail domain.
            ["StellarPay__Budgets__OpeningXlmPerDay"] = "100000000",
            ["StellarPay__Budgets__DomainPercent"] = "100",
            ["StellarPay__RateLimits__ApiPerUser"] = Text(MostPerMinute),
            ["StellarPay__RateLimits__LookupPerUser"] = Text(MostPerMinute),
        };
    }

    /// <summary>The front door's port on 127.0.0.1.</summary>
    public int Port { get; }

    public int ProcessId => _product!.Id;

    public int SandboxProcessId => _sandbox!.Id;

    /// <summary>Sets what is not as usual, before the start.</summary>
    public void Set(string variable, string value) => _settings[variable] = value;

    /// <summary>Has it tell its metrics, on the port that this gives.</summary>
    public int TellMetrics()
    {
        var port = FreePorts.Next();
        Set("STELLARPAY_METRICS_PORT", Text(port));
        return port;
    }

    /// <summary>Starts the network, and then the product.</summary>
    /// <param name="passwordIterations">What a password's hash costs; null is what production uses.</param>
    public async Task StartAsync(int? passwordIterations)
    {
        _sandbox ??= Run("sandbox", "sandbox");
        if (passwordIterations is { } iterations)
        {
            _settings["StellarPay__Auth__PasswordIterations"] = Text(iterations);
        }

        _product = Run("silo,frontdoor", "product");
        var began = Stopwatch.GetTimestamp();
        while (!await IsReadyAsync())
        {
            if (Stopwatch.GetElapsedTime(began) > StartDeadline || _product.HasExited)
            {
                throw new InvalidOperationException($"The product did not start; see {_folder}/product.log.");
            }

            await Task.Delay(PollInterval);
        }
    }

    /// <summary>Stops the product and leaves the network.</summary>
    public Task StopAsync() => StopAsync(_product);

    /// <summary>What the product says of its own memory.</summary>
    public async Task<JsonElement> ReadProcessAsync(bool collect = false) =>
        await _http.GetFromJsonAsync<JsonElement>($"/v1/dev/process?collect={(collect ? "true" : "false")}");

    /// <summary>Bytes of memory that the product's process holds.</summary>
    public long ResidentBytes()
    {
        _product!.Refresh();
        return _product.WorkingSet64;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(_product);
        await StopAsync(_sandbox);
        _http.Dispose();
    }

    private Process Run(string roles, string name)
    {
        var program = Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "..", "..", "StellarPay.Frontdoor", "release", "StellarPay.Frontdoor.dll"));
        var log = Path.Combine(_folder, $"{name}.log");
        var info = new ProcessStartInfo("bash", ["-c", "exec dotnet \"$1\" >>\"$2\" 2>&1", "bash", program, log])
        {
            WorkingDirectory = _folder,
        };
        foreach (var (key, value) in _settings)
        {
            info.Environment[key] = value;
        }

        info.Environment["STELLARPAY_ROLES"] = roles;
        return Process.Start(info)!;
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var answer = await _http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task StopAsync(Process? process)
    {
        if (process is not { HasExited: false })
        {
            return;
        }

        await process.TerminateAsync();
        await process.WaitForExitAsync(new CancellationTokenSource(StopDeadline).Token);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
