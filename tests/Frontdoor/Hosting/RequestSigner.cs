using System.Security.Cryptography;
using System.Text;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>
/// Signs requests as docs/guides/signed-requests.md tells a merchant's developer to, and by nothing of the front door's own: what it reads
/// differently does not pass for right because both read it so.
/// </summary>
internal sealed class RequestSigner(string secret, TimeProvider clock)
{
    public const string Header = "StellarPay-Signature";

    private static readonly Uri Anywhere = new("http://any.example");

    /// <summary>The secret, as it was shown.</summary>
    public string Secret { get; } = secret;

    /// <summary>How far the clock of who signs is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    /// <summary>The next nonce; else a new one each time.</summary>
    public string? Nonce { get; set; }

    /// <summary>What stands in place of the right HMAC.</summary>
    public string? Mac { get; set; }

    public long Now => (clock.GetUtcNow() + Ahead).ToUnixTimeSeconds();

    /// <summary>A nonce that no request had.</summary>
    public static string NewNonce() => Guid.NewGuid().ToString();

    /// <summary>The HMAC of what is signed, in hexadecimal.</summary>
    public static string MacOf(string secret, string method, string target, long time, string nonce, string idempotencyKey, byte[] body)
    {
        var hash = Convert.ToHexString(SHA256.HashData(body)).ToLowerInvariant();
        using var mac = new HMACSHA256(Encoding.UTF8.GetBytes(secret));
        var lines = $"{method}\n{target}\n{time}\n{nonce}\n{idempotencyKey}\n{hash}";
        return Convert.ToHexString(mac.ComputeHash(Encoding.UTF8.GetBytes(lines))).ToLowerInvariant();
    }

    /// <summary>Signs a request, unless it is signed already.</summary>
    public async Task SignAsync(HttpRequestMessage request)
    {
        if (request.Headers.Contains(Header))
        {
            return;
        }

        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var (time, nonce) = (Now, Nonce ?? NewNonce());
        var key = request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : "";
        var target = new Uri(Anywhere, request.RequestUri!).PathAndQuery;
        request.Headers.Add(Header, $"t={time},n={nonce},v1={Mac ?? MacOf(Secret, request.Method.Method, target, time, nonce, key, body)}");
    }
}
