using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>
/// Keeps what the platform's accounts receive from strangers, and hands it on. A deposit's status changes with the write that
/// stores its signed transaction, before the first submission, and only if the status is what it was thought to be.
/// </summary>
internal sealed partial class SuspenseGrain(
    [PersistentState(GrainState.Suspense, GrainState.HotProvider)] IPersistentState<SuspenseState> storage,
    SuspenseServices services,
    ILogger<SuspenseGrain> logger)
    : PlatformAccountGrain<SuspenseState>(storage, services.Account, logger), ISuspenseContext, ISuspenseGrain, ISuspenseInternal
{
    private static readonly SubmissionFaults Points =
        new(Signing: null, Persisting: null, FaultPoint.SuspenseSigned, FaultPoint.SuspenseAnswered);

    private ReleaseBook _releases = null!;

    protected override SubmissionFaults Faults => Points;

    protected override bool HearsOutcomes => true;

    SuspenseState ISuspenseContext.State => State;

    ReleaseBook ISuspenseContext.Releases => _releases;

    AccountEngine ISuspenseContext.Engine => Engine;

    private SuspenseInbox Inbox => field ??= new SuspenseInbox(this, services, RereadAsync, Logger);

    private ReleaseDesk Desk => field ??= new ReleaseDesk(this, services);

    public Task<Result<string>> AssignAsync(
        string depositId, UserId operatorId, UserId user, string address, CancellationToken cancellationToken = default) =>
        Desk.ReleaseAsync(
            depositId, new SuspenseDecision(SuspenseStatus.Assigned, operatorId.Value, Now, user.Value, address), cancellationToken);

    public Task<Result<string>> ReturnAsync(
        string depositId, UserId operatorId, CancellationToken cancellationToken = default) =>
        Desk.ReleaseAsync(depositId, new SuspenseDecision(SuspenseStatus.Returned, operatorId.Value, Now), cancellationToken);

    public Task<Result<string>> KeepAsync(
        string depositId, UserId operatorId, CancellationToken cancellationToken = default) =>
        Desk.KeepAsync(depositId, new SuspenseDecision(SuspenseStatus.Kept, operatorId.Value, Now), cancellationToken);

    public Task<Result<int>> RetryParkedAsync(long token, UserId operatorId) => Inbox.RetryParkedAsync(token, operatorId);

    public Task<Result<int>> CloseParkedAsync(long token, UserId operatorId) => Inbox.CloseParkedAsync(token, operatorId);

    public Task PokeAsync()
    {
        Inbox.Poke();
        return Task.CompletedTask;
    }

    Task<EncryptedSeed> ISuspenseContext.EnsureKeyAsync(CancellationToken cancellationToken) => EnsureKeyAsync(cancellationToken);

    protected override async Task ActivateAsync(CancellationToken cancellationToken)
    {
        await base.ActivateAsync(cancellationToken);
        await Inbox.ReadFactsAsync(cancellationToken);
    }

    protected override void ResumeSoon() => Inbox.Resume();

    protected override ISubmissionParty PartyOf(SuspenseState state) => _releases = new ReleaseBook(state);

    protected override void Signed(Submission submission)
    {
        var (deposit, decision) = State.Release!;
        LogSending(deposit, decision.Outcome, submission.PresentHash(), decision.Operator);
    }

    protected override void Ended(Submission submission, string? code) =>
        LogEnded(submission.Operations[0].Subject, _releases.LatestEnd, submission.PresentHash(), code);

    [LoggerMessage(1340, LogLevel.Information, "Deposit {Deposit} will be {Outcome} by transaction {Hash}, as {Operator} decided.")]
    private partial void LogSending(string deposit, SuspenseStatus outcome, string hash, string @operator);

    [LoggerMessage(1341, LogLevel.Information, "Deposit {Deposit} is {Status}: transaction {Hash} {Code}.")]
    private partial void LogEnded(string deposit, SuspenseStatus? status, string hash, string? code);
}
