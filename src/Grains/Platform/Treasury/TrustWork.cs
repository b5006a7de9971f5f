using StellarPay.Grains.Accounts;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Platform.Treasury;

/// <summary>
/// The trustlines by which the treasury can take what wallets hold: users pay fees in it. Half an XLM of its own is held back for each.
/// </summary>
/// <param name="assets">In canonical form; those that the ledger shows none of.</param>
internal sealed class TrustWork(IReadOnlyList<string> assets) : IAccountWork
{
    /// <summary>To what these operations belong.</summary>
    public const string Subject = "trustlines";

    public bool Waits => true;

    public bool NeedsSponsor => false;

    public Task<Result<SubmissionPlan>?> PlanAsync(SigningFacts facts) => Task.FromResult<Result<SubmissionPlan>?>(new SubmissionPlan(
        Memo.None,
        [
            .. assets.Take(SubmissionBook.MaxOperations)
                .Select(asset => new PlannedOperation(Subject, new Operation(null, TransactionFactory.AddTrustline(asset)))),
        ],
        ITreasuryGrain.Key, "treasury.trust"));
}
