using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Orleans;

public sealed class OrleansQueryTableTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    // Orleans 10.4: DbStoredQueries of persistence, reminders and clustering. A missing one stops the silo's start.
    private static readonly string[] Keys =
    [
        "WriteToStorageKey", "ReadFromStorageKey", "ClearStorageKey", "DeleteStorageKey",
        "UpsertReminderRowKey", "ReadReminderRowsKey", "ReadReminderRowKey", "ReadRangeRows1Key", "ReadRangeRows2Key",
        "DeleteReminderRowKey", "DeleteReminderRowsKey",
        "InsertMembershipVersionKey", "InsertMembershipKey", "UpdateMembershipKey", "UpdateIAmAlivetimeKey",
        "MembershipReadRowKey", "MembershipReadAllKey", "GatewaysQueryKey", "DeleteMembershipTableEntriesKey",
        "CleanupDefunctSiloEntriesKey", "CleanupDefunctSiloEntryKey",
    ];

    [Fact]
    public async Task Every_query_that_Orleans_asks_for_is_there()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var command = database.DataSource.CreateCommand("SELECT QueryKey, QueryText FROM OrleansQuery");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(reader.GetString(reader.GetOrdinal("QueryKey")));
            reader.GetString(reader.GetOrdinal("QueryText")).ShouldNotBeNullOrWhiteSpace();
        }

        keys.ShouldBe(Keys, ignoreOrder: true);
    }
}
