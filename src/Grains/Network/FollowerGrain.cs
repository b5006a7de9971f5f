using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Network;

/// <summary>How far the follower has read. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.FollowerState")]
internal sealed class FollowerState
{
    /// <summary>The paging token of the last operation that all wallets have; null before the first start.</summary>
    [Id(0)] public long? Cursor { get; set; }

    [Id(1)] public long LastLedger { get; set; }
}

/// <summary>
/// Reads the network's payments and hands them to the wallets; the stored cursor moves only after they have them. A
/// wallet that fails holds the cursor: the batch comes again until it does not, and the others pass over what they have.
/// </summary>
internal sealed partial class FollowerGrain(
    [PersistentState(GrainState.Follower, GrainState.Provider)] IPersistentState<FollowerState> storage,
    INetworkFeed feed,
    IAddressBook addressBook,
    TimeProvider time,
    IOptions<NetworkOptions> options,
    ILogger<FollowerGrain> logger) : Grain, IFollowerGrain, IRemindable
{
    // How many wallets take their operations at once.
    private const int Parallelism = 16;
    private const string Reminder = "follow";

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private CancellationTokenSource? _reading;

    public async Task StartAsync()
    {
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        EnsureReading();
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        EnsureReading();
        return Task.CompletedTask;
    }

    public Task<FollowerStatus> GetStatusAsync() => Task.FromResult(
        new FollowerStatus(storage.State.Cursor ?? 0, storage.State.LastLedger, _reading is not null));

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _reading?.Cancel();
        _reading = null;
        return Task.CompletedTask;
    }

    private void EnsureReading()
    {
        if (_reading is not null)
        {
            return;
        }

        var reading = new CancellationTokenSource();
        _reading = reading;
        // Beside the turns, on the grain's own scheduler; without the caller's context, which ends with the call.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Factory.StartNew(
                () => ReadAsync(reading), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Current);
        }
    }

    private async Task ReadAsync(CancellationTokenSource reading)
    {
        var pause = FirstPause;
        try
        {
            while (!reading.IsCancellationRequested)
            {
                try
                {
                    var cursor = await CursorAsync(reading.Token);
                    await foreach (var batch in feed.ReadAsync(cursor, reading.Token))
                    {
                        await TakeAsync(batch, reading.Token);
                        pause = FirstPause;
                    }
                }
                catch (OperationCanceledException) when (reading.IsCancellationRequested)
                {
                    break;
                }
                catch (Exception exception) when (exception is not StoreFailedException)
                {
                    LogReadingFailed(exception, storage.State.Cursor);
                }

                await Task.Delay(pause, time, reading.Token);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        catch (OperationCanceledException)
        {
            LogStopped(storage.State.Cursor);
        }
        catch (StoreFailedException failed)
        {
            // Another activation may be at work; the reminder starts again from what is stored.
            LogStoreFailed(failed.InnerException!);
            DeactivateOnIdle();
        }
        finally
        {
            if (ReferenceEquals(_reading, reading))
            {
                _reading = null;
            }

            reading.Dispose();
        }
    }

    private async Task<long> CursorAsync(CancellationToken cancellationToken)
    {
        if (storage.State.Cursor is { } cursor)
        {
            return cursor;
        }

        var start = options.Value.StartCursor == "now" ? await feed.GetLatestCursorAsync(cancellationToken) : 0;
        await StoreAsync(start, 0);
        return start;
    }

    private async Task TakeAsync(IReadOnlyList<LedgerOperation> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var addresses = batch.SelectMany(o => o.Accounts()).ToHashSet(StringComparer.Ordinal);
        var wallets = await addressBook.FindAsync(addresses, cancellationToken);
        var shares = Share(batch, wallets);
        foreach (var some in shares.Chunk(Parallelism))
        {
            await Task.WhenAll(some.Select(share =>
                GrainFactory.GetGrain<IWalletGrain>(share.Key.Value).ApplyOperationsAsync([.. share.Value])));
        }

        var last = batch[^1];
        await StoreAsync(last.PagingToken, last.Ledger);
    }

    private static Dictionary<WalletId, List<LedgerOperation>> Share(
        IReadOnlyList<LedgerOperation> batch, IReadOnlyDictionary<string, WalletId> wallets)
    {
        var shares = new Dictionary<WalletId, List<LedgerOperation>>();
        foreach (var operation in batch)
        {
            var ours = operation.Accounts()
                .Where(wallets.ContainsKey)
                .Select(address => wallets[address])
                .Distinct();
            foreach (var wallet in ours)
            {
                if (!shares.TryGetValue(wallet, out var share))
                {
                    shares[wallet] = share = [];
                }

                share.Add(operation);
            }
        }

        return shares;
    }

    private async Task StoreAsync(long cursor, long ledger)
    {
        storage.State.Cursor = cursor;
        storage.State.LastLedger = ledger;
        try
        {
            await storage.WriteStateAsync();
        }
        catch (Exception exception)
        {
            throw new StoreFailedException(exception);
        }
    }

    [LoggerMessage(1301, LogLevel.Warning, "Reading the network's payments failed after cursor {Cursor}; it begins again there.")]
    private partial void LogReadingFailed(Exception exception, long? cursor);

    [LoggerMessage(1302, LogLevel.Debug, "Reading the network's payments stopped at cursor {Cursor}.")]
    private partial void LogStopped(long? cursor);

    [LoggerMessage(1303, LogLevel.Error, "The follower's cursor could not be stored; its activation ends.")]
    private partial void LogStoreFailed(Exception exception);

    private sealed class StoreFailedException(Exception inner) : Exception("The cursor could not be stored.", inner);
}
