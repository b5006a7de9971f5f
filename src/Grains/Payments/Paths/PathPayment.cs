using StellarPay.Grains.Accounts;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Payments;

/// <summary>A payment that spends another asset than the recipient gets, through the network's offers.</summary>
internal sealed class PathPayment : IPaymentKind
{
    public Error? Check(QuoteFacts facts) => DestinationRules.Check(facts.Destination, facts.Terms);

    public IReadOnlyList<PlannedOperation> Plan(PaymentRecord payment, string source, string? sponsor)
    {
        var path = payment.Path ?? throw new InvalidOperationException($"Payment {payment.Id} has no path.");
        var (spent, received) = (Asset.Parse(path.SourceAsset), Asset.Parse(payment.Asset));
        var destination = MuxedAccount.Parse(payment.Destination);
        Asset[] hops = [.. path.Hops.Select(hop => Asset.Parse(hop))];
        return PaymentKinds.Single(payment, payment.Method == PaymentMethod.PathStrictSend
            ? new PathPaymentStrictSendOperation(spent, path.SourceStroops, destination, received, path.MinStroops, [.. hops])
            : new PathPaymentStrictReceiveOperation(spent, path.SourceMaxStroops, destination, received, payment.Stroops, [.. hops]));
    }

    /// <summary>
    /// What it moved, only the ledger knows. The limits were asked for the most that may leave; what left is what counts.
    /// </summary>
    public bool Settle(WalletState state, PaymentRecord payment, LedgerOperation operation)
    {
        if (payment.Path is not { SentStroops: null } path || operation.Amount is not { } received)
        {
            return false;
        }

        FailedPaths.Works(state, payment);
        var sent = (operation.SourceAmount ?? received).Stroops;
        path.SentStroops = sent;
        path.ReceivedStroops = received.Stroops;
        var most = (Int128)path.SourceMaxStroops;
        var units = (((Int128)payment.LimitUnits * sent) + most - 1) / most;
        LimitLedger.Correct(state, payment, (long)Int128.Min(units, payment.LimitUnits));
        return true;
    }

    public void Refuse(WalletState state, PaymentRecord payment, string code, Refusal refusal)
    {
        Trustlines.LearnFreeze(state, payment, code, refusal.Report.Ledger);
        FailedPaths.Learn(state, payment, code, refusal.At);
    }
}
