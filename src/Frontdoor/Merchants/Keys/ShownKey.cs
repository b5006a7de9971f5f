using System.Net.Http.Headers;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>The key that a request shows: <c>Authorization: Bearer sk_…</c>, or HTTP Basic with the key as the user's name.</summary>
internal static class ShownKey
{
    private const int LongestHeader = 512;

    /// <summary>The text of it; null where none is meant.</summary>
    public static string? Of(HttpRequest request)
    {
        var header = request.Headers[HeaderNames.Authorization];
        if (header.Count != 1 || header[0] is not { Length: <= LongestHeader } text
            || !AuthenticationHeaderValue.TryParse(text, out var shown) || shown.Parameter is not { } parameter)
        {
            return null;
        }

        if (shown.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return ApiKeyText.IsMeant(parameter) ? parameter : null;
        }

        // The user's name ends at the first colon (RFC 7617); the password is nothing here, and none is what clients send.
        return shown.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) && Decode(parameter) is { } pair
            ? pair.Split(':')[0]
            : null;
    }

    private static string? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.Latin1.GetString(bytes, 0, length) : null;
    }
}
