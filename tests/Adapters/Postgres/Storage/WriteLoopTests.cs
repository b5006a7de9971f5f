using Microsoft.Extensions.Logging.Abstractions;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Adapters.Postgres.Storage.GroupCommit;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Storage;

/// <summary>Whatever happens to a loop's connection, who waits for a write is told.</summary>
public sealed class WriteLoopTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    // The loop closed the connection first, failed at that, and ended: its writers waited for ever.
    [Fact]
    public async Task Who_waits_is_told_though_the_lost_connection_cannot_be_closed()
    {
        await RunAsync(() => new BrokenConnection(), async queue =>
        {
            await Should.ThrowAsync<WriteUnknownException>(AddTo(queue).WaitAsync(Deadline));
            await Should.ThrowAsync<WriteUnknownException>(AddTo(queue).WaitAsync(Deadline));
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Who_waits_is_told_though_there_is_no_verdict_of_his_write(int verdicts)
    {
        await RunAsync(() => new ConfusedConnection(verdicts), async queue =>
        {
            await Should.ThrowAsync<WriteUnknownException>(AddTo(queue).WaitAsync(Deadline));
            await Should.ThrowAsync<WriteUnknownException>(AddTo(queue).WaitAsync(Deadline));
        });
    }

    private async Task RunAsync(Func<IWriteConnection> connection, Func<WriteQueue, Task> test)
    {
        var queue = new WriteQueue(TimeProvider.System);
        using var unknown = new UnknownWrites(
            database.DataSource, new PostgresOptions { ServiceId = "tests" }, TimeProvider.System, NullLogger.Instance);
        var loop = new WriteLoop(
            queue, _ => Task.FromResult(connection()), unknown, new NoHints(), TimeProvider.System, NullLogger.Instance);
        var running = loop.RunAsync(TestContext.Current.CancellationToken);

        await test(queue);

        queue.End();
        await running.WaitAsync(Deadline, TestContext.Current.CancellationToken);
    }

    private static Task AddTo(WriteQueue queue)
    {
        var write = new PendingWrite(
            new StateKey("tests_loop", CommitHost.NewKey()), null, "{}"u8.ToArray(), default, TimeProvider.System.GetTimestamp());
        queue.Add(write);
        return write.Written;
    }

    private sealed class BrokenConnection : IWriteConnection
    {
        public string Name => "stellarpay-writes-broken";

        public bool IsOpen => false;

        public Task<IReadOnlyList<WriteVerdict>> WriteAsync(IReadOnlyList<PendingWrite> batch, CancellationToken cancellationToken) =>
            throw new IOException("The connection was lost.");

        public ValueTask DisposeAsync() => throw new IOException("What is lost cannot be closed.");
    }

    // Tells of a write that nobody asked for, or of none.
    private sealed class ConfusedConnection(int verdicts) : IWriteConnection
    {
        public string Name => "stellarpay-writes-confused";

        public bool IsOpen => true;

        public Task<IReadOnlyList<WriteVerdict>> WriteAsync(IReadOnlyList<PendingWrite> batch, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<WriteVerdict>>([.. Enumerable.Repeat(new WriteVerdict(batch.Count, WriteVerdict.Done, 1), verdicts)]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class NoHints : IEventHints
    {
        public void Tell()
        {
        }
    }
}
