using System.Diagnostics.CodeAnalysis;

namespace StellarPay.Stellar.Xdr;

/// <summary>The one exception of this namespace's codec: bytes that are not the value they should be, or a value
/// that has no XDR because a list or string is too long.</summary>
/// <param name="message">What is wrong, in a sentence.</param>
public sealed class XdrException(string message) : Exception(message)
{
    [DoesNotReturn]
    internal static void Truncated(int wanted, int left) =>
        throw new XdrException($"The XDR ends too early: {wanted} bytes are wanted, {left} are left.");

    [DoesNotReturn]
    internal static void TooLong(uint length, int max) =>
        throw new XdrException($"A length of {length} is above the limit of {max}.");

    [DoesNotReturn]
    internal static void Padding() => throw new XdrException("Padding bytes must be zero.");

    [DoesNotReturn]
    internal static void Trailing(int left) => throw new XdrException($"{left} bytes follow the value.");

    [DoesNotReturn]
    internal static void TooDeep() =>
        throw new XdrException($"The XDR is nested deeper than {XdrReader.MaxDepth} levels.");

    internal static XdrException Discriminant(string type, long value) =>
        new($"{value} is no {type}.");
}
