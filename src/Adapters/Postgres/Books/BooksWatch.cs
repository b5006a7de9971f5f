using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres.Upkeep;
using StellarPay.Grains.Books;

namespace StellarPay.Adapters.Postgres.Books;

/// <summary>
/// Holds the accounts whose books changed against the chain, and all accounts once a day. Any number of processes may run it: one at a
/// time is at it. What differs is an event and counted until it does not any more.
/// </summary>
internal sealed partial class BooksWatch(
    IBooks books, Reconciliation reconciliation, IOptions<BookOptions> options, TimeProvider time, ILogger<BooksWatch> logger)
    : UpkeepWorker(TimeSpan.FromSeconds(options.Value.CompareSeconds), time)
{
    // What a busy day leaves over is left to the walk over all accounts.
    private const int Entries = 1_000;
    private const int Walk = 50;
    private const int MostAccounts = 100;

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        var taken = await books.TakeAsync(Entries, Walk, cancellationToken);
        if (taken.Count == 0)
        {
            return;
        }

        var done = false;
        try
        {
            await LookAsync(taken, cancellationToken);
            done = true;
        }
        finally
        {
            await books.EndAsync(done, cancellationToken);
        }
    }

    protected override void Failed(Exception exception) => LogFailed(exception);

    private async Task LookAsync(IReadOnlyList<string> taken, CancellationToken cancellationToken)
    {
        foreach (var comparison in await reconciliation.CompareAsync([.. taken.Take(MostAccounts)], cancellationToken))
        {
            if (comparison.Unclear is null || comparison.Differences.Count > 0)
            {
                await books.NoteAsync(comparison, cancellationToken);
            }

            foreach (var difference in comparison.Differences)
            {
                LogDiffers(comparison.Owner, difference.Asset, comparison.Ledger, difference.Chain, difference.Booked);
            }
        }
    }

    [LoggerMessage(1510, LogLevel.Critical,
        "The books of {Owner} differ from the chain: of {Asset} it has {Chain} stroops at ledger {Ledger}, and {Booked} are booked.")]
    private partial void LogDiffers(string owner, string asset, long ledger, long chain, long booked);

    [LoggerMessage(1511, LogLevel.Warning, "The books could not be held against the chain; it is tried again.")]
    private partial void LogFailed(Exception exception);
}
