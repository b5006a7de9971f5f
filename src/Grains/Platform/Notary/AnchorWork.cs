using StellarPay.Grains.Accounts;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Platform.Notary;

/// <summary>The head of the audit log that is to be written to the ledger. For one activation.</summary>
internal sealed class AnchorWork(INotary notary, NotaryServices services) : IAccountWork
{
    // Each attempt to sign would else append another checkpoint while the network is away.
    private AuditHead? _head;

    public bool Waits => notary.IsDue;

    public bool NeedsSponsor => false;

    public async Task<Error?> PrepareAsync(CancellationToken cancellationToken)
    {
        if (await services.Gate.CheckAsync(cancellationToken) is { } halted)
        {
            return halted;
        }

        try
        {
            // Who is created at the same moment by friendbot or the treasury waits for the next wake-up.
            if (await services.Gateway.GetAccountAsync(notary.Address, cancellationToken) is null)
            {
                return PlatformFunding.Unfunded(INotaryGrain.Key, notary.Address);
            }
        }
        catch (NetworkUnavailableException)
        {
            return PlatformFunding.NetworkUnavailable;
        }

        _head ??= await services.Checkpoints.AppendAsync(cancellationToken);
        return null;
    }

    public Task<Result<SubmissionPlan>?> PlanAsync(SigningFacts facts)
    {
        var head = _head ?? throw new InvalidOperationException("There is no checkpoint to write.");
        notary.Intend(head);
        _head = null;
        return Task.FromResult<Result<SubmissionPlan>?>(new SubmissionPlan(
            Memo.None,
            [new PlannedOperation("audit", new Operation(null, new ManageDataOperation(AuditHead.EntryName, Bytes.Create(head.ToBytes()))))],
            INotaryGrain.Key,
            "audit.anchor"));
    }
}
