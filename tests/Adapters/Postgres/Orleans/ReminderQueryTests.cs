using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Orleans;

/// <summary>The reminder queries, called as AdoNetReminderTable calls them.</summary>
public sealed class ReminderQueryTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly DateTime Start = new(2026, 3, 1, 12, 30, 0, DateTimeKind.Utc);

    private readonly OrleansQueries _queries = new(database.DataSource);
    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    [Fact]
    public async Task A_reminder_comes_back_as_it_was_stored_and_a_second_upsert_counts_its_version()
    {
        (await UpsertAsync("due/due_00", "wake", 7)).ShouldBe(0);
        (await UpsertAsync("due/due_00", "wake", 7)).ShouldBe(1);

        var row = (await _queries.RunAsync(
            "ReadReminderRowKey", ("ServiceId", _service), ("GrainId", "due/due_00"), ("ReminderName", "wake")))
            .ShouldHaveSingleItem();
        row["GrainId"].ShouldBe("due/due_00");
        row["ReminderName"].ShouldBe("wake");
        row["StartTime"].ShouldBe(Start);
        row["Period"].ShouldBe(60_000L);
        row["Version"].ShouldBe(1);
    }

    [Fact]
    public async Task A_period_longer_than_32_bits_of_milliseconds_is_kept()
    {
        await _queries.ScalarAsync(
            "UpsertReminderRowKey", ("ServiceId", _service), ("GrainHash", 1), ("GrainId", "loan/ln_1"),
            ("ReminderName", "yearly"), ("StartTime", Start), ("Period", 31_536_000_000L));

        (await NamesAsync("ReadReminderRowsKey", "Period", ("GrainId", "loan/ln_1"))).ShouldBe([31_536_000_000L]);
    }

    [Fact]
    public async Task All_reminders_of_one_grain_are_read_and_no_other()
    {
        await UpsertAsync("loan/ln_1", "first", 1);
        await UpsertAsync("loan/ln_1", "second", 1);
        await UpsertAsync("loan/ln_2", "other", 1);

        (await NamesAsync("ReadReminderRowsKey", "ReminderName", ("GrainId", "loan/ln_1")))
            .ShouldBe(["first", "second"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_range_takes_hashes_after_its_begin_up_to_its_end_signed()
    {
        foreach (var hash in new[] { int.MinValue, -10, -9, 0, 9, 10, int.MaxValue })
        {
            await UpsertAsync($"grain/g_{hash}", "wake", hash);
        }

        (await NamesAsync("ReadRangeRows1Key", "GrainId", ("BeginHash", -10), ("EndHash", 9)))
            .ShouldBe(["grain/g_-9", "grain/g_0", "grain/g_9"], ignoreOrder: true);
        (await NamesAsync("ReadRangeRows2Key", "GrainId", ("BeginHash", 9), ("EndHash", -10)))
            .ShouldBe(
                ["grain/g_10", $"grain/g_{int.MaxValue}", $"grain/g_{int.MinValue}", "grain/g_-10"],
                ignoreOrder: true);
    }

    [Fact]
    public async Task Only_the_version_that_was_read_can_be_deleted()
    {
        await UpsertAsync("due/due_00", "wake", 7);
        await UpsertAsync("due/due_00", "wake", 7);

        (await DeleteAsync(0)).ShouldBe(false);
        (await DeleteAsync(1)).ShouldBe(true);
        (await DeleteAsync(1)).ShouldBe(false);
    }

    [Fact]
    public async Task Clearing_the_table_clears_one_service()
    {
        await UpsertAsync("due/due_00", "wake", 7);

        await _queries.RunAsync("DeleteReminderRowsKey", ("ServiceId", "another"));
        (await NamesAsync("ReadReminderRowsKey", "GrainId", ("GrainId", "due/due_00"))).ShouldHaveSingleItem();
        await _queries.RunAsync("DeleteReminderRowsKey", ("ServiceId", _service));
        (await NamesAsync("ReadReminderRowsKey", "GrainId", ("GrainId", "due/due_00"))).ShouldBeEmpty();
    }

    private Task<object?> UpsertAsync(string grain, string name, int hash) =>
        _queries.ScalarAsync(
            "UpsertReminderRowKey", ("ServiceId", _service), ("GrainHash", hash), ("GrainId", grain),
            ("ReminderName", name), ("StartTime", Start), ("Period", 60_000));

    private Task<object?> DeleteAsync(int version) =>
        _queries.ScalarAsync(
            "DeleteReminderRowKey", ("ServiceId", _service), ("GrainId", "due/due_00"), ("ReminderName", "wake"),
            ("Version", version));

    private async Task<IEnumerable<object?>> NamesAsync(
        string query, string column, params (string Name, object? Value)[] parameters) =>
        (await _queries.RunAsync(query, [("ServiceId", _service), .. parameters])).Select(row => row[column]);
}
