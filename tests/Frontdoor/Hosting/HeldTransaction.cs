using Npgsql;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>A transaction of the test's own that others wait for, so that what overlaps does so each time.</summary>
internal sealed class HeldTransaction : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private HeldTransaction(NpgsqlDataSource database, NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_database, _connection, _transaction) = (database, connection, transaction);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<HeldTransaction> BeginAsync(NpgsqlDataSource database, string sql, params object[] values)
    {
        var connection = await database.OpenConnectionAsync(Cancelled);
        var held = new HeldTransaction(database, connection, await connection.BeginTransactionAsync(Cancelled));
        await held.RunAsync(sql, values);
        return held;
    }

    public async Task<object?> RunAsync(string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, _connection, _transaction);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return await command.ExecuteScalarAsync(Cancelled);
    }

    /// <summary>Until somebody waits for what this has locked, or as many as are said.</summary>
    public Task UntilWaitedForAsync(int many = 1) => Eventually.UntilAsync(
        async () =>
        {
            await using var command = _database.CreateCommand(
                "SELECT count(*) >= $2 FROM pg_stat_activity a WHERE $1 = ANY (pg_blocking_pids(a.pid))");
            command.Parameters.AddWithValue(_connection.ProcessID);
            command.Parameters.AddWithValue(many);
            return (bool)(await command.ExecuteScalarAsync(Cancelled))!;
        },
        $"{many} wait for what is held");

    public Task CommitAsync() => _transaction.CommitAsync(Cancelled);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
