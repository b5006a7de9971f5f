using StellarPay.Grains.Accounts;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Claims;

/// <summary>
/// A payment that is set aside on the ledger for a recipient who cannot receive it yet (CAP-23). It goes alone: around it are
/// operations of the platform, which carries its reserve and shall share nobody's fate.
/// </summary>
internal sealed class ClaimablePayment : IPaymentKind
{
    private const string NotAuthorized = "op_not_authorized";

    public bool SharesTransactions => false;

    public bool NeedsSponsor => true;

    public int Operations => 3;

    // What is asked of the wallet besides is checked where the claimable balance is offered.
    public Error? Check(QuoteFacts facts) => null;

    public IReadOnlyList<PlannedOperation> Plan(PaymentRecord payment, string source, string? sponsor)
    {
        var create = TransactionFactory.Claimable(
            source, payment.Destination, payment.Asset, payment.Stroops, payment.Claimable!.ReclaimableAfter);
        var operations = SponsoredBalance.Of(
            sponsor ?? throw new InvalidOperationException($"Payment {payment.Id} has no sponsor."), source, create);
        var around = ClaimSubjects.Sponsor(payment.Id);
        string[] subjects = [around, payment.Id, around];
        return [.. operations.Select((operation, index) => new PlannedOperation(subjects[index], operation))];
    }

    public void Land(WalletState state, PaymentRecord payment)
    {
        if (payment.Claimable is { } claimable)
        {
            claimable.BalanceId = ClaimableBalanceId.CreatedBy(
                AccountId.Parse(state.Address), payment.SequenceNumber!.Value, (uint)payment.OperationIndex).ToString();
            ClaimTransitions.Move(claimable, ClaimStatus.Open);
        }
    }

    // The ledger has one code for it, for there is no recipient yet who might lack the authorisation.
    public void Refuse(WalletState state, PaymentRecord payment, string code, Refusal refusal) => Trustlines.LearnFreeze(
        state, payment, code == NotAuthorized ? Trustlines.SourceNotAuthorized : code, refusal.Report.Ledger);
}
