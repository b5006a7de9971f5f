using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform.Notary;

/// <summary>
/// Writes the head of the audit log to the ledger at its times. The head is stored with the transaction, before the first
/// submission, so that a notary that died says the same again.
/// </summary>
internal sealed partial class NotaryGrain(
    [PersistentState(GrainState.Notary, GrainState.HotProvider)] IPersistentState<NotaryState> storage,
    NotaryServices services,
    ILogger<NotaryGrain> logger)
    : PlatformAccountGrain<NotaryState>(storage, services.Account, logger), INotaryGrain, INotary
{
    private static readonly SubmissionFaults Points =
        new(Signing: null, Persisting: null, FaultPoint.NotarySigned, FaultPoint.NotaryAnswered);

    private NotaryBook _book = null!;

    protected override SubmissionFaults Faults => Points;

    protected override IReadOnlyList<IAccountWork> Works => field ??= [new AnchorWork(this, services)];

    string INotary.Address => State.Address;

    bool INotary.IsDue => State.Key is not null && _book.IsDue(Now);

    void INotary.Intend(AuditHead head) => _book.Intend(head);

    public async Task<Result<byte[]>> SignReleaseAsync(DepositRelease release, CancellationToken cancellationToken = default) =>
        await services.Releases.SignAsync(release, Name, await EnsureKeyAsync(cancellationToken), cancellationToken);

    protected override ISubmissionParty PartyOf(NotaryState state) => _book = new NotaryBook(state, services.Every);

    protected override void Prepare()
    {
        base.Prepare();
        State.NextAt ??= Now + services.Every;
        // What could not be signed is tried again in a moment, and the index must not name this account at each look.
        State.DueAt ??= State.NextAt > Now ? State.NextAt : Now + ResumeAfter;
    }

    protected override void Signed(Submission submission) =>
        LogWriting(State.Writing!.Number, State.Writing.Hash, submission.PresentHash());

    protected override void Ended(Submission submission, string? code)
    {
        if (code is null)
        {
            LogWritten(State.Anchored!.Number, State.Anchored.Hash, submission.PresentHash());
        }
        else
        {
            LogFailed(submission.PresentHash(), code);
        }
    }

    [LoggerMessage(1260, LogLevel.Debug, "Checkpoint {Number} of the audit log ({Hash}) goes to the ledger by transaction {Transaction}.")]
    private partial void LogWriting(long number, string hash, string transaction);

    [LoggerMessage(1261, LogLevel.Information, "Checkpoint {Number} of the audit log ({Hash}) is on the ledger by transaction {Transaction}.")]
    private partial void LogWritten(long number, string hash, string transaction);

    [LoggerMessage(1262, LogLevel.Warning, "The head of the audit log did not get to the ledger by transaction {Transaction} ({Code}); it is tried again.")]
    private partial void LogFailed(string transaction, string code);
}
