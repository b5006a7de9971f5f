using Microsoft.Extensions.Logging;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Wallets;

// Claimable balances on their way into a transaction.
internal sealed partial class WalletGrain
{
    private bool HasClaimsToSign => State.Status == WalletStatus.Active && _book.NextClaims().Count > 0;

    // When no payment waits: what the owner wants back, and what others have set aside, together.
    private async Task<bool> StartClaimsAsync(SigningFacts facts)
    {
        if (!HasClaimsToSign)
        {
            return false;
        }

        var claims = _book.NextClaims();
        var signing = await SignAsync(claims[0].Subject, PlanOf(claims), facts, CancellationToken.None);
        if (!signing.IsSuccess)
        {
            LogClaimsWait(GrainKey, claims.Count, signing.Error.Message);
            WakeSoon();
            return false;
        }

        await StartAsync([], signing.Value);
        LogClaimsSigned(GrainKey, claims.Count, signing.Value.PresentHash());
        return true;
    }

    private static FlightPlan PlanOf(IReadOnlyList<ClaimOrder> claims) => new(
        Memo.None,
        [.. claims.Select(c => new PlannedOperation(c.Subject, new Operation(null, TransactionFactory.Claim(c.BalanceId))))]);

    // The platform carries the balance's reserve.
    private FlightPlan PlanClaimable(PaymentRecord payment, ClaimableRecord claimable, string sponsor)
    {
        var create = TransactionFactory.Claimable(
            State.Address, payment.Destination, payment.Asset, payment.Stroops, claimable.ReclaimableAfter);
        var operations = SponsoredBalance.Of(sponsor, State.Address, create);
        var around = FlightSubjects.Sponsor(payment.Id);
        string[] subjects = [around, payment.Id, around];
        return new FlightPlan(
            payment.LedgerMemo(), [.. operations.Select((operation, index) => new PlannedOperation(subjects[index], operation))]);
    }

    [LoggerMessage(1730, LogLevel.Information, "Wallet {Wallet} claims {Count} balances by transaction {Hash}.")]
    private partial void LogClaimsSigned(string wallet, int count, string hash);

    [LoggerMessage(1731, LogLevel.Warning, "Wallet {Wallet} has {Count} balances to claim, which wait: {Reason}")]
    private partial void LogClaimsWait(string wallet, int count, string reason);
}
