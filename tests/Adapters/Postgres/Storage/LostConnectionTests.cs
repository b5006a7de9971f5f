using Npgsql;
using Orleans.Storage;
using StellarPay.Adapters.Postgres.Storage.GroupCommit;
using StellarPay.Chaos.Deployment;
using StellarPay.Grains.Failures;
using StellarPay.Tests.Shared;
using static StellarPay.Adapters.Tests.Postgres.Storage.CommitHost;

namespace StellarPay.Adapters.Tests.Postgres.Storage;

/// <summary>A write whose answer was lost is unknown: never tried again, and settled before anybody reads.</summary>
public sealed class LostConnectionTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_write_that_was_committed_before_the_cut_is_read_as_it_was_written()
    {
        await using var host = await CommitHost.StartAsync(database);
        var (key, state) = (NewKey(), New(1));
        await WriteAsync(host.Hot, key, state);
        host.Proxy.FailWrites(WriteFault.AfterItTookEffect, 1);
        state.State!.N = 2;

        var lost = await Should.ThrowAsync<WriteUnknownException>(WriteAsync(host.Hot, key, state));

        PassingFailures.Passes(lost).ShouldBeTrue();
        state.ETag.ShouldBe("1");
        var read = await ReadAsync(host.Hot, key);
        // It has moved on already, so that nothing needs to be raised.
        (read.ETag, read.State!.N).ShouldBe(("2", 2));
        read.State.N = 3;
        await WriteAsync(host.Hot, key, read);
        (await ReadAsync(host.Usual, key)).State!.N.ShouldBe(3);
    }

    [Fact]
    public async Task A_write_that_never_arrived_is_claimed_and_can_only_be_stale_from_then_on()
    {
        await using var host = await CommitHost.StartAsync(database);
        var (key, state) = (NewKey(), New(1));
        await WriteAsync(host.Hot, key, state);
        host.Proxy.FailWrites(WriteFault.BeforeItTookEffect, 1);

        await Should.ThrowAsync<WriteUnknownException>(WriteAsync(host.Hot, key, state));

        var read = await ReadAsync(host.Hot, key);
        (read.ETag, read.State!.N).ShouldBe(("2", 1));
        (await WriteLateAsync(key, version: 1)).ShouldBe("stale");
        read.State.N = 2;
        await WriteAsync(host.Hot, key, read);
        (await ReadAsync(host.Hot, key)).State!.N.ShouldBe(2);
    }

    [Fact]
    public async Task A_first_write_that_never_arrived_is_claimed_where_there_is_no_row()
    {
        await using var host = await CommitHost.StartAsync(database);
        await WriteAsync(host.Hot, NewKey(), New(0));
        var key = NewKey();
        host.Proxy.FailWrites(WriteFault.BeforeItTookEffect, 1);

        await Should.ThrowAsync<WriteUnknownException>(WriteAsync(host.Hot, key, New(1)));

        var read = await ReadAsync(host.Hot, key);
        (read.ETag, read.RecordExists, read.State!.N).ShouldBe(("1", false, 0));
        (await WriteLateAsync(key, version: null)).ShouldBe("stale");
        read.State.N = 5;
        await WriteAsync(host.Hot, key, read);
        (await ReadAsync(host.Usual, key)).State!.N.ShouldBe(5);
    }

    [Fact]
    public async Task What_is_held_on_its_way_and_arrives_after_the_read_changes_nothing()
    {
        await using var host = await CommitHost.StartAsync(database);
        var (key, state) = (NewKey(), New(1));
        await WriteAsync(host.Hot, key, state);
        host.Proxy.FailWrites(WriteFault.Held, 1);
        state.State!.N = 2;
        var write = WriteAsync(host.Hot, key, state);
        await UntilAsync(() => Task.FromResult(host.Proxy.HitsOf(WriteFault.Held) == 1));

        host.Proxy.CutClients();
        await Should.ThrowAsync<WriteUnknownException>(write);
        var read = await ReadAsync(host.Hot, key);
        host.Proxy.LetGo();

        (read.ETag, read.State!.N).ShouldBe(("2", 1));
        read.State.N = 3;
        await WriteAsync(host.Hot, key, read);
        (await ReadAsync(host.Hot, key)).State!.N.ShouldBe(3);
    }

    [Fact]
    public async Task While_a_commit_is_held_what_comes_waits_and_the_door_is_told()
    {
        await using var host = await CommitHost.StartAsync(database);
        await WriteAsync(host.Hot, NewKey(), New(0));
        host.Proxy.FailWrites(WriteFault.Held, 1);
        var held = WriteAsync(host.Hot, NewKey(), New(1));
        await UntilAsync(() => Task.FromResult(host.Proxy.HitsOf(WriteFault.Held) == 1));
        host.Pressure.IsHigh.ShouldBeFalse();

        var waiting = WriteAsync(host.Hot, NewKey(), New(2));
        await UntilAsync(() => Task.FromResult(host.Pressure.IsHigh));
        host.Pressure.Delay.ShouldBeGreaterThan(WriteQueue.PressedDelay);
        host.Proxy.LetGo();

        await Task.WhenAll(held, waiting);
        host.Pressure.IsHigh.ShouldBeFalse();
    }

    [Fact]
    public async Task Another_silo_finds_nothing_unknown_though_nobody_here_reads()
    {
        await using var host = await CommitHost.StartAsync(database);
        var (key, state) = (NewKey(), New(1));
        await WriteAsync(host.Hot, key, state);
        host.Proxy.FailWrites(WriteFault.BeforeItTookEffect, 1);
        await Should.ThrowAsync<WriteUnknownException>(WriteAsync(host.Hot, key, state));

        await UntilAsync(async () => (await ReadAsync(host.Usual, key)).ETag == "2");
        (await WriteLateAsync(key, version: 1)).ShouldBe("stale");
    }

    [Fact]
    public async Task A_read_waits_for_the_write_that_is_out()
    {
        await using var host = await CommitHost.StartAsync(database);
        var (key, state) = (NewKey(), New(1));
        await WriteAsync(host.Hot, key, state);
        host.Proxy.FailWrites(WriteFault.Held, 1);
        state.State!.N = 2;
        var write = WriteAsync(host.Hot, key, state);
        await UntilAsync(() => Task.FromResult(host.Proxy.HitsOf(WriteFault.Held) == 1));

        var read = ReadAsync(host.Hot, key);
        await Should.ThrowAsync<InconsistentStateException>(WriteAsync(host.Hot, key, New(9)));
        read.IsCompleted.ShouldBeFalse();
        host.Proxy.LetGo();

        (await read).State!.N.ShouldBe(2);
        await write;
    }

    // What the lost session would have done, had it come through at last.
    private async Task<string?> WriteLateAsync(string key, int? version)
    {
        await using var command = database.DataSource.CreateCommand(
            "SELECT verdict FROM grain_states_write('tests', ARRAY[$1], ARRAY[$2], ARRAY[$3], ARRAY[convert_to('{\"n\":99}', 'UTF8')])");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StateName });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<int?> { TypedValue = version });
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) as string;
    }
}
