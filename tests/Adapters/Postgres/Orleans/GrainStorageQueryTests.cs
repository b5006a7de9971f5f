using System.Data;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Orleans;

/// <summary>The storage queries, called as AdoNetGrainStorage calls them.</summary>
public sealed class GrainStorageQueryTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly OrleansQueries _queries = new(database.DataSource);
    private readonly string _key = $"wal_{Guid.NewGuid():N}";

    [Fact]
    public async Task A_state_that_was_never_written_reads_as_no_row()
    {
        (await _queries.RunAsync("ReadFromStorageKey", Grain())).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_first_write_makes_version_1_and_each_write_after_it_the_next()
    {
        (await WriteAsync(null, """{"n":1}""")).ShouldBe(1);
        (await WriteAsync(1, """{"n":2}""")).ShouldBe(2);
        (await WriteAsync(2, """{"n":3}""")).ShouldBe(3);

        var (payload, version) = await ReadAsync();
        version.ShouldBe(3);
        payload!["n"]!.GetValue<int>().ShouldBe(3);
    }

    [Fact]
    public async Task A_second_first_write_changes_nothing_and_returns_null()
    {
        await WriteAsync(null, """{"n":1}""");

        (await WriteAsync(null, """{"n":2}""")).ShouldBeNull();

        (await ReadAsync()).Payload!["n"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task A_stale_write_changes_nothing_and_returns_the_version_it_came_with()
    {
        // Not the stored version: Orleans would take any number but the caller's own as the new ETag.
        await WriteAsync(null, """{"n":1}""");
        await WriteAsync(1, """{"n":2}""");
        await WriteAsync(2, """{"n":3}""");

        (await WriteAsync(1, """{"n":9}""")).ShouldBe(1);
        (await WriteAsync(7, """{"n":9}""")).ShouldBe(7);

        (await ReadAsync()).Payload!["n"]!.GetValue<int>().ShouldBe(3);
    }

    [Fact]
    public async Task Of_ten_writers_with_one_version_exactly_one_writes()
    {
        await WriteAsync(null, """{"n":0}""");

        var versions = await Task.WhenAll(
            Enumerable.Range(1, 10).Select(n => WriteAsync(1, $$"""{"n":{{n}}}""")));

        versions.Count(version => version == 2).ShouldBe(1);
        versions.Count(version => version == 1).ShouldBe(9);
        (await ReadAsync()).Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_cleared_state_has_no_payload_but_keeps_counting_versions()
    {
        await WriteAsync(null, """{"n":1}""");

        (await _queries.ScalarAsync("ClearStorageKey", Grain(Version(1)))).ShouldBe(2);

        (await ReadAsync()).ShouldBe((null, 2));
        (await WriteAsync(1, """{"n":2}""")).ShouldBe(1);
        (await WriteAsync(2, """{"n":2}""")).ShouldBe(3);
    }

    [Fact]
    public async Task A_stale_clearing_changes_nothing_and_returns_the_version_it_came_with()
    {
        await WriteAsync(null, """{"n":1}""");
        await WriteAsync(1, """{"n":2}""");

        (await _queries.ScalarAsync("ClearStorageKey", Grain(Version(1)))).ShouldBe(1);
        (await _queries.ScalarAsync("DeleteStorageKey", Grain(Version(1)))).ShouldBe(1);

        (await ReadAsync()).Payload!["n"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task A_deleted_state_is_gone_and_a_writer_from_before_is_stale()
    {
        await WriteAsync(null, """{"n":1}""");

        (await _queries.ScalarAsync("DeleteStorageKey", Grain(Version(1)))).ShouldBe(2);

        (await _queries.RunAsync("ReadFromStorageKey", Grain())).ShouldBeEmpty();
        (await WriteAsync(1, """{"n":2}""")).ShouldBe(1);
        (await WriteAsync(null, """{"n":2}""")).ShouldBe(1);
    }

    [Fact]
    public async Task A_state_is_found_by_service_name_and_key_together()
    {
        await WriteAsync(null, """{"n":1}""");

        (await _queries.RunAsync("ReadFromStorageKey", With(Grain(), "ServiceId", "other"))).ShouldBeEmpty();
        (await _queries.RunAsync("ReadFromStorageKey", With(Grain(), "GrainTypeString", "other"))).ShouldBeEmpty();
        (await _queries.RunAsync("ReadFromStorageKey", With(Grain(), "GrainIdExtensionString", "wal_other")))
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task A_key_that_Orleans_took_for_a_number_is_refused()
    {
        // What the provider passes for the grain key "deadbeef": an integer key and no text.
        var parameters = With(
            With(Grain(Version(null), Payload("{}")), "GrainIdN1", 0xdeadbeefL), "GrainIdExtensionString", Null.Text);

        var refusal = await Should.ThrowAsync<PostgresException>(
            () => _queries.RunAsync("WriteToStorageKey", parameters));

        refusal.MessageText.ShouldBe(
            "state wallet: the grain key is not a prefixed string; Orleans read it as a GUID or a number");
    }

    [Fact]
    public async Task A_state_above_one_MiB_is_refused()
    {
        var refusal = await Should.ThrowAsync<PostgresException>(
            () => WriteAsync(null, $$"""{"text":"{{new string('x', 1 << 20)}}"}"""));

        refusal.SqlState.ShouldBe(PostgresErrorCodes.ProgramLimitExceeded);
    }

    private async Task<int?> WriteAsync(int? version, string json) =>
        (int?)await _queries.ScalarAsync("WriteToStorageKey", Grain(Version(version), Payload(json)));

    private async Task<(JsonNode? Payload, int Version)> ReadAsync()
    {
        var row = (await _queries.RunAsync("ReadFromStorageKey", Grain())).ShouldHaveSingleItem();
        return (row["PayloadBinary"] is byte[] bytes ? JsonNode.Parse(bytes) : null, (int)row["Version"]!);
    }

    private (string Name, object? Value)[] Grain(params (string Name, object? Value)[] more) =>
    [
        ("GrainIdHash", 12345), ("GrainIdN0", 0L), ("GrainIdN1", 0L), ("GrainTypeHash", -54321),
        ("GrainTypeString", "wallet"), ("GrainIdExtensionString", _key), ("ServiceId", "tests"), .. more,
    ];

    private static (string Name, object? Value) Version(int? version) =>
        ("GrainStateVersion", version is null ? Null.Int : version);

    private static (string Name, object? Value) Payload(string json) => ("PayloadBinary", Encoding.UTF8.GetBytes(json));

    private static (string Name, object? Value)[] With((string Name, object? Value)[] all, string name, object value) =>
        [.. all.Select(pair => pair.Name == name ? (name, value) : pair)];
}
