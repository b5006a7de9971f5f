using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Transactions;

/// <summary>Fee-bumps: someone else pays the fee of a transaction that is already signed.</summary>
/// <remarks>Source: CAP-15.</remarks>
public static class FeeBump
{
    /// <summary>Wraps a signed transaction.</summary>
    /// <param name="inner">The signed transaction; not itself a fee-bump.</param>
    /// <param name="feeSource">Who pays, and has to sign the result.</param>
    /// <param name="baseFee">
    /// The most to pay, in stroops for each operation and one more for the fee-bump itself. At least 100, and at least
    /// what the inner transaction offers for each of its operations.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The inner transaction is a fee-bump, or the fee is too small or too large.
    /// </exception>
    public static FeeBumpTransaction Wrap(TransactionEnvelope inner, MuxedAccount feeSource, long baseFee)
    {
        ArgumentNullException.ThrowIfNull(inner);
        var v1 = inner switch
        {
            TransactionV1Envelope envelope => envelope,
            TransactionV0Envelope envelope => new(envelope.Transaction.ToTransaction(), envelope.Signatures),
            _ => throw new ArgumentException("A fee-bump cannot be wrapped in another.", nameof(inner)),
        };
        var operations = v1.Transaction.Operations.Count;
        if (baseFee < TransactionBuilder.MinBaseFee)
        {
            throw new ArgumentException(
                $"The base fee is at least {TransactionBuilder.MinBaseFee} stroops.", nameof(baseFee));
        }
        // Rates are compared as fractions, as the network does: fee / (operations + 1) against inner fee / operations.
        if (baseFee > long.MaxValue / (operations + 1) || (Int128)baseFee * operations < v1.Transaction.Fee)
        {
            throw new ArgumentException(
                "The base fee must be at least what the inner transaction offers, and within 64 bits in total.",
                nameof(baseFee));
        }
        return new FeeBumpTransaction(feeSource, baseFee * (operations + 1), v1);
    }
}
