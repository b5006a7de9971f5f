using Microsoft.Extensions.Logging;
using Npgsql;
using StellarPay.Adapters.Postgres.Events;

namespace StellarPay.Adapters.Postgres.Storage.GroupCommit;

/// <summary>
/// Stores what waits in a queue, a batch a statement, as fast as the database commits; what comes meanwhile is the next batch.
/// Waiting for more would only add its wait. Nothing is tried again: a write has its verdict, or is unknown.
/// </summary>
internal sealed partial class WriteLoop(
    WriteQueue queue, Func<CancellationToken, Task<IWriteConnection>> connect, UnknownWrites unknown, IEventHints hints,
    TimeProvider time, ILogger logger)
{
    private IWriteConnection? _connection;

    /// <summary>Runs until the queue has ended and is empty.</summary>
    /// <param name="abandon">Ends the wait for the database: what it was asked is then unknown, and what waits is not stored.</param>
    public async Task RunAsync(CancellationToken abandon)
    {
        try
        {
            while (await queue.TakeAsync() is { } batch)
            {
                await StoreOrFailAsync(batch, abandon);
            }
        }
        finally
        {
            await CloseAsync();
        }
    }

    // Whatever goes wrong, those who wait are told, and the loop goes on: a grain whose write is never answered is lost.
    private async Task StoreOrFailAsync(IReadOnlyList<PendingWrite> batch, CancellationToken abandon)
    {
        try
        {
            await StoreAsync(batch, abandon);
        }
        catch (Exception fault)
        {
            LogFault(fault, batch.Count);
            FailAll(batch, WriteVerdict.Unknown, () => new WriteUnknownException("What became of a write is not known.", fault));
        }
    }

    private async Task StoreAsync(IReadOnlyList<PendingWrite> batch, CancellationToken abandon)
    {
        StorageTelemetry.Batch(batch.Count, time.GetElapsedTime(batch[0].QueuedAt));
        if (await ConnectAsync(batch, abandon) is not { } connection)
        {
            return;
        }

        try
        {
            Tell(batch, await connection.WriteAsync(batch, abandon));
        }
        catch (PostgresException refusal) when (IsAnswer(refusal) && connection.IsOpen)
        {
            // The statement as a whole was refused, and has written nothing: a function that is not there, a missing right.
            LogRefused(refusal, batch.Count);
            FailAll(batch, WriteVerdict.Refused, () => refusal);
        }
        catch (Exception lost)
        {
            // Before anybody is told: whoever reads next must find it noted.
            unknown.Add(batch, connection.Name);
            LogUnknown(lost, batch.Count);
            FailAll(batch, WriteVerdict.Unknown, () => new WriteUnknownException("What became of a write is not known.", lost));
            await CloseAsync();
        }
    }

    // Nothing was sent yet, so nothing is unknown.
    private async Task<IWriteConnection?> ConnectAsync(IReadOnlyList<PendingWrite> batch, CancellationToken abandon)
    {
        try
        {
            return _connection ??= await connect(abandon);
        }
        catch (Exception exception)
        {
            LogNoConnection(exception, batch.Count);
            FailAll(batch, WriteVerdict.Refused, () => new NpgsqlException("There is no connection to the database.", exception));
            return null;
        }
    }

    private void Tell(IReadOnlyList<PendingWrite> batch, IReadOnlyList<WriteVerdict> verdicts)
    {
        if (verdicts.Count != batch.Count)
        {
            throw new InvalidOperationException($"{batch.Count} writes have {verdicts.Count} verdicts.");
        }

        // Readers first: by the time that a grain has answered, they look already.
        if (verdicts.Any(verdict => verdict.Word == WriteVerdict.Done && batch[verdict.Place].Carried.Events > 0))
        {
            hints.Tell();
        }

        foreach (var verdict in verdicts)
        {
            StorageTelemetry.Written(verdict.Word, 1);
            verdict.Tell(batch[verdict.Place]);
        }
    }

    // A time-out, or a server on its way down, may have cut the statement off at any point.
    private static bool IsAnswer(PostgresException refusal) =>
        !refusal.SqlState.StartsWith("57", StringComparison.Ordinal) && !refusal.SqlState.StartsWith("08", StringComparison.Ordinal);

    private static void FailAll(IReadOnlyList<PendingWrite> batch, string word, Func<Exception> exception)
    {
        StorageTelemetry.Written(word, batch.Count);
        foreach (var write in batch)
        {
            write.Fail(exception());
        }
    }

    private async Task CloseAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            try
            {
                await connection.DisposeAsync();
            }
            catch (Exception exception)
            {
                // A lost connection may be beyond being closed.
                LogNotClosed(exception);
            }
        }
    }

    [LoggerMessage(3301, LogLevel.Error, "The database refused a batch of {Count} states as a whole")]
    private partial void LogRefused(Exception exception, int count);

    [LoggerMessage(3302, LogLevel.Error, "The connection was lost with {Count} states on it; what became of them is not known")]
    private partial void LogUnknown(Exception exception, int count);

    [LoggerMessage(3307, LogLevel.Warning, "A lost connection could not be closed")]
    private partial void LogNotClosed(Exception exception);

    [LoggerMessage(3308, LogLevel.Critical, "Storing {Count} states failed in a way that nobody has thought of")]
    private partial void LogFault(Exception exception, int count);

    [LoggerMessage(3303, LogLevel.Error, "There is no connection to store {Count} states with")]
    private partial void LogNoConnection(Exception exception, int count);
}
