using Npgsql;

namespace StellarPay.Chaos.Deployment;

/// <summary>An empty database of the run's own, reached by the processes through the proxy and by the auditor directly.</summary>
internal sealed class ChaosDatabase : IAsyncDisposable
{
    private readonly string _name;
    private readonly NpgsqlConnectionStringBuilder _admin;

    private ChaosDatabase(string name, NpgsqlConnectionStringBuilder admin, PostgresProxy proxy, NpgsqlDataSource direct)
    {
        _name = name;
        _admin = admin;
        Proxy = proxy;
        Direct = direct;
    }

    public PostgresProxy Proxy { get; }

    /// <summary>The database without the proxy.</summary>
    public NpgsqlDataSource Direct { get; }

    /// <summary>What the processes are given.</summary>
    public string ProxiedConnectionString =>
        new NpgsqlConnectionStringBuilder(_admin.ConnectionString)
        {
            Host = "127.0.0.1",
            Port = Proxy.Port,
            Database = _name,
            // Pooled as in production: a fork of PostgreSQL for each query would measure the machine, not the program.
            Pooling = true,
            // A connection that was cut shows at once; nothing waits for one that never comes.
            Timeout = 5,
            CommandTimeout = 10,
            MaxPoolSize = 60,
        }.ConnectionString;

    public static async Task<ChaosDatabase> CreateAsync(string admin)
    {
        var builder = new NpgsqlConnectionStringBuilder(admin) { Pooling = false };
        var name = $"stellarpay_chaos_{Guid.NewGuid():N}";
        await ExecuteAsync(builder, $"CREATE DATABASE {name} TEMPLATE template0");
        var direct = new NpgsqlConnectionStringBuilder(admin) { Database = name, MaxPoolSize = 4, CommandTimeout = 120 };
        return new ChaosDatabase(
            name, builder, PostgresProxy.Start(builder.Host!, builder.Port), NpgsqlDataSource.Create(direct.ConnectionString));
    }

    /// <summary>Gives a user the role, as <c>./stellarpay admin grant</c> does.</summary>
    public async Task MakeAdministratorAsync(string user, CancellationToken cancellationToken)
    {
        await using var command = Direct.CreateCommand("UPDATE identity.users SET role = 'admin' WHERE id = $1");
        command.Parameters.AddWithValue(user);
        if (await command.ExecuteNonQueryAsync(cancellationToken) != 1)
        {
            throw new ChaosException($"There is no user {user}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Direct.DisposeAsync();
        await ExecuteAsync(_admin, $"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
    }

    private static async Task ExecuteAsync(NpgsqlConnectionStringBuilder admin, string sql)
    {
        await using var connection = new NpgsqlConnection(admin.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync();
    }
}
