using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Storage;
using StellarPay.Adapters.Postgres.Events;

namespace StellarPay.Adapters.Postgres.Storage.GroupCommit;

/// <summary>
/// The writes of a silo that share commits: two loops, so that a drain of two hundred rows is not in front of somebody's
/// payment. Begins before the first activation and ends after the last one.
/// </summary>
internal sealed partial class GroupCommits : ILifecycleParticipant<ISiloLifecycle>, IStoragePressure, IAsyncDisposable
{
    private readonly ConcurrentDictionary<StateKey, PendingWrite> _out = [];
    private readonly CancellationTokenSource _abandon = new();
    private readonly TimeProvider _time;
    private readonly ILogger<GroupCommits> _logger;
    private readonly WriteQueue _usual;
    private readonly WriteQueue _drains;
    private readonly WriteLoop[] _loops;
    private Task _running = Task.CompletedTask;

    public GroupCommits(
        NpgsqlDataSource database, IOptions<PostgresOptions> options, IEventHints hints, TimeProvider time,
        ILogger<GroupCommits> logger)
    {
        (_time, _logger) = (time, logger);
        Unknown = new UnknownWrites(database, options.Value, time, logger);
        (_usual, _drains) = (new WriteQueue(time), new WriteQueue(time));
        _loops =
        [
            new WriteLoop(_usual, ConnectAsync, Unknown, hints, time, logger),
            new WriteLoop(_drains, ConnectAsync, Unknown, hints, time, logger),
        ];

        Task<IWriteConnection> ConnectAsync(CancellationToken cancellationToken) =>
            WriteConnection.OpenAsync(options.Value, cancellationToken);
    }

    /// <summary>Writes of which nobody knows what became.</summary>
    public UnknownWrites Unknown { get; }

    /// <inheritdoc />
    public TimeSpan Delay => _usual.Delay;

    /// <inheritdoc />
    public bool IsHigh => _usual.IsPressed;

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(
        nameof(GroupCommits), ServiceLifecycleStage.RuntimeStorageServices, StartAsync, StopAsync);

    /// <summary>Stores a state in one of the next statements.</summary>
    /// <returns>The new version.</returns>
    /// <exception cref="InconsistentStateException">It is not at this version any more, or a write of it is out.</exception>
    public async Task<int> WriteAsync(StateKey key, int? version, byte[]? payload, CarriedRows carried)
    {
        // It is out until it ends, and not until its caller hears of it: the caller's activation may be gone by then.
        var write = new PendingWrite(
            key, version, payload, carried, _time.GetTimestamp(),
            ended => _out.TryRemove(new KeyValuePair<StateKey, PendingWrite>(ended.Key, ended)));
        if (!_out.TryAdd(key, write))
        {
            throw new InconsistentStateException($"A write of the state '{key.StateName}' of {key.GrainKey} is out already.");
        }

        try
        {
            (carried.Drains ? _drains : _usual).Add(write);
        }
        catch (ObjectDisposedException stopped)
        {
            write.Fail(stopped);
        }

        return await write.Written;
    }

    /// <summary>Returns when no write of a state is out, and none that is unknown can come any more.</summary>
    public async Task SettleAsync(StateKey key, CancellationToken cancellationToken)
    {
        if (_out.TryGetValue(key, out var write))
        {
            await ((Task)write.Written).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        await Unknown.ClaimAsync(key, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _abandon.CancelAsync();
        await StopAsync(CancellationToken.None);
        Unknown.Dispose();
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        // Not in the context of whoever starts the silo.
        _running = Task.Run(() => Task.WhenAll(_loops.Select(loop => loop.RunAsync(_abandon.Token))), CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        _usual.End();
        _drains.End();
        try
        {
            await _running.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The time to stop is over: what is out is unknown, as after a crash.
            LogAbandoned(_out.Count);
            await _abandon.CancelAsync();
            await _running;
        }
    }

    [LoggerMessage(3306, LogLevel.Error, "The silo had no time left to store {Count} states")]
    private partial void LogAbandoned(int count);
}
