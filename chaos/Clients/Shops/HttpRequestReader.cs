using System.Globalization;
using System.Text;

namespace StellarPay.Chaos.Clients.Shops;

/// <summary>Reads one request of HTTP/1.1 with a length, as a server does that is to be cut off anywhere.</summary>
internal static class HttpRequestReader
{
    private const int LongestHead = 16 * 1024;
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    /// <summary>The headers by their names in lower case, and the body; null where the other side hung up or speaks otherwise.</summary>
    public static async Task<(IReadOnlyDictionary<string, string> Headers, byte[] Body)?> ReadAsync(
        Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestHead];
        var (length, end) = (0, -1);
        while (end < 0)
        {
            var got = length == buffer.Length ? 0 : await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (got == 0)
            {
                return null;
            }

            length += got;
            end = buffer.AsSpan(0, length).IndexOf(EndOfHead);
        }

        var headers = HeadersOf(Encoding.ASCII.GetString(buffer, 0, end));
        if (!int.TryParse(headers.GetValueOrDefault("content-length"), CultureInfo.InvariantCulture, out var bodyLength))
        {
            return null;
        }

        var body = new byte[bodyLength];
        var early = Math.Min(length - end - EndOfHead.Length, bodyLength);
        buffer.AsSpan(end + EndOfHead.Length, early).CopyTo(body);
        await stream.ReadExactlyAsync(body.AsMemory(early), cancellationToken);
        return (headers, body);
    }

    private static Dictionary<string, string> HeadersOf(string head) => head.Split("\r\n").Skip(1)
        .Select(line => line.Split(':', 2))
        .Where(parts => parts.Length == 2)
        .ToDictionary(parts => parts[0].Trim().ToLowerInvariant(), parts => parts[1].Trim(), StringComparer.Ordinal);
}
