using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using StellarPay.Tests.Shared;

namespace StellarPay.SingleNode.Tests.SingleNodeOnly.Postgres;

/// <summary>SingleNode is one process; on a database that another one serves it does not start.</summary>
public sealed class OneProcessTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static int _port = 22_000;

    private string _key = "";

    [Fact]
    public async Task A_second_process_on_the_same_database_ends_with_an_error_that_says_how_to_build_for_Orleans()
    {
        var first = await StartAsync("one-process");
        await using var other = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var find = new NpgsqlCommand(
            """
            SELECT classid::int, objid::int
            FROM pg_locks
            WHERE locktype = 'advisory' AND objsubid = 2
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """,
            other);
        await using (var held = await find.ExecuteReaderAsync(TestContext.Current.CancellationToken))
        {
            (await held.ReadAsync(TestContext.Current.CancellationToken)).ShouldBeTrue("the silo holds its lock");
            _key = $"{held.GetInt32(0)}, {held.GetInt32(1)}";
            (await held.ReadAsync(TestContext.Current.CancellationToken)).ShouldBeFalse();
        }

        // Another process is another session of the database.
        (await TryLockAsync(other)).ShouldBeFalse("the lock is held against other processes");
        await first.StopAsync(TestContext.Current.CancellationToken);
        first.Dispose();
        (await TryLockAsync(other)).ShouldBeTrue("a silo that stops gives up its lock");

        var thrown = await Should.ThrowAsync<OrleansConfigurationException>(() => StartAsync("one-process"));
        thrown.Message.ShouldStartWith("Another process already serves 'one-process' on this database. ");
        thrown.Message.ShouldContain("-p:ActorRuntime=Orleans");
    }

    [Fact]
    public async Task A_silo_does_not_start_while_silos_of_Orleans_serve_the_database()
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await RunQueryAsync(source, "InsertMembershipVersionKey", command =>
            command.Parameters.AddWithValue("DeploymentId", "with-orleans"));
        await RunQueryAsync(source, "InsertMembershipKey", command =>
        {
            var now = TimeProvider.System.GetUtcNow().UtcDateTime;
            command.Parameters.AddWithValue("DeploymentId", "with-orleans");
            command.Parameters.AddWithValue("IAmAliveTime", now);
            command.Parameters.AddWithValue("SiloName", "silo-7");
            command.Parameters.AddWithValue("HostName", "host");
            command.Parameters.AddWithValue("Address", "10.0.0.7");
            command.Parameters.AddWithValue("Port", 11111);
            command.Parameters.AddWithValue("Generation", 1);
            command.Parameters.AddWithValue("StartTime", now);
            command.Parameters.AddWithValue("Status", 3);
            command.Parameters.AddWithValue("ProxyPort", 30000);
            command.Parameters.AddWithValue("Version", 0);
        });

        var thrown = await Should.ThrowAsync<OrleansConfigurationException>(() => StartAsync("with-orleans"));

        thrown.Message.ShouldStartWith("Silos of Orleans serve this database: silo-7 at 10.0.0.7:11111. ");
    }

    [Fact]
    public async Task A_client_without_a_silo_in_its_process_says_that_it_needs_one()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client.UseAdoNetClustering(options =>
        {
            options.Invariant = "Npgsql";
            options.ConnectionString = database.ConnectionString;
        }));
        using var host = builder.Build();

        var thrown = await Should.ThrowAsync<SiloUnavailableException>(
            () => host.StartAsync(TestContext.Current.CancellationToken));

        thrown.Message.ShouldContain("-p:ActorRuntime=Orleans");
    }

    private async Task<bool> TryLockAsync(NpgsqlConnection session)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({_key})", session);
        return true.Equals(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    private static async Task RunQueryAsync(NpgsqlDataSource source, string key, Action<NpgsqlCommand> addParameters)
    {
        await using var find = source.CreateCommand($"SELECT QueryText FROM OrleansQuery WHERE QueryKey = '{key}'");
        var text = (string)(await find.ExecuteScalarAsync())!;
        await using var command = source.CreateCommand(text);
        addParameters(command);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<IHost> StartAsync(string service)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options =>
            {
                options.ServiceId = service;
                options.ClusterId = service;
            })
            .Configure<EndpointOptions>(options => options.SiloPort = Interlocked.Increment(ref _port))
            .UseAdoNetClustering(options =>
            {
                options.Invariant = "Npgsql";
                options.ConnectionString = database.ConnectionString;
            }));
        var host = builder.Build();
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }
}
