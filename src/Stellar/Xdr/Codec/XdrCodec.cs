using System.Buffers;

namespace StellarPay.Stellar.Xdr;

/// <summary>Whole values to and from bytes and base64, the same for every <see cref="IXdr{TSelf}"/>:
/// <c>envelope.ToXdr()</c>, <c>TransactionEnvelope.FromXdrBase64(text)</c>.</summary>
public static class XdrCodec
{
    extension<T>(IXdr<T> value)
        where T : IXdr<T>
    {
        /// <summary>The value's XDR.</summary>
        /// <returns>A new array.</returns>
        /// <exception cref="XdrException">A list or string is longer than its type allows.</exception>
        public byte[] ToXdr()
        {
            using var writer = new XdrWriter();
            value.Write(writer);
            return writer.Written.ToArray();
        }

        /// <summary>The value's XDR in base64 (RFC 4648 §4, with padding), as Horizon speaks it.</summary>
        /// <returns>The text.</returns>
        /// <exception cref="XdrException">A list or string is longer than its type allows.</exception>
        public string ToXdrBase64()
        {
            using var writer = new XdrWriter();
            value.Write(writer);
            return Convert.ToBase64String(writer.Written);
        }
    }

    extension<T>(T)
        where T : IXdr<T>
    {
        /// <summary>Reads a whole value.</summary>
        /// <param name="xdr">Exactly the value's bytes.</param>
        /// <returns>The value.</returns>
        /// <exception cref="XdrException">The bytes are not such a value, or more bytes follow it.</exception>
        public static T FromXdr(ReadOnlySpan<byte> xdr)
        {
            var reader = new XdrReader(xdr);
            var value = T.Read(ref reader);
            reader.End();
            return value;
        }

        /// <summary>Reads a whole value from base64 (RFC 4648 §4, with padding, no white space).</summary>
        /// <param name="base64">The text.</param>
        /// <returns>The value.</returns>
        /// <exception cref="XdrException">The text is not base64, its bytes are not such a value, or more bytes follow
        /// it.</exception>
        public static T FromXdrBase64(string base64)
        {
            ArgumentNullException.ThrowIfNull(base64);
            var buffer = ArrayPool<byte>.Shared.Rent((base64.Length / 4 * 3) + 3);
            try
            {
                if (base64.AsSpan().IndexOfAny(" \t\r\n") >= 0
                    || !Convert.TryFromBase64String(base64, buffer, out var length))
                {
                    throw new XdrException("The text is not base64.");
                }

                var reader = new XdrReader(buffer.AsSpan(0, length));
                var value = T.Read(ref reader);
                reader.End();
                return value;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}
