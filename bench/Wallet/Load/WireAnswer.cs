using System.Buffers.Text;

namespace StellarPay.Bench.Wallet.Load;

/// <summary>An HTTP/1.1 answer as it stands in a buffer, read with no more work than a load generator can spare.</summary>
/// <param name="Status">The status code.</param>
/// <param name="BodyStart">Where the body begins in the buffer.</param>
/// <param name="BodyLength">The body's length, with the chunks joined.</param>
internal readonly record struct WireAnswer(int Status, int BodyStart, int BodyLength)
{
    private const int StatusStart = 9;
    private const int StatusLength = 3;

    /// <summary>Whether the buffer holds one whole answer. Joins the chunks of a chunked body in place.</summary>
    public static bool TryRead(Span<byte> received, out WireAnswer answer)
    {
        answer = default;
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = received[..(end + 2)];
        Utf8Parser.TryParse(head.Slice(StatusStart, StatusLength), out int status, out _);
        var start = end + 4;
        var length = head.IndexOf("\r\nContent-Length: "u8);
        if (length >= 0)
        {
            Utf8Parser.TryParse(head[(length + "\r\nContent-Length: ".Length)..], out int bytes, out _);
            answer = new WireAnswer(status, start, bytes);
            return received.Length >= start + bytes;
        }

        if (head.IndexOf("\r\nTransfer-Encoding: chunked"u8) < 0)
        {
            answer = new WireAnswer(status, start, 0);
            return true;
        }

        if (!IsWhole(received[start..]))
        {
            return false;
        }

        answer = new WireAnswer(status, start, Join(received[start..]));
        return true;
    }

    private static bool IsWhole(ReadOnlySpan<byte> chunks)
    {
        while (TryReadSize(chunks, out var size, out var at))
        {
            if (size == 0)
            {
                return chunks.Length >= at + 2;
            }

            if (chunks.Length < at + size + 2)
            {
                return false;
            }

            chunks = chunks[(at + size + 2)..];
        }

        return false;
    }

    private static int Join(Span<byte> chunks)
    {
        var written = 0;
        var from = 0;
        while (TryReadSize(chunks[from..], out var size, out var at) && size > 0)
        {
            chunks.Slice(from + at, size).CopyTo(chunks[written..]);
            written += size;
            from += at + size + 2;
        }

        return written;
    }

    private static bool TryReadSize(ReadOnlySpan<byte> chunk, out int size, out int dataStart)
    {
        var line = chunk.IndexOf("\r\n"u8);
        dataStart = line + 2;
        size = 0;
        return line > 0 && Utf8Parser.TryParse(chunk[..line], out size, out _, 'x');
    }
}
