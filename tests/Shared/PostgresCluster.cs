using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace StellarPay.Tests.Shared;

/// <summary>
/// The PostgreSQL server of this test process: the one that STELLARPAY_TEST_POSTGRES names (an administrator's
/// connection string), else a private one that is removed when the process ends, however it ends.
/// </summary>
internal sealed class PostgresCluster
{
    public const string Variable = "STELLARPAY_TEST_POSTGRES";

    // The keeper lives as long as its standard input is open, which is as long as this process lives. Nothing here
    // needs to last, so nothing waits for the disk.
    private const string Keeper =
        """
        set -u
        trap '' INT TERM HUP
        bin=$1 port=$2
        dir=$(mktemp -d "${TMPDIR:-/tmp}/stellarpay-pg-XXXXXX" 2>/dev/null) || dir=$(mktemp -d /tmp/stellarpay-pg-XXXXXX) || exit 1
        cd "$dir" || exit 1
        "$bin/initdb" -D "$dir/data" -U stellarpay -A trust -E UTF8 --locale=C.UTF-8 --no-sync >initdb.log 2>&1 &&
        "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -s -t 60 start -o "-c port=$port -k $dir \
            -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
            -c max_connections=300 -c shared_buffers=64MB -c autovacuum_naptime=10min" >start.log 2>&1 </dev/null &&
        echo ready || { cat initdb.log start.log server.log 2>/dev/null | tail -n 20; }
        cat >/dev/null
        "$bin/pg_ctl" -D "$dir/data" -m immediate -w -s stop >/dev/null 2>&1 </dev/null
        cd / && rm -rf "$dir"
        """;

    private static readonly Lazy<Task<PostgresCluster>> Instance = new(StartAsync);

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

        var said = "";
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var port = FreePort();
            var keeper = Process.Start(KeeperOn(port))!;
            said = await keeper.StandardOutput.ReadLineAsync() ?? "it said nothing";
            if (said == "ready")
            {
                return new PostgresCluster(
                    $"Host=127.0.0.1;Port={port};Database=postgres;Username=stellarpay", keeper);
            }

            keeper.StandardInput.Close();
            said += Environment.NewLine + await keeper.StandardOutput.ReadToEndAsync();
            await keeper.WaitForExitAsync();
        }

        throw new InvalidOperationException($"A private PostgreSQL did not start: {said}");
    }

    private static ProcessStartInfo KeeperOn(int port)
    {
        // PostgreSQL refuses to run as root.
        string[] asPostgres = Environment.UserName == "root"
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"]
            : [];
        string[] command = [.. asPostgres, "sh", "-c", Keeper, "keeper", BinDirectory(), $"{port}"];
        return new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
    }

    private static string BinDirectory()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal)
                .Select(version => Path.Combine(version, "bin"))
            : [];
        return installed.Concat(path.Split(':')).FirstOrDefault(dir => File.Exists(Path.Combine(dir, "initdb")))
            ?? throw new InvalidOperationException(
                $"These tests need PostgreSQL: install the package postgresql, or set {Variable}.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
