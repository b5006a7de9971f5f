using StellarPay.Grains.Accounts;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Wallets;

/// <summary>Claimable balances to be claimed: what the wallet's owner wants back, and what others have set aside.</summary>
internal sealed class ClaimWork(IWalletContext wallet) : IAccountWork
{
    // A wallet has one transaction under way: what a stranger brought about, and nobody bids higher for, holds its payments no longer.
    private static readonly TimeSpan StrangersValid = TimeSpan.FromSeconds(30);

    public bool Waits => wallet.State.Status == WalletStatus.Active && wallet.Book.Claims.Next().Count > 0;

    public bool NeedsSponsor => false;

    public Task<Result<SubmissionPlan>?> PlanAsync(SigningFacts facts)
    {
        var claims = wallet.Book.Claims.Next();
        // For its own back the owner is bid for as for the payment; for what a stranger set aside, no more than at first.
        var own = wallet.State.Payments.FindAll(payment => claims.Any(claim => claim.Subject == ClaimSubjects.Reclaim(payment.Id)));
        return Task.FromResult<Result<SubmissionPlan>?>(new SubmissionPlan(
            Memo.None,
            [.. claims.Select(c => new PlannedOperation(c.Subject, new Operation(null, TransactionFactory.Claim(c.BalanceId))))],
            claims[0].Subject,
            Valid: own.Count > 0 ? null : StrangersValid,
            MostFeeStroops: PaymentWork.MostFeeOf(own)));
    }
}
