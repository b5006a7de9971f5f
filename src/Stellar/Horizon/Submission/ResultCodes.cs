using System.Buffers.Binary;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>The codes in a TransactionResult, as Horizon spells them in <c>extras.result_codes</c>.</summary>
/// <param name="Transaction">The transaction's code.</param>
/// <param name="InnerTransaction">The code of the transaction inside a fee-bump; null for any other.</param>
/// <param name="Operations">Each operation's code; empty where none was reached.</param>
public sealed record ResultCodes(string Transaction, string? InnerTransaction, ValueList<string> Operations)
{
    private const int FeeSize = sizeof(long);

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

    /// <summary>
    /// The number of the transaction's code in a result in base64 XDR, also of one that is not known; null if it is too
    /// short to hold one. XDR's <c>TransactionResult</c> begins with the fee, then the code.
    /// </summary>
    public static int? NumberFromXdrBase64(string? xdr)
    {
        Span<byte> bytes = stackalloc byte[FeeSize + sizeof(int)];
        var begin = xdr is { Length: >= 16 } ? xdr[..16] : "";
        return Convert.TryFromBase64String(begin, bytes, out var length) && length == bytes.Length
            ? BinaryPrimitives.ReadInt32BigEndian(bytes[FeeSize..])
            : null;
    }
}
