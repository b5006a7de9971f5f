using System.Buffers;

namespace StellarPay.Stellar.Horizon.Transport;

/// <summary>Reads an answer's body, but never more of it than allowed.</summary>
internal static class BoundedContent
{
    private const int ChunkBytes = 16 * 1024;

    /// <exception cref="HorizonException">The body is longer.</exception>
    internal static async Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes)
        {
            throw TooLong(maxBytes);
        }
        await using var body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var read = new ArrayBufferWriter<byte>(ChunkBytes);
        while (true)
        {
            var count = await body.ReadAsync(read.GetMemory(ChunkBytes), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return read.WrittenMemory;
            }
            read.Advance(count);
            if (read.WrittenCount > maxBytes)
            {
                throw TooLong(maxBytes);
            }
        }
    }

    private static HorizonException TooLong(int maxBytes) =>
        new($"Horizon's answer is longer than {maxBytes} bytes.", isTransient: false) { IsTooLong = true };
}
