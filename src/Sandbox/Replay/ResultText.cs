using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Replay;

/// <summary>A result as people read it: Horizon's codes, and what successes carry.</summary>
internal static class ResultText
{
    public static string Of(TransactionResult? result)
    {
        if (result is null)
        {
            return "none";
        }

        var text = $"{result.Code}, fee {result.FeeCharged}";
        return result.Inner is { } inner
            ? $"{text}, inner {inner.Result.Code}, fee {inner.Result.FeeCharged}{Of(inner.Result.Operations)}"
            : text + Of(result.Operations);
    }

    private static string Of(ValueList<OperationResult> operations)
    {
        var texts = operations.Select(operation => operation.Inner?.ToString() ?? operation.Code.ToString());
        return operations.Count == 0 ? "" : $": {string.Join("; ", texts)}";
    }
}
