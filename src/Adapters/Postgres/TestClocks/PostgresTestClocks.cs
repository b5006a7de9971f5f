using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Scheduling;
using StellarPay.Grains.TestClocks;

namespace StellarPay.Adapters.Postgres.TestClocks;

/// <summary>Test clocks; infra/postgres/migrations/0064_test_clocks.sql.</summary>
internal sealed class PostgresTestClocks(NpgsqlDataSource database, KeyedWrites writes, IOptions<PostgresOptions> options) : ITestClocks
{
    private const string Rows =
        """
        SELECT c.id, c.merchant, c.name, c.created_at, c.deletes_after, c.frozen_time, c.target, c.status
        FROM test_clocks c
        WHERE c.service_id = $1 AND c.merchant = $2 AND c.status IN ('ready', 'advancing', 'internal_failure')
        """;

    public async Task<TestClockTime?> FindTimeAsync(string clock, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT c.merchant, c.frozen_time, c.ledger, c.status FROM test_clocks c WHERE c.service_id = $1 AND c.id = $2");
        command.Parameters.AddWithValue(clock);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new TestClockTime(
                reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetInt64(2), reader.GetString(3) == "ready",
                reader.GetString(3) is "deleting" or "deleted")
            : null;
    }

    public async Task<bool> AddAsync(TestClock clock, int most, RequestKey? key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clock);
        await using var command = new NpgsqlCommand("SELECT test_clock_add($1, $2, $3, $4, $5, $6, $7, $8)");
        command.Parameters.AddWithValue(options.Value.ServiceId);
        command.Parameters.AddWithValue(clock.Id.Value);
        command.Parameters.AddWithValue(clock.Merchant.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)clock.Name ?? DBNull.Value);
        command.Parameters.AddWithValue(clock.FrozenTime.ToUniversalTime());
        command.Parameters.AddWithValue(clock.CreatedAt.ToUniversalTime());
        command.Parameters.AddWithValue(clock.DeletesAfter.ToUniversalTime());
        command.Parameters.AddWithValue(most);
        return (bool)(await writes.ScalarAsync(command, key, clock.Id.Value, answer => answer is true, cancellationToken))!;
    }

    public async Task<TestClock?> FindAsync(MerchantId merchant, TestClockId clock, CancellationToken cancellationToken)
    {
        await using var command = Command($"{Rows} AND c.id = $3");
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(clock.Value);
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    public async Task<IReadOnlyList<TestClock>?> ListAsync(
        MerchantId merchant, TestClockId? named, bool isBackwards, int limit, CancellationToken cancellationToken)
    {
        if (named is { } one && await FindAsync(merchant, one, cancellationToken) is null)
        {
            return null;
        }

        var (than, order) = isBackwards ? (">", "ASC") : ("<", "DESC");
        await using var command = Command(
            $"""
            {Rows} AND ($3::text IS NULL OR c.number {than} (SELECT n.number FROM test_clocks n WHERE n.service_id = $1 AND n.id = $3))
            ORDER BY c.number {order} LIMIT $4
            """);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)named?.Value ?? DBNull.Value);
        command.Parameters.AddWithValue(limit);
        return await ReadAsync(command, cancellationToken);
    }

    public async Task<string> AdvanceAsync(
        MerchantId merchant, TestClockId clock, DateTimeOffset target, RequestKey? key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT test_clock_advance($1, $2, $3, $4)");
        command.Parameters.AddWithValue(options.Value.ServiceId);
        command.Parameters.AddWithValue(clock.Value);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(target.ToUniversalTime());
        return (string)(await writes.ScalarAsync(command, key, clock.Value, answer => answer is "moving", cancellationToken))!;
    }

    public async Task<bool> DeleteAsync(MerchantId merchant, TestClockId clock, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT test_clock_delete($1, $2, $3)");
        command.Parameters.AddWithValue(clock.Value);
        command.Parameters.AddWithValue(merchant.Value);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<string> AdmitAsync(MerchantId merchant, TestClockId clock, int most, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT test_clock_admit($1, $2, $3, $4)");
        command.Parameters.AddWithValue(clock.Value);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(most);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task GiveBackAsync(TestClockId clock, CancellationToken cancellationToken)
    {
        await using var command = Command("UPDATE test_clocks SET owners = owners - 1 WHERE service_id = $1 AND id = $2 AND owners > 0");
        command.Parameters.AddWithValue(clock.Value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<string>> FindMovingAsync(
        DateTimeOffset now, int partition, int limit, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT m.clock FROM test_clocks_moving($1, $2, $3, $4, $5) m");
        command.Parameters.AddWithValue(now.ToUniversalTime());
        command.Parameters.AddWithValue(partition);
        command.Parameters.AddWithValue(DuePartitions.Count);
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var moving = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            moving.Add(reader.GetString(0));
        }

        return moving;
    }

    public async Task<TestClockStep> StepAsync(
        string clock, int attempts, TimeSpan pause, int limit, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT s.goes_on, s.state_names, s.grain_keys FROM test_clock_step($1, $2, $3, $4, $5) s");
        command.Parameters.AddWithValue(clock);
        command.Parameters.AddWithValue(attempts);
        command.Parameters.AddWithValue(pause);
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new TestClockStep(
            reader.GetBoolean(0), [.. reader.GetFieldValue<string[]>(1).Zip(reader.GetFieldValue<string[]>(2))]);
    }

    private NpgsqlCommand Command(string text)
    {
        var command = database.CreateCommand(text);
        command.Parameters.AddWithValue(options.Value.ServiceId);
        return command;
    }

    private static async Task<List<TestClock>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<TestClock>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new TestClock(
                TestClockId.Parse(reader.GetString(0)), MerchantId.Parse(reader.GetString(1)),
                reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.GetFieldValue<DateTimeOffset>(3), reader.GetFieldValue<DateTimeOffset>(4), reader.GetFieldValue<DateTimeOffset>(5),
                reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6), reader.GetString(7)));
        }

        return found;
    }
}
