using Npgsql;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Events;

public sealed class AppendOnlyTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Theory]
    [InlineData("events", "UPDATE", "UPDATE events SET type = 'other'")]
    [InlineData("events", "DELETE", "DELETE FROM events")]
    [InlineData("events", "TRUNCATE", "TRUNCATE events")]
    [InlineData("audit_log", "UPDATE", "UPDATE audit_log SET actor = 'other'")]
    [InlineData("audit_log", "DELETE", "DELETE FROM audit_log WHERE false")]
    [InlineData("audit_log", "TRUNCATE", "TRUNCATE audit_log")]
    public async Task What_happened_cannot_be_changed(string table, string operation, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);

        var refusal = await Should.ThrowAsync<PostgresException>(
            () => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));

        refusal.MessageText.ShouldBe($"{table} is append-only: {operation} refused");
        refusal.SqlState.ShouldBe(PostgresErrorCodes.RestrictViolation);
    }
}
