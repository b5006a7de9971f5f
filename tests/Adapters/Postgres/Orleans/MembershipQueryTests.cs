using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Orleans;

/// <summary>The clustering queries, called as AdoNetClusteringTable calls them.</summary>
public sealed class MembershipQueryTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int Active = 3;
    private const int Dead = 6;

    private static readonly DateTime Started = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Alive = new(2026, 3, 1, 12, 5, 0, DateTimeKind.Utc);

    private readonly OrleansQueries _queries = new(database.DataSource);
    private readonly string _cluster = $"tests-{Guid.NewGuid():N}";

    [Fact]
    public async Task A_new_cluster_has_version_0_and_no_member()
    {
        (await CreateAsync()).ShouldBe(true);
        (await CreateAsync()).ShouldBe(false);

        var row = (await _queries.RunAsync("MembershipReadAllKey", Cluster())).ShouldHaveSingleItem();
        row["Version"].ShouldBe(0);
        row["StartTime"].ShouldBeNull();
        var one = (await _queries.RunAsync("MembershipReadRowKey", Cluster(Silo(1)))).ShouldHaveSingleItem();
        one["Version"].ShouldBe(0);
    }

    [Fact]
    public async Task A_member_comes_back_as_it_was_inserted()
    {
        await CreateAsync();
        (await InsertAsync(1, version: 0)).ShouldBe(true);

        var row = (await _queries.RunAsync("MembershipReadRowKey", Cluster(Silo(1)))).ShouldHaveSingleItem();
        row.ShouldBe(
            new Dictionary<string, object?>
            {
                ["address"] = "127.0.0.1", ["port"] = 11111, ["generation"] = 1, ["siloname"] = "silo",
                ["hostname"] = "host", ["status"] = Active, ["proxyport"] = 30000, ["suspecttimes"] = null,
                ["starttime"] = Started, ["iamalivetime"] = Alive, ["version"] = 1,
            },
            ignoreOrder: true);
    }

    [Fact]
    public async Task A_change_that_expects_another_version_is_refused_and_counts_nothing()
    {
        await CreateAsync();
        await InsertAsync(1, version: 0);

        (await InsertAsync(2, version: 0)).ShouldBe(false);
        (await InsertAsync(1, version: 1)).ShouldBe(false);
        (await UpdateAsync(1, Dead, version: 0)).ShouldBe(false);
        (await UpdateAsync(9, Dead, version: 1)).ShouldBe(false);

        var row = (await _queries.RunAsync("MembershipReadAllKey", Cluster())).ShouldHaveSingleItem();
        row["Version"].ShouldBe(1);
        row["Status"].ShouldBe(Active);
    }

    [Fact]
    public async Task Of_ten_silos_that_join_at_one_version_exactly_one_does()
    {
        await CreateAsync();

        var joined = await Task.WhenAll(Enumerable.Range(1, 10).Select(silo => InsertAsync(silo, version: 0)));

        joined.Count(result => result is true).ShouldBe(1);
        (await _queries.RunAsync("MembershipReadAllKey", Cluster())).ShouldHaveSingleItem()["Version"].ShouldBe(1);
    }

    [Fact]
    public async Task An_update_changes_status_suspicions_and_the_version()
    {
        await CreateAsync();
        await InsertAsync(1, version: 0);

        (await UpdateAsync(1, Dead, version: 1, "S1,2026-03-01 12:00:00.000 GMT")).ShouldBe(true);

        var row = (await _queries.RunAsync("MembershipReadAllKey", Cluster())).ShouldHaveSingleItem();
        row["Status"].ShouldBe(Dead);
        row["SuspectTimes"].ShouldBe("S1,2026-03-01 12:00:00.000 GMT");
        row["Version"].ShouldBe(2);
    }

    [Fact]
    public async Task A_sign_of_life_leaves_the_version_alone()
    {
        await CreateAsync();
        await InsertAsync(1, version: 0);

        await _queries.RunAsync("UpdateIAmAlivetimeKey", Cluster([.. Silo(1), ("IAmAliveTime", Alive.AddMinutes(1))]));

        var row = (await _queries.RunAsync("MembershipReadAllKey", Cluster())).ShouldHaveSingleItem();
        row["IAmAliveTime"].ShouldBe(Alive.AddMinutes(1));
        row["Version"].ShouldBe(1);
    }

    [Fact]
    public async Task Gateways_are_the_active_silos_that_have_a_gateway_port()
    {
        await CreateAsync();
        await InsertAsync(1, version: 0);
        await InsertAsync(2, version: 1, proxyPort: 0);
        await InsertAsync(3, version: 2);
        await UpdateAsync(3, Dead, version: 3);

        var row = (await _queries.RunAsync("GatewaysQueryKey", Cluster(("Status", Active)))).ShouldHaveSingleItem();
        row.ShouldBe(
            new Dictionary<string, object?>
            {
                ["address"] = "127.0.0.1", ["proxyport"] = 30000, ["generation"] = 1,
            },
            ignoreOrder: true);
    }

    [Fact]
    public async Task Cleaning_up_removes_the_silent_ones_that_are_not_active()
    {
        await CreateAsync();
        await InsertAsync(1, version: 0);
        await InsertAsync(2, version: 1);
        await UpdateAsync(2, Dead, version: 2);

        await _queries.RunAsync("CleanupDefunctSiloEntriesKey", Cluster(("IAmAliveTime", Alive)));
        (await GenerationsAsync()).ShouldBe([1, 2], ignoreOrder: true);
        await _queries.RunAsync("CleanupDefunctSiloEntriesKey", Cluster(("IAmAliveTime", Alive.AddSeconds(1))));
        (await GenerationsAsync()).ShouldBe([1]);
    }

    [Fact]
    public async Task One_dead_silo_is_removed_only_if_nothing_of_it_changed()
    {
        await CreateAsync();
        await InsertAsync(1, version: 0);
        await UpdateAsync(1, Dead, version: 1);
        (string, object?)[] asRead =
            [.. Silo(1), ("SuspectTimes", Null.Text), ("StartTime", Started), ("IAmAliveTime", Alive)];

        await _queries.RunAsync("CleanupDefunctSiloEntryKey", Cluster([.. asRead[..^1], ("IAmAliveTime", Started)]));
        (await GenerationsAsync()).ShouldBe([1]);
        await _queries.RunAsync("CleanupDefunctSiloEntryKey", Cluster(asRead));
        (await GenerationsAsync()).ShouldBe([null]);
    }

    [Fact]
    public async Task Deleting_a_cluster_leaves_the_others()
    {
        await CreateAsync();
        await InsertAsync(1, version: 0);

        await _queries.RunAsync("DeleteMembershipTableEntriesKey", ("DeploymentId", "another"));
        (await GenerationsAsync()).ShouldBe([1]);
        await _queries.RunAsync("DeleteMembershipTableEntriesKey", Cluster());
        (await GenerationsAsync()).ShouldBeEmpty();
    }

    private Task<object?> CreateAsync() => _queries.ScalarAsync("InsertMembershipVersionKey", Cluster());

    private Task<object?> InsertAsync(int silo, int version, int proxyPort = 30000) =>
        _queries.ScalarAsync("InsertMembershipKey", Cluster(
        [
            .. Silo(silo), ("SiloName", "silo"), ("HostName", "host"), ("Status", Active), ("ProxyPort", proxyPort),
            ("StartTime", Started), ("IAmAliveTime", Alive), ("Version", version),
        ]));

    private Task<object?> UpdateAsync(int silo, int status, int version, string? suspectTimes = null) =>
        _queries.ScalarAsync("UpdateMembershipKey", Cluster(
        [
            .. Silo(silo), ("IAmAliveTime", Alive), ("Status", status),
            ("SuspectTimes", suspectTimes is null ? Null.Text : suspectTimes), ("Version", version),
        ]));

    private async Task<IEnumerable<object?>> GenerationsAsync() =>
        (await _queries.RunAsync("MembershipReadAllKey", Cluster())).Select(row => row["Generation"]);

    private (string Name, object? Value)[] Cluster(params (string Name, object? Value)[] more) =>
        [("DeploymentId", _cluster), .. more];

    private static (string Name, object? Value)[] Silo(int generation) =>
        [("Address", "127.0.0.1"), ("Port", 11111), ("Generation", generation)];
}
