using System.Net.Sockets;
using Npgsql;
using StellarPay.Chaos.Deployment;
using StellarPay.Tests.Shared;

namespace StellarPay.Chaos.Tests.Deployment;

/// <summary>The proxy cuts where it says that it cuts: what it leaves in the database proves it.</summary>
public sealed class PostgresProxyTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const string Write = "SELECT grain_state_write('svc', 'wallet', @key, NULL, convert_to('{}', 'UTF8'))";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_that_is_cut_off_before_is_not_there(bool prepared)
    {
        await using var proxied = new Proxied(database.ConnectionString);
        var key = await proxied.PrepareAsync(prepared);

        proxied.Proxy.FailWrites(WriteFault.BeforeItTookEffect, 1);
        await Should.ThrowAsync<NpgsqlException>(() => proxied.WriteAsync(key));

        (await CountAsync(key)).ShouldBe(0);
        proxied.Proxy.HitsOf(WriteFault.BeforeItTookEffect).ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_that_is_cut_off_after_is_there_and_its_writer_does_not_know(bool prepared)
    {
        await using var proxied = new Proxied(database.ConnectionString);
        var key = await proxied.PrepareAsync(prepared);

        proxied.Proxy.FailWrites(WriteFault.AfterItTookEffect, 1);
        await Should.ThrowAsync<NpgsqlException>(() => proxied.WriteAsync(key));

        (await CountAsync(key)).ShouldBe(1);
        proxied.Proxy.HitsOf(WriteFault.AfterItTookEffect).ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_but_writes_of_states_is_cut_off()
    {
        await using var proxied = new Proxied(database.ConnectionString);
        proxied.Proxy.FailWrites(WriteFault.BeforeItTookEffect, 1);

        (await proxied.ScalarAsync("SELECT count(*) FROM grain_state_read('svc', 'wallet', 'wal_none')", null)).ShouldBe(0L);

        proxied.Proxy.HitsOf(WriteFault.BeforeItTookEffect).ShouldBe(0);
    }

    [Fact]
    public async Task A_connection_that_is_cut_before_it_was_served_is_only_cut()
    {
        var cluster = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        await using var proxy = PostgresProxy.Start(cluster.Host!, cluster.Port);
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var connection = new ProxiedConnection(proxy, client);
        connection.Cut();

        await Should.NotThrowAsync(() => connection.RunAsync(cluster.Host!, cluster.Port));
    }

    private async Task<long> CountAsync(string key)
    {
        await using var command = database.DataSource.CreateCommand("SELECT count(*) FROM grain_state WHERE grain_key = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = key });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>One connection through a proxy.</summary>
    private sealed class Proxied : IAsyncDisposable
    {
        private readonly NpgsqlConnection _connection;

        public Proxied(string connectionString)
        {
            var direct = new NpgsqlConnectionStringBuilder(connectionString);
            Proxy = PostgresProxy.Start(direct.Host!, direct.Port);
            _connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString)
            {
                Host = "127.0.0.1", Port = Proxy.Port, Pooling = false, MaxAutoPrepare = 10, AutoPrepareMinUsages = 1,
            }.ConnectionString);
        }

        public PostgresProxy Proxy { get; }

        /// <summary>Opens the connection; prepared, the statement's text has gone over it before.</summary>
        public async Task<string> PrepareAsync(bool prepared)
        {
            await _connection.OpenAsync();
            if (prepared)
            {
                await WriteAsync($"wal_{Guid.NewGuid():N}");
            }

            return $"wal_{Guid.NewGuid():N}";
        }

        public Task WriteAsync(string key) => ScalarAsync(Write, key);

        public async Task<object?> ScalarAsync(string sql, string? key)
        {
            if (_connection.State != System.Data.ConnectionState.Open)
            {
                await _connection.OpenAsync();
            }

            await using var command = new NpgsqlCommand(sql, _connection);
            if (key is not null)
            {
                command.Parameters.AddWithValue("key", key);
            }

            return await command.ExecuteScalarAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await _connection.DisposeAsync();
            await Proxy.DisposeAsync();
        }
    }
}
