using System.Diagnostics;

namespace StellarPay.Tests.Shared;

/// <summary>
/// The PostgreSQL server of this test process: the one that STELLARPAY_TEST_POSTGRES names (an administrator's
/// connection string), which eng/run-tests.sh starts for the whole suite; else a private one that is removed when the
/// process ends, however it ends.
/// </summary>
internal sealed class PostgresCluster
{
    public const string Variable = "STELLARPAY_TEST_POSTGRES";

    private const string Ready = "ready ";

    private static readonly Lazy<Task<PostgresCluster>> Instance = new(StartAsync);

    // Held: the server lives as long as its standard input is open, which is as long as this process lives.
    private readonly Process? _keeper;

    private PostgresCluster(string connectionString, Process? keeper)
    {
        ConnectionString = connectionString;
        _keeper = keeper;
    }

    /// <summary>An administrator's connection to the database <c>postgres</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>Whether the server goes away with this process, so that nothing in it needs to be dropped.</summary>
    public bool IsPrivate => _keeper is not null;

    /// <summary>The one server of this process, started by the first call.</summary>
    public static Task<PostgresCluster> GetAsync() => Instance.Value;

    private static async Task<PostgresCluster> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return new PostgresCluster(given, null);
        }

        var keeper = Process.Start(new ProcessStartInfo("sh", ["-c", await ScriptAsync()])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        })!;
        var said = await keeper.StandardOutput.ReadLineAsync() ?? "it said nothing";
        if (said.StartsWith(Ready, StringComparison.Ordinal))
        {
            return new PostgresCluster(
                $"Host=127.0.0.1;Port={said[Ready.Length..]};Database=postgres;Username=stellarpay", keeper);
        }

        keeper.StandardInput.Close();
        said += Environment.NewLine + await keeper.StandardOutput.ReadToEndAsync();
        throw new InvalidOperationException($"A private PostgreSQL did not start: {said}");
    }

    // The build embeds it, so that a test program needs no source tree beside it.
    private static async Task<string> ScriptAsync()
    {
        using var script = new StreamReader(
            typeof(PostgresCluster).Assembly.GetManifestResourceStream("test-postgres.sh")!);
        return await script.ReadToEndAsync();
    }
}
