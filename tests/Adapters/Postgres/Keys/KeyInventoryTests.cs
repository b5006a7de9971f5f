using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Keys;
using StellarPay.Grains.Keys;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Keys;

public sealed class KeyInventoryTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private PostgresKeyInventory Inventory => new(
        database.DataSource, Options.Create(new PostgresOptions { ServiceId = _service }));

    [Fact]
    public async Task Seeds_are_counted_by_the_key_that_wraps_them_in_members_and_in_lists()
    {
        await PutAsync("wallet", "wal_1", """{"key":{"keyId":"a"},"address":"G","payments":[{"id":"p"}]}""");
        await PutAsync("wallet", "wal_2", """{"key":{"keyId":"b"},"nextKey":{"keyId":"a"}}""");
        await PutAsync("sponsor", "plt_1", """{"key":{"keyId":"a"},"older":[{"keyId":"b"},{"keyId":"c"}]}""");
        await PutAsync("follower", "net_1", """{"cursor":5,"keyId":"not a seed"}""");

        (await Inventory.CountAsync(Stop)).ShouldBe(new Dictionary<string, long> { ["a"] = 3, ["b"] = 2, ["c"] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task States_that_another_key_wraps_come_in_pages_and_each_once()
    {
        for (var i = 0; i < 7; i++)
        {
            await PutAsync("wallet", $"wal_{i}", $$$"""{"key":{"keyId":"{{{(i % 2 == 0 ? "old" : "new")}}}"}}""");
        }

        await PutAsync("fee_account", "plt_fees_00", """{"key":{"keyId":"old"}}""");

        var found = new List<KeyHolder>();
        IReadOnlyList<KeyHolder> page = [];
        do
        {
            page = await Inventory.ReadOthersAsync("new", page.Count == 0 ? null : page[^1], 2, Stop);
            found.AddRange(page);
        }
        while (page.Count > 0);

        found.Select(holder => holder.GrainKey).ShouldBe(["plt_fees_00", "wal_0", "wal_2", "wal_4", "wal_6"]);
        (await Inventory.ReadOthersAsync("old", null, 10, Stop)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Asking_by_the_database_makes_the_rotation_due_and_fences_what_its_grain_has_in_memory()
    {
        await ScalarAsync("SELECT key_rotation_ask(@service)");
        (await ScalarAsync("SELECT payload ->> 'asked' FROM grain_state WHERE service_id = @service AND due_at <= now()"))
            .ShouldBe("true");
        await ScalarAsync("UPDATE grain_state SET payload = payload || '{\"rewrapped\":7}' WHERE service_id = @service");

        await ScalarAsync("SELECT key_rotation_ask(@service)");

        (await ScalarAsync("SELECT payload ->> 'rewrapped' FROM grain_state WHERE service_id = @service")).ShouldBe("7");
        (await ScalarAsync("SELECT version FROM grain_state WHERE service_id = @service")).ShouldBe(2);
    }

    private async Task PutAsync(string state, string key, string payload)
    {
        await using var command = database.DataSource.CreateCommand(
            "SELECT grain_state_write(@service, @state, @key, NULL, convert_to(@payload, 'UTF8'))");
        command.Parameters.AddWithValue("service", _service);
        command.Parameters.AddWithValue("state", state);
        command.Parameters.AddWithValue("key", key);
        command.Parameters.AddWithValue("payload", payload);
        await command.ExecuteScalarAsync(Stop);
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        command.Parameters.AddWithValue("service", _service);
        return await command.ExecuteScalarAsync(Stop);
    }
}
