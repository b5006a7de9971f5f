using Npgsql;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Audit;

public sealed class AuditLogTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly string _chain = $"chain-{Guid.NewGuid():N}";

    [Fact]
    public async Task Each_row_carries_the_hash_of_the_one_before_it()
    {
        await AppendAsync();
        await AppendAsync();
        await AppendAsync();

        (await ScalarAsync(
            """
            SELECT count(*) FROM audit_log a JOIN audit_log b ON b.chain = a.chain AND b.number = a.number + 1
            WHERE a.chain = $1 AND b.previous_hash = a.hash
            """)).ShouldBe(2L);
        (await VerifyAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Writers_at_once_make_one_chain_without_gaps()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => AppendAsync()));

        (await ScalarAsync("SELECT max(number) FROM audit_log WHERE chain = $1")).ShouldBe(40L);
        (await VerifyAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_number_or_hash_that_an_insert_brings_along_is_not_taken()
    {
        await AppendAsync();
        await ScalarAsync(
            """
            INSERT INTO audit_log (chain, number, recorded_at, actor, action, subject, previous_hash, hash)
            VALUES ($1, 77, 'epoch', 'a', 'b', 'c', '\x00', '\x00')
            RETURNING number
            """);

        (await ScalarAsync("SELECT max(number) FROM audit_log WHERE chain = $1")).ShouldBe(2L);
        (await VerifyAsync()).ShouldBeNull();
    }

    // What someone who may switch triggers off can do to the second row of four, and the row that gives it away.
    [Theory]
    [InlineData("UPDATE audit_log SET actor = 'someone else' WHERE chain = $1 AND number = 2", 2)]
    [InlineData("""UPDATE audit_log SET data = '{"n": 2}' WHERE chain = $1 AND number = 2""", 2)]
    [InlineData("UPDATE audit_log SET recorded_at = recorded_at - interval '1 us' WHERE chain = $1 AND number = 2", 2)]
    [InlineData("UPDATE audit_log a SET actor = 'x', hash = audit_hash(ROW(a.chain, a.number, a.recorded_at, 'x', a.action, a.subject, a.data, a.previous_hash, a.hash)::audit_log) WHERE chain = $1 AND number = 2", 3)]
    [InlineData("DELETE FROM audit_log WHERE chain = $1 AND number = 2", 2)]
    public async Task A_chain_that_was_tampered_with_shows_where(string tampering, long number)
    {
        for (var n = 0; n < 4; n++)
        {
            await AppendAsync();
        }

        await using (var connection = await database.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await ExecuteAsync(connection, "SET session_replication_role = replica");
            await ExecuteAsync(connection, tampering, _chain);
        }

        (await VerifyAsync()).ShouldBe(number);
    }

    [Fact]
    public async Task A_cut_off_end_shows_to_whoever_kept_the_last_hash()
    {
        await AppendAsync();
        await AppendAsync();
        var last = (byte[])(await ScalarAsync("SELECT hash FROM audit_log WHERE chain = $1 AND number = 2"))!;
        await using (var connection = await database.DataSource.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await ExecuteAsync(connection, "SET session_replication_role = replica");
            await ExecuteAsync(connection, "DELETE FROM audit_log WHERE chain = $1 AND number = 2", _chain);
        }

        (await VerifyAsync()).ShouldBeNull();
        await using var command = database.DataSource.CreateCommand("SELECT audit_verify($1, $2)");
        command.Parameters.AddWithValue(_chain);
        command.Parameters.AddWithValue(last);
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(2L);
    }

    private Task<object?> AppendAsync() =>
        ScalarAsync("""SELECT audit_append($1, 'usr_1', 'key.unwrapped', 'wal_1', '{"n": 1}')""");

    private async Task<long?> VerifyAsync() => await ScalarAsync("SELECT audit_verify($1)") as long?;

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        command.Parameters.AddWithValue(_chain);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params string[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.AddWithValue(parameter);
        }

        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
