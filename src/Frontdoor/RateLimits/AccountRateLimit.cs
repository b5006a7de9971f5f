using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>Logins to one account, whoever tries them and whether it exists or not.</summary>
internal sealed class AccountRateLimit(RateLimitTable table, IOptions<RateLimitOptions> options, byte[] secret)
{
    // A grain's key is in logs, and a bare digest of a name is soon undone.
    private const int DigestBytes = 16;

    private readonly byte[] _key = TokenSecret.DeriveKey(secret, "stellarpay/rate limits/v1"u8);
    private readonly RateLimit _limit = RateLimit.AMinute("login", options.Value.LoginPerAccount);

    /// <summary>Null if there is room for one more.</summary>
    public async ValueTask<Problem?> TakeAsync(string account)
    {
        var digest = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(account.ToUpperInvariant()));
        return await table.TakeAsync(_limit, Convert.ToHexStringLower(digest.AsSpan(0, DigestBytes))) is { } wait
            ? StatusProblems.Of(StatusCodes.Status429TooManyRequests) with { RetryAfter = wait }
            : null;
    }
}
