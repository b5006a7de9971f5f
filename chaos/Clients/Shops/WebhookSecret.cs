using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StellarPay.Chaos.Clients.Shops;

/// <summary>
/// What calls of one endpoint are signed with, as a receiver checks it by the two public schemes: a reader of its own, which shares nothing
/// with what signs.
/// </summary>
/// <param name="text">As it was shown, <c>whsec_…</c>.</param>
internal sealed class WebhookSecret(string text)
{
    private const string Prefix = "whsec_";
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly byte[] _stripe = Encoding.UTF8.GetBytes(text);
    private readonly byte[] _standard = Convert.FromBase64String(text[Prefix.Length..]);

    /// <summary>Whether a request bears the right signatures, of a time that is not long ago.</summary>
    public bool HasSigned(IReadOnlyDictionary<string, string> headers, byte[] body, DateTimeOffset now)
    {
        var id = headers.GetValueOrDefault("webhook-id");
        var time = headers.GetValueOrDefault("webhook-timestamp");
        if (id is null || !long.TryParse(time, CultureInfo.InvariantCulture, out var seconds)
            || (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Tolerance)
        {
            return false;
        }

        var stripe = Convert.ToHexStringLower(HMACSHA256.HashData(_stripe, Before($"{time}.", body)));
        var standard = Convert.ToBase64String(HMACSHA256.HashData(_standard, Before($"{id}.{time}.", body)));
        return headers.GetValueOrDefault("stripe-signature") == $"t={time},v1={stripe}"
            && headers.GetValueOrDefault("webhook-signature") == $"v1,{standard}";
    }

    private static byte[] Before(string text, byte[] body) => [.. Encoding.UTF8.GetBytes(text), .. body];
}
