using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Stripe;

namespace StellarPay.Frontdoor.Tests.Webhooks;

/// <summary>The two schemes as they are published, computed apart from the code that is tested.</summary>
internal static class OfficialSignatures
{
    /// <summary>https://docs.stripe.com/webhooks: HMAC-SHA256 of <c>t.body</c> under the secret as it is written, in hexadecimal.</summary>
    public static string Stripe(string secret, string time, byte[] body) => Convert.ToHexString(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes(time + "."), .. body])).ToLowerInvariant();

    /// <summary>
    /// The id of an event as Stripe's own client for .NET takes it, a time after it was sent, with the tolerance that it has by itself.
    /// </summary>
    /// <exception cref="StripeException">It takes it for somebody else's, or for too old.</exception>
    public static string StripeNet(Received sent, string secret, TimeSpan after)
    {
        const long usual = 300;
        return EventUtility.ConstructEvent(
            Encoding.UTF8.GetString(sent.Body), sent.Headers["Stripe-Signature"], secret, usual,
            long.Parse(sent.Headers["webhook-timestamp"], CultureInfo.InvariantCulture) + (long)after.TotalSeconds,
            throwOnApiVersionMismatch: false).Id;
    }

    /// <summary>
    /// https://www.standardwebhooks.com: HMAC-SHA256 of <c>id.t.body</c> under the bytes after <c>whsec_</c>, in base 64 after <c>v1,</c>.
    /// </summary>
    public static string Standard(string secret, string id, string time, byte[] body) => "v1," + Convert.ToBase64String(
        HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{time}."), .. body]));
}
