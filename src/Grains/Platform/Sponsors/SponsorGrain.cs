using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>
/// Opens wallets' accounts, many in one transaction, one transaction at a time: the next only when the one before has
/// been decided, or can be applied no more. Who waits and who has signed is kept in memory only; a transaction is stored before
/// it is submitted, and only then.
/// </summary>
internal sealed partial class SponsorGrain(
    [PersistentState(GrainState.Sponsor, GrainState.HotProvider)] IPersistentState<SponsorState> storage,
    SponsorServices services,
    ILogger<SponsorGrain> logger)
    : PlatformAccountGrain<SponsorState>(storage, services.Account, logger), ISponsorGrain
{
    private static readonly SubmissionFaults Points =
        new(FaultPoint.OpeningPersisting, Persisting: null, FaultPoint.OpeningSigned, FaultPoint.OpeningDecided);

    private OpeningBook _openings = null!;

    protected override SubmissionFaults Faults => Points;

    protected override IReadOnlyList<IAccountWork> Works => field ??= 
        [new OpeningWork(Name, Applicants, EnsureKeyAsync, () => State.Lease, services)];

    private OpeningApplicants Applicants => field ??= new OpeningApplicants(Name, services.Account.Time, Logger);

    // It may come in the middle of a turn that stores a transaction: so what is stored it does not begin to submit.
    public Task<Result<OpeningStep>> JoinAsync(OpeningRequest request, CancellationToken cancellationToken = default) =>
        Applicants.JoinAsync(
            request, State.Submission?.IndexOf(request.Address) >= 0, Engine.StartNext, cancellationToken);

    public Task<Result<OpeningStep>> SignAsync(
        string address, string transactionHash, byte[] signature, CancellationToken cancellationToken = default) =>
        Applicants.SignAsync(address, transactionHash, signature, cancellationToken);

    public async Task<Result<byte[]>> SignReleaseAsync(DepositRelease release, CancellationToken cancellationToken = default) =>
        await services.Releases.SignAsync(release, Name, await EnsureKeyAsync(cancellationToken), cancellationToken);

    protected override ISubmissionParty PartyOf(SponsorState state) => _openings = new OpeningBook(state.Lease, Applicants, () => Now);

    // Wallets wait.
    protected override void ResumeSoon() => WakeSoon();

    protected override void StopBesideWork()
    {
        base.StopBesideWork();
        Applicants.DismissAll();
    }

    protected override void Signed(Submission submission) =>
        LogOpening(Name, OpeningBook.Members(submission).Length, submission.PresentHash());

    protected override void Ended(Submission submission, string? code)
    {
        if (code is not null)
        {
            LogFailed(Name, OpeningBook.Members(submission).Length, submission.PresentHash(), code);
        }

        _openings.Tell(submission);
    }

    [LoggerMessage(1221, LogLevel.Debug, "Sponsor {Sponsor} opens {Count} accounts by transaction {Hash}.")]
    private partial void LogOpening(string sponsor, int count, string hash);

    [LoggerMessage(1222, LogLevel.Warning, "Sponsor {Sponsor}: the opening of {Count} accounts by transaction {Hash} failed ({Code}); smaller groups follow.")]
    private partial void LogFailed(string sponsor, int count, string hash, string? code);
}
