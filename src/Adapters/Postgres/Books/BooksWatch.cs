using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres.Upkeep;
using StellarPay.Grains.Books;

namespace StellarPay.Adapters.Postgres.Books;

/// <summary>
/// Holds the accounts whose books changed against the chain, and all accounts once a day. Any number of processes may run it: one at a
/// time is at it. What differs is an event and counted until it does not any more; what could not be told waits, and is looked at again.
/// </summary>
internal sealed partial class BooksWatch(
    IBooks books, Reconciliation reconciliation, IOptions<BookOptions> options, TimeProvider time, ILogger<BooksWatch> logger)
    : UpkeepWorker(TimeSpan.FromSeconds(options.Value.CompareSeconds), time)
{
    private const int Entries = 10_000;
    private const int Accounts = 100;
    private const int Walk = 50;

    // A turn lasts a minute unless it is renewed.
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(15);

    private readonly BooksQuota _quota = new(Entries, Accounts, Walk, options.Value.CompareSeconds);
    private readonly TimeProvider _time = time;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        // While many wait there is no pause between them.
        while (await RoundAsync(cancellationToken))
        {
        }
    }

    protected override void Failed(Exception exception) => LogFailed(exception);

    private async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        if (await books.TakeAsync(_quota, cancellationToken) is not { } turn)
        {
            return false;
        }

        using var working = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = RenewAsync(turn.Token, working);
        var isDone = false;
        try
        {
            isDone = await LookAsync(turn, working.Token);
        }
        finally
        {
            await working.CancelAsync();
            await renewing;
            await books.EndAsync(turn.Token, isDone && turn.Walk.Count > 0 ? turn.Walk[^1] : null, cancellationToken);
        }

        return isDone && turn.Accounts.Count == Accounts;
    }

    private async Task RenewAsync(Guid token, CancellationTokenSource working)
    {
        try
        {
            using var timer = new PeriodicTimer(RenewEvery, _time);
            while (await timer.WaitForNextTickAsync(working.Token))
            {
                if (!await books.RenewAsync(token, working.Token))
                {
                    await working.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The turn is over.
        }
        catch (Exception exception)
        {
            // The next renews it, or somebody else has it, and then nothing is noted any more.
            LogFailed(exception);
        }
    }

    private async Task<bool> LookAsync(BooksTurn turn, CancellationToken cancellationToken)
    {
        string[] taken = [.. turn.Accounts, .. turn.Walk];
        var compared = await reconciliation.CompareAsync(taken, cancellationToken);
        foreach (var comparison in compared)
        {
            if (await books.NoteAsync(turn.Token, comparison, cancellationToken) is null)
            {
                LogLost();
                return false;
            }

            foreach (var difference in comparison.Differences)
            {
                LogDiffers(comparison.Owner, difference.Asset, comparison.Ledger, difference.Chain, difference.Booked);
            }
        }

        if (taken.Except(compared.Select(comparison => comparison.Address)).ToArray() is { Length: > 0 } strange)
        {
            await books.ForgetAsync(turn.Token, strange, cancellationToken);
        }

        return true;
    }

    [LoggerMessage(1510, LogLevel.Critical,
        "The books of {Owner} differ from the chain: of {Asset} it has {Chain} stroops at ledger {Ledger}, and {Booked} are booked.")]
    private partial void LogDiffers(string owner, string asset, long ledger, long chain, long booked);

    [LoggerMessage(1511, LogLevel.Warning, "The books could not be held against the chain; it is tried again.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(1570, LogLevel.Warning,
        "The books were held against the chain for so long that another process does it now; what was not noted is looked at again.")]
    private partial void LogLost();
}
