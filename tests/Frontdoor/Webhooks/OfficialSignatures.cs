using System.Security.Cryptography;
using System.Text;

namespace StellarPay.Frontdoor.Tests.Webhooks;

/// <summary>The two schemes as they are published, computed apart from the code that is tested.</summary>
internal static class OfficialSignatures
{
    /// <summary>https://docs.stripe.com/webhooks: HMAC-SHA256 of <c>t.body</c> under the secret as it is written, in hexadecimal.</summary>
    public static string Stripe(string secret, string time, byte[] body) => Convert.ToHexString(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes(time + "."), .. body])).ToLowerInvariant();

    /// <summary>
    /// https://www.standardwebhooks.com: HMAC-SHA256 of <c>id.t.body</c> under the bytes after <c>whsec_</c>, in base 64 after <c>v1,</c>.
    /// </summary>
    public static string Standard(string secret, string id, string time, byte[] body) => "v1," + Convert.ToBase64String(
        HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{time}."), .. body]));
}
