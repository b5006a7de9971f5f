using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Finds the rules of a transaction's operations.</summary>
internal static class OperationRules
{
    public static OperationRule[] Of(TransactionContext transaction)
    {
        var frame = transaction.Frame;
        var operations = frame.Transaction.Operations.AsSpan();
        var rules = new OperationRule[operations.Length];
        for (var i = 0; i < rules.Length; i++)
        {
            rules[i] = Of(
                new OperationContext(transaction, frame.SourceOf(operations[i]), (uint)i), operations[i].Body);
        }

        return rules;
    }

    private static OperationRule Of(OperationContext context, OperationBody body) => body switch
    {
        CreateAccountOperation operation => new CreateAccountRule(context, operation),
        PaymentOperation operation => new PaymentRule(context, operation),
        PathPaymentStrictReceiveOperation operation => new PathPaymentStrictReceiveRule(context, operation),
        PathPaymentStrictSendOperation operation => new PathPaymentStrictSendRule(context, operation),
        ManageSellOfferOperation operation => ManageSellOfferRule.Of(context, operation),
        CreatePassiveSellOfferOperation operation => ManageSellOfferRule.Of(context, operation),
        ManageBuyOfferOperation operation => new ManageBuyOfferRule(context, operation),
        SetOptionsOperation operation => new SetOptionsRule(context, operation),
        ChangeTrustOperation operation => new ChangeTrustRule(context, operation),
        AllowTrustOperation operation => new AllowTrustRule(context, operation),
        SetTrustLineFlagsOperation operation => new SetTrustLineFlagsRule(context, operation),
        AccountMergeOperation operation => new AccountMergeRule(context, operation),
        ManageDataOperation operation => new ManageDataRule(context, operation),
        BumpSequenceOperation operation => new BumpSequenceRule(context, operation),
        CreateClaimableBalanceOperation operation => new CreateClaimableBalanceRule(context, operation),
        ClaimClaimableBalanceOperation operation => new ClaimClaimableBalanceRule(context, operation),
        BeginSponsoringFutureReservesOperation operation => new BeginSponsoringRule(context, operation),
        EndSponsoringFutureReservesOperation => new EndSponsoringRule(context),
        RevokeSponsorshipOperation operation => new RevokeSponsorshipRule(context, operation),
        ClawbackOperation operation => new ClawbackRule(context, operation),
        ClawbackClaimableBalanceOperation operation => new ClawbackClaimableBalanceRule(context, operation),
        _ => new UnsupportedRule(context, body),
    };
}
