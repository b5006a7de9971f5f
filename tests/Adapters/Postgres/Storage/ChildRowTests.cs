using System.Text.Json.Nodes;
using Npgsql;
using Orleans.Storage;
using StellarPay.Adapters.Postgres.Storage.GroupCommit;
using StellarPay.Chaos.Deployment;
using StellarPay.Tests.Shared;
using static StellarPay.Adapters.Tests.Postgres.Storage.CommitHost;

namespace StellarPay.Adapters.Tests.Postgres.Storage;

/// <summary>The rows of a state where a write's verdict is not simply done, and between the two providers.</summary>
public sealed class ChildRowTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Each_provider_reads_and_changes_the_rows_that_the_other_wrote()
    {
        await using var host = await CommitHost.StartAsync(database);
        var (key, state) = (NewKey(), New(1));
        state.State!.Rows = CommitRows.Putting("a", 1);
        await WriteAsync(host.Usual, key, state);

        var hot = await ReadAsync(host.Hot, key);
        Text(hot).ShouldBe("a1");
        hot.State!.Rows = CommitRows.Putting("b", 2);
        hot.State.Rows.Deleted = ["a"];
        await WriteAsync(host.Hot, key, hot);
        Text(await ReadAsync(host.Usual, key)).ShouldBe("b2");

        await host.Usual.ClearStateAsync(StateName, Grain(key), await ReadAsync(host.Usual, key));
        (await CountAsync(key)).ShouldBe(0);
        Text(await ReadAsync(host.Hot, key)).ShouldBe("");
    }

    [Fact]
    public async Task Rows_of_a_write_that_was_committed_before_the_cut_are_read_with_it()
    {
        await using var host = await CommitHost.StartAsync(database);
        var (key, state) = (NewKey(), New(1));
        await WriteAsync(host.Hot, key, state);
        host.Proxy.FailWrites(WriteFault.AfterItTookEffect, 1);
        (state.State!.N, state.State.Rows) = (2, CommitRows.Putting("a", 2));

        await Should.ThrowAsync<WriteUnknownException>(WriteAsync(host.Hot, key, state));

        var read = await ReadAsync(host.Hot, key);
        (read.ETag, read.State!.N, Text(read)).ShouldBe(("2", 2, "a2"));
    }

    [Fact]
    public async Task Rows_of_a_write_that_never_arrived_are_not_there_and_the_claim_keeps_the_old_ones()
    {
        await using var host = await CommitHost.StartAsync(database);
        var (key, state) = (NewKey(), New(1));
        state.State!.Rows = CommitRows.Putting("a", 1);
        await WriteAsync(host.Hot, key, state);
        host.Proxy.FailWrites(WriteFault.BeforeItTookEffect, 1);
        state.State.Rows = new CommitRows { Deleted = ["a"] };

        await Should.ThrowAsync<WriteUnknownException>(WriteAsync(host.Hot, key, state));

        var read = await ReadAsync(host.Hot, key);
        (read.ETag, Text(read)).ShouldBe(("2", "a1"));
    }

    [Fact]
    public async Task Among_writes_that_share_a_commit_a_refused_or_stale_one_leaves_no_row()
    {
        await using var host = await CommitHost.StartAsync(database);
        var (good, refused, stale) = (NewKey(), NewKey(), NewKey());
        await WriteAsync(host.Hot, stale, New(0));
        host.Proxy.FailWrites(WriteFault.Held, 1);
        var held = WriteAsync(host.Hot, NewKey(), New(0));
        await UntilAsync(() => Task.FromResult(host.Proxy.HitsOf(WriteFault.Held) == 1));

        var writes = new[] { good, refused, stale }.Select(key =>
        {
            var state = New(1);
            state.State!.Rows = CommitRows.Putting("a", 1);
            state.State.Outbox = key == refused ? [new JsonObject()] : [];
            return WriteAsync(host.Hot, key, state);
        }).ToArray();
        host.Proxy.LetGo();

        await Task.WhenAll(held, writes[0]);
        (await Should.ThrowAsync<PostgresException>(writes[1])).SqlState.ShouldBe(PostgresErrorCodes.NotNullViolation);
        await Should.ThrowAsync<InconsistentStateException>(writes[2]);
        (await CountAsync(good), await CountAsync(refused), await CountAsync(stale)).ShouldBe((1, 0, 0));
    }

    // It would take a wallet for one without payments.
    private static string Text(GrainState<CommitState> read) => string.Join(' ', (read.State!.Rows?.Stored ?? [])
        .OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => $"{row.Key}{row.Value["n"]}"));

    private Task<long> CountAsync(string key) => ScalarAsync<long>("SELECT count(*) FROM grain_rows WHERE grain_key = $1", key);

    private async Task<T> ScalarAsync<T>(string sql, string key)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
