using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Makes results of transactions. Only success and failure carry those of the operations.</summary>
internal static class Results
{
    public static TransactionResult Of(
        TransactionResultCode code, long feeCharged, IReadOnlyList<OperationResult>? operations = null) =>
        new(feeCharged, code, HasOperations(code) && operations is not null ? operations.ToValueList() : default);

    /// <summary>The result of a fee bump around that of its inner transaction.</summary>
    public static TransactionResult Around(TransactionFrame inner, TransactionResult result, long feeCharged) => new(
        feeCharged,
        result.IsSuccess ? TransactionResultCode.FeeBumpInnerSuccess : TransactionResultCode.FeeBumpInnerFailed,
        Inner: new InnerTransactionResultPair(
            inner.ContentsHash, new InnerTransactionResult(result.FeeCharged, result.Code, result.Operations)));

    private static bool HasOperations(TransactionResultCode code) =>
        code is TransactionResultCode.Success or TransactionResultCode.Failed;
}
