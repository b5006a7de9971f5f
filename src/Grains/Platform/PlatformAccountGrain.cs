using Microsoft.Extensions.Logging;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform;

/// <summary>What is stored of a platform account that sends transactions of its own.</summary>
internal interface IPlatformAccountState
{
    /// <summary>Its encrypted seed.</summary>
    EncryptedSeed? Key { get; set; }

    /// <summary>What the write under way says of its address and does to its inbox; storage takes it out.</summary>
    InboxMarks? Inbox { get; set; }
}

/// <summary>
/// A platform account that sends one transaction at a time, stored before it is submitted: its key, its storing, and the
/// driving of its transaction beside the turns.
/// </summary>
internal abstract partial class PlatformAccountGrain<TState>(
    IPersistentState<TState> storage, PlatformAccountServices account, ILogger logger)
    : DurableGrain<TState>(storage, logger)
    where TState : class, IPlatformAccountState
{
    /// <summary>After how long a stored wake-up looks whether the driving has ended.</summary>
    protected static readonly TimeSpan ResumeAfter = TimeSpan.FromSeconds(10);

    private CancellationTokenSource? _driving;

    protected string Name => GrainKey;

    protected override void Attach()
    {
    }

    protected override void StopBesideWork() => _driving?.Cancel();

    public async Task<Result<string>> EnsureAsync(CancellationToken cancellationToken = default)
    {
        RequireSound();
        var key = await EnsureKeyAsync(cancellationToken);
        return await account.Funding.EnsureAsync(Name, key.PublicKey, cancellationToken);
    }

    public async Task<int> RewrapAsync()
    {
        RequireSound();
        if (State.Key is not { } key || !account.Cipher.IsWrappedByAnother(key))
        {
            return 0;
        }

        var rewrapped = await account.Cipher.RewrapAsync(Name, key, CancellationToken.None);
        await StoreAsync(state => state.Key = rewrapped);
        return 1;
    }

    /// <summary>Tells the grain, in a turn of its own, how its transaction ended.</summary>
    protected abstract Task TellAsync(string transactionHash, SubmissionReport report);

    protected async Task<EncryptedSeed> EnsureKeyAsync(CancellationToken cancellationToken)
    {
        if (State.Key is null)
        {
            // An operator may have given it one meanwhile.
            await RereadAsync();
        }

        if (State.Key is null)
        {
            if (!account.MayGenerateKeys)
            {
                throw PlatformKeyMissingException.For([Name]);
            }

            var made = await account.Cipher.CreateAsync(Name, cancellationToken);
            await StoreAsync(state =>
            {
                state.Key = made;
                state.Inbox = PlatformAddress.MarksOf(made);
            });
        }

        return State.Key!;
    }

    /// <summary>Submits until the ledger decides, unless that is being done.</summary>
    /// <param name="transaction">What is stored.</param>
    /// <param name="sentBefore">Whether the network may have it.</param>
    protected void Drive(SignedTransaction transaction, bool sentBefore)
    {
        if (_driving is not null)
        {
            return;
        }

        var driving = new CancellationTokenSource();
        _driving = driving;
        RunBeside(() => DriveAsync(transaction, sentBefore, driving));
    }

    protected Task StoreAsync(Action<TState> change)
    {
        change(State);
        return WriteAsync();
    }

    private async Task DriveAsync(SignedTransaction transaction, bool sentBefore, CancellationTokenSource driving)
    {
        try
        {
            var report = await account.Driver.DriveAsync(transaction, sentBefore, watch: null, driving.Token);
            // Decided: what is stored next may be driven while this is being told.
            _driving = null;
            await TellAsync(transaction.Hash, report);
        }
        catch (Exception exception)
        {
            // The wake-up that is stored begins again.
            LogDrivingFailed(Logger, exception, transaction.Hash);
        }
        finally
        {
            if (ReferenceEquals(_driving, driving))
            {
                _driving = null;
            }

            driving.Dispose();
        }
    }

    [LoggerMessage(1342, LogLevel.Warning, "Driving of transaction {Hash} stopped; a wake-up resumes it.")]
    private static partial void LogDrivingFailed(ILogger logger, Exception exception, string hash);
}
