using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StellarPay.Frontdoor.Webhooks.Endpoints;

namespace StellarPay.Frontdoor.Webhooks.Delivery;

/// <summary>
/// Signs what is sent, twice: as Stripe does, over <c>t.body</c> with the whole text of the secret, and as Standard Webhooks has it, over
/// <c>id.t.body</c> with the bytes that the text stands for. While a secret is being replaced both the new one and the old one sign.
/// </summary>
/// <remarks>Sources: https://docs.stripe.com/webhooks, "Verify webhook signatures manually"; https://www.standardwebhooks.com, "Signature scheme".</remarks>
internal static class WebhookSignature
{
    public const string Stripe = "Stripe-Signature";
    public const string Id = "webhook-id";
    public const string Timestamp = "webhook-timestamp";
    public const string Standard = "webhook-signature";

    /// <summary>The headers that say so.</summary>
    /// <param name="id">The event's id: the same however often it is sent.</param>
    /// <param name="at">When it is sent, this time.</param>
    /// <param name="body">The bytes that are sent.</param>
    /// <param name="secrets">The secrets, the present one first.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> HeadersOf(
        string id, DateTimeOffset at, ReadOnlySpan<byte> body, IReadOnlyList<byte[]> secrets)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var stripe = new StringBuilder($"t={time}");
        var standard = new StringBuilder();
        foreach (var secret in secrets)
        {
            var text = Encoding.UTF8.GetBytes(WebhookSecret.TextOf(secret));
            stripe.Append(",v1=").Append(Convert.ToHexStringLower(Sign(text, $"{time}.", body)));
            standard.Append(standard.Length > 0 ? " " : "").Append("v1,").Append(Convert.ToBase64String(Sign(secret, $"{id}.{time}.", body)));
        }

        return
        [
            new(Stripe, stripe.ToString()), new(Id, id), new(Timestamp, time), new(Standard, standard.ToString()),
        ];
    }

    /// <summary>Whether a request looks like one of our own calls: however it got here, somebody has us call ourselves.</summary>
    public static bool IsOn(HttpRequest request) => request.Headers.ContainsKey(Standard) && request.Headers.ContainsKey(Stripe);

    private static byte[] Sign(byte[] key, string before, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes(before));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }
}
