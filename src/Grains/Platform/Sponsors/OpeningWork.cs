using StellarPay.Grains.Accounts;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>
/// Accounts that wait to be opened, many in one transaction, each of which signs it (CAP-33). Who waits is kept in memory only.
/// </summary>
/// <param name="sponsor">The sponsor's grain key.</param>
/// <param name="applicants">Who wants to be opened.</param>
/// <param name="ensureKey">The sponsor's key, made where there is none. Never in a turn.</param>
/// <param name="lease">What is used of its share of the day's budget, as it is stored.</param>
/// <param name="services">What a sponsor needs of the outside.</param>
internal sealed class OpeningWork(
    string sponsor, OpeningApplicants applicants, Func<CancellationToken, Task<EncryptedSeed>> ensureKey, Func<OpeningLease> lease,
    SponsorServices services)
    : IAccountWork, ICosigning
{
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SigningPatience = TimeSpan.FromSeconds(2);

    private static readonly Error CalledOff = new(
        ErrorKind.Unavailable, "opening_called_off", "The accounts that had signed wait no more.");

    private readonly OpeningQueue _queue = new();
    private long _availableStroops;
    private Error? _unfunded;
    private string? _signing;

    public bool Waits => applicants.AnyWait;

    public bool NeedsSponsor => false;

    public async Task<Error?> PrepareAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(GatherTime, services.Account.Time, cancellationToken);
        applicants.Gather();
        if (await services.Gate.CheckAsync(cancellationToken) is { } halted)
        {
            applicants.DismissWaiting(halted);
            return halted;
        }

        var address = (await ensureKey(cancellationToken)).PublicKey;
        _unfunded = PlatformFunding.Unfunded(sponsor, address);
        var account = await services.Gateway.GetAccountAsync(address, cancellationToken);
        if (services.Account.Funding.IsLow(account))
        {
            await services.Account.Funding.EnsureAsync(sponsor, address, cancellationToken);
            account = await services.Gateway.GetAccountAsync(address, cancellationToken);
        }

        _availableStroops = account?.AvailableStroops ?? 0;
        if (account is null)
        {
            applicants.DismissWaiting(_unfunded);
            return _unfunded;
        }

        return null;
    }

    public Task<Result<SubmissionPlan>?> PlanAsync(SigningFacts facts)
    {
        var group = NextGroup();
        if (group.Count == 0)
        {
            if (applicants.AnyWait)
            {
                // Every wallet that waits here may try another sponsor.
                applicants.DismissWaiting(_unfunded!);
            }

            return Task.FromResult<Result<SubmissionPlan>?>(null);
        }

        return Task.FromResult<Result<SubmissionPlan>?>(new SubmissionPlan(
            Memo.None,
            [
                .. group.SelectMany(member => TransactionFactory.Opening(member.Request)
                    .Select(operation => new PlannedOperation(member.Address, operation))),
            ],
            group[0].Address,
            "account.create",
            services.OpeningValid,
            Cosigning: this));
    }

    // Whom this sponsor's share of the day does not suffice for tries another's. In a turn, whose state the lease is.
    private IReadOnlyList<OpeningApplicant> NextGroup()
    {
        while (true)
        {
            var group = applicants.Group(_availableStroops);
            if (group.Count == 0)
            {
                return group;
            }

            DismissBeyondBudget([.. group]);
            if (applicants.InGroup.Count > 0)
            {
                return applicants.InGroup;
            }
        }
    }

    private void DismissBeyondBudget(IReadOnlyList<OpeningApplicant> group)
    {
        var (granted, now) = (new List<OpeningGrant>(), services.Account.Business.GetUtcNow());
        foreach (var member in group)
        {
            var asked = OpeningBudget.GrantOf(member.Request, now);
            if (services.Budget.Check(lease(), granted, asked, now) is { } used)
            {
                // A site's networks stand in one line.
                var wait = _queue.Place(asked.Day, asked.Site ?? asked.Range);
                applicants.DismissMember(member, used with { RetryAfter = used.RetryAfter + wait });
            }
            else
            {
                granted.Add(asked);
            }
        }
    }

    public async Task<Result<IReadOnlyList<Cosignature>>?> SignAsync(
        UnsignedTransaction transaction, DateTimeOffset maxTime, CancellationToken cancellationToken)
    {
        _signing = transaction.HashText;
        var step = new OpeningStep(OpeningMove.Sign, transaction.Envelope.ToXdrBase64(), transaction.HashText);
        return await applicants.HaveSignedAsync(step, SigningPatience, cancellationToken)
            ? new Result<IReadOnlyList<Cosignature>> { Value = applicants.Signatures() }
            : null;
    }

    public Task<Error?> ConfirmAsync() => Task.FromResult(applicants.IsSigned(_signing!) ? null : CalledOff);
}
