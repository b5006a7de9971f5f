using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.RateLimits;

/// <summary>
/// Logins to one account, whether it exists or not: by name from one network, so that strangers use up nothing of others', and by what is
/// known for its own, a device or who has shown a passkey.
/// </summary>
internal sealed class AccountRateLimit(RateLimitTable table, IOptions<RateLimitOptions> options, byte[] secret)
{
    // A grain's key is in logs, and a bare digest of a name is soon undone.
    private const int DigestBytes = 16;

    private readonly byte[] _key = TokenSecret.DeriveKey(secret, "stellarpay/rate limits/v1"u8);
    private readonly RateLimit _names = RateLimit.AMinute("login", options.Value.LoginPerAccount);

    // Apart from names, which anybody can make up: whoever fills their room displaces nobody of these.
    private readonly RateLimit _known = RateLimit.AMinute("login_known", options.Value.LoginPerAccount);

    /// <summary>
    /// Null if there is room for one more to a name from a network. Made-up names look like any other: where they take all places the
    /// network's own limit and the attempts that the database counts are left, and nobody shares a place with them.
    /// </summary>
    public ValueTask<Problem?> TakeAsync(string name, ClientAddress address) =>
        AnswerAsync(table.TakeIfRoomAsync(_names, KeyOf($"{name.ToUpperInvariant()}\n{address.WideRange}")));

    /// <summary>Null if there is room for one more of a user who has shown who he is.</summary>
    public ValueTask<Problem?> TakeAsync(UserId user) => AnswerAsync(table.TakeAsync(_known, KeyOf(user.Value)));

    /// <summary>Null if there is room for one more with a device that is known.</summary>
    /// <param name="device">The device's mark.</param>
    public ValueTask<Problem?> TakeAsync(byte[] device) =>
        AnswerAsync(table.TakeAsync(_known, KeyOf($"device\n{Convert.ToHexStringLower(device)}")));

    private string KeyOf(string of) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(of)).AsSpan(0, DigestBytes));

    private static async ValueTask<Problem?> AnswerAsync(ValueTask<TimeSpan?> taken) => await taken is { } wait
        ? StatusProblems.Of(StatusCodes.Status429TooManyRequests) with { RetryAfter = wait }
        : null;
}
