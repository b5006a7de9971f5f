using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>The codes in a TransactionResult, as Horizon spells them in <c>extras.result_codes</c>.</summary>
/// <param name="Transaction">The transaction's code.</param>
/// <param name="InnerTransaction">The code of the transaction inside a fee-bump; null for any other.</param>
/// <param name="Operations">Each operation's code; empty where none was reached.</param>
public sealed record ResultCodes(string Transaction, string? InnerTransaction, ValueList<string> Operations)
{
    /// <summary>The codes of a result.</summary>
    public static ResultCodes From(TransactionResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var inner = result.Inner?.Result;
        var operations = inner is null ? result.Operations : inner.Operations;
        return new ResultCodes(
            result.Code.ToHorizonCode(),
            inner?.Code.ToHorizonCode(),
            [.. operations.Select(operation => operation.ToHorizonCode())]);
    }

    /// <summary>The codes of a result in base64 XDR; null if it is none.</summary>
    public static ResultCodes? FromXdrBase64(string? xdr)
    {
        try
        {
            return xdr is null ? null : From(TransactionResult.FromXdrBase64(xdr));
        }
        catch (XdrException)
        {
            return null;
        }
    }
}
