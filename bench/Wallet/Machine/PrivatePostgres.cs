using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Npgsql;
using StellarPay.Demo;

namespace StellarPay.Bench.Wallet.Machine;

/// <summary>
/// A PostgreSQL of this run alone, started by the same script and with the same settings as the cluster of
/// <c>./stellarpay run</c>, plus pg_stat_statements. Every commit waits for the disk.
/// </summary>
internal sealed class PrivatePostgres : IAsyncDisposable
{
    private const string Start =
        """
        set -euo pipefail
        source "$1/postgres.sh"
        export PRIVATE_CLUSTER_OPTIONS="-c shared_preload_libraries=pg_stat_statements -c pg_stat_statements.track=top"
        start_private_cluster "$2" "$3"
        postgres_bin
        private_cluster_connection "$2" "$3"
        (cd "$2/data" && pwd -P)
        """;

    private const string Stop =
        """
        set -euo pipefail
        source "$1/postgres.sh"
        stop_private_cluster "$2"
        rm -rf "$(readlink -f "$2")" "$2"
        """;

    private static readonly string EngFolder = typeof(PrivatePostgres).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "EngFolder").Value!;

    private readonly string _folder;

    private PrivatePostgres(string folder, string bin, string connection, int processId)
    {
        _folder = folder;
        Bin = bin;
        ConnectionString = connection;
        ProcessId = processId;
    }

    /// <summary>Where the server's programs are.</summary>
    public string Bin { get; }

    public string ConnectionString { get; }

    /// <summary>The postmaster.</summary>
    public int ProcessId { get; }

    public static async Task<PrivatePostgres> StartAsync(string folder)
    {
        var port = FreePorts.Next().ToString(CultureInfo.InvariantCulture);
        var cluster = Path.Combine(folder, "postgres");
        var lines = (await ShellAsync(Start, EngFolder, cluster, port)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var processId = (await File.ReadAllLinesAsync(Path.Combine(lines[^1], "postmaster.pid")))[0];
        return new PrivatePostgres(cluster, lines[^3], lines[^2], int.Parse(processId, CultureInfo.InvariantCulture));
    }

    /// <summary>The connection string of another database of the cluster.</summary>
    public string ConnectionTo(string database) =>
        new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database }.ConnectionString;

    public async ValueTask DisposeAsync() => await ShellAsync(Stop, EngFolder, _folder);

    private static async Task<string> ShellAsync(string script, params string[] arguments)
    {
        var info = new ProcessStartInfo("bash", ["-c", script, "bash", .. arguments]) { RedirectStandardOutput = true };
        using var process = Process.Start(info)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"The private PostgreSQL did not do as it was told (exit code {process.ExitCode}).");
    }
}
