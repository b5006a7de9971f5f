using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform;

/// <summary>
/// A platform account that sends transactions of its own, through the account engine as any owner does. It pays for them itself.
/// </summary>
internal abstract class PlatformAccountGrain<TState>(
    IPersistentState<TState> storage, PlatformAccountServices account, ILogger logger)
    : PlatformKeyGrain<TState>(storage, account, logger), IAccountOwner
    where TState : class, IPlatformOwnerState
{
    /// <summary>After how long a stored wake-up looks whether somebody sees to the transaction under way.</summary>
    protected static readonly TimeSpan ResumeAfter = TimeSpan.FromSeconds(10);

    private SoonWaker? _waker;

    /// <summary>What becomes of its transactions.</summary>
    protected SubmissionBook Submissions { get; private set; } = null!;

    /// <summary>Signs and submits.</summary>
    protected AccountEngine Engine { get; private set; } = null!;

    /// <summary>The moment, by business time.</summary>
    protected DateTimeOffset Now => Account.Business.GetUtcNow();

    IAccountState IAccountOwner.Account => State;

    SubmissionBook IAccountOwner.Submissions => Submissions;

    IReadOnlyList<IAccountWork> IAccountOwner.Works => Works;

    bool IAccountOwner.PaysOwnFees => true;

    bool IAccountOwner.HearsOutcomes => HearsOutcomes;

    SubmissionFaults IAccountOwner.Faults => Faults;

    DateTimeOffset IAccountOwner.Now => Now;

    /// <inheritdoc cref="IAccountOwner.Works" />
    protected virtual IReadOnlyList<IAccountWork> Works => [];

    /// <inheritdoc cref="IAccountOwner.HearsOutcomes" />
    protected virtual bool HearsOutcomes => false;

    /// <inheritdoc cref="IAccountOwner.Faults" />
    protected abstract SubmissionFaults Faults { get; }

    /// <summary>Goes on with what is under way. As often as it likes to come.</summary>
    public async Task WakeAsync()
    {
        var due = State.DueAt is { } at && at <= Now;
        Engine.Resume();
        if (due)
        {
            // The index must not name this account again at once.
            await WriteAsync();
        }
    }

    string[] IAccountOwner.Traces() => [];

    void IAccountOwner.Signed(Submission submission) => Signed(submission);

    void IAccountOwner.Ended(Submission submission, string? code) => Ended(submission, code);

    void IAccountOwner.WakeSoon(TimeSpan? pause) => WakeSoon(pause);

    /// <inheritdoc cref="IAccountOwner.Signed" />
    protected abstract void Signed(Submission submission);

    /// <inheritdoc cref="IAccountOwner.Ended" />
    protected abstract void Ended(Submission submission, string? code);

    /// <summary>To whom what it sends belongs, with the state that there is now.</summary>
    protected abstract ISubmissionParty PartyOf(TState state);

    /// <inheritdoc cref="IAccountOwner.WakeSoon" />
    protected void WakeSoon(TimeSpan? pause = null) =>
        (_waker ??= new SoonWaker(this, WakeAsync, Account.Time, Logger)).WakeSoon(pause);

    protected override void Attach()
    {
        Submissions = new SubmissionBook(State, [PartyOf(State)]);
        Engine ??= new AccountEngine(this, Account.Engine, Logger);
    }

    protected override void Resume() => Engine.Resume();

    protected override void StopBesideWork()
    {
        Engine.Stop();
        _waker?.Stop();
    }

    protected override void Prepare() => State.DueAt = Submissions.IsUnderWay ? Now + ResumeAfter : null;
}
