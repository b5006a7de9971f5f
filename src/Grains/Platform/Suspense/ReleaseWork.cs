using StellarPay.Grains.Accounts;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>
/// A deposit that an operator has decided to hand on. The account that has it signs too, unless that is the suspense account
/// itself: then it needs one signature, but the same look at it.
/// </summary>
internal sealed class ReleaseWork(
    ISuspenseContext suspense, SuspenseServices services, SuspendedDeposit deposit, SuspenseDecision decision) : IAccountWork, ICosigning
{
    private static readonly Error NoSender = new(
        ErrorKind.Refused, "release_refused", "The ledger names no sender to whom it could be returned.");

    private bool ToSender => decision.Outcome == SuspenseStatus.Returned;

    private string? Destination => ToSender ? deposit.SenderMuxed ?? deposit.Sender : decision.Destination;

    private string Own => suspense.State.Address;

    public bool Waits => true;

    public bool NeedsSponsor => false;

    public async Task<Error?> PrepareAsync(CancellationToken cancellationToken)
    {
        if (Destination is null)
        {
            return NoSender;
        }

        // Once it has sent something, it is there.
        if (suspense.State.SequenceNumber is not null
            || await services.Gateway.GetAccountAsync(Own, cancellationToken) is not null)
        {
            return null;
        }

        var funded = await services.Account.Funding.EnsureAsync(suspense.Key, Own, cancellationToken);
        return funded.Error ?? PlatformFunding.NetworkUnavailable;
    }

    public Task<Result<SubmissionPlan>?> PlanAsync(SigningFacts facts) => Task.FromResult<Result<SubmissionPlan>?>(new SubmissionPlan(
        DepositReleases.MemoOf(deposit, ToSender),
        [new PlannedOperation(deposit.Id, DepositReleases.OperationOf(deposit, Destination!))],
        deposit.Id,
        "suspense.submit",
        Cosigning: this));

    public async Task<Result<IReadOnlyList<Cosignature>>?> SignAsync(
        UnsignedTransaction transaction, DateTimeOffset maxTime, CancellationToken cancellationToken)
    {
        var release = new DepositRelease(deposit.Id, Own, transaction.SequenceNumber, Destination!, ToSender, maxTime);
        if (deposit.AccountKey == suspense.Key)
        {
            var looked = await services.Releases.FindAsync(release, suspense.Key, Own, cancellationToken);
            return looked.IsSuccess ? (Cosignature[])[] : looked.Error;
        }

        var holder = await Holder().SignReleaseAsync(release, cancellationToken);
        return holder.IsSuccess ? (Cosignature[])[new Cosignature(deposit.Account, holder.Value)] : holder.Error;
    }

    public async Task<Error?> ConfirmAsync()
    {
        if (await services.Suspense.FindAsync(deposit.Id, CancellationToken.None) is not { Status: SuspenseStatus.Open })
        {
            return ReleaseDesk.Decided;
        }

        suspense.Releases.Intend(new ReleaseRecord(deposit.Id, decision with { Destination = Destination }));
        return null;
    }

    private IDepositHolder Holder() => services.Kinds.FindKind(deposit.AccountKey)?.FindHolder is { } find
        ? find(suspense.Grains, deposit.AccountKey)
        : throw new InvalidOperationException($"{deposit.AccountKey} hands no deposits on.");
}
