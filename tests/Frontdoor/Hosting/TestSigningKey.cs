using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>
/// The first key that signs tokens, put where a front door looks for it before it makes one: the same numbers for all front doors of a test
/// program, since finding the primes takes a good part of what starting a front door does. Its name is another each time.
/// </summary>
internal static class TestSigningKey
{
    private static readonly Lazy<byte[]> Numbers = new(() =>
    {
        using var made = RSA.Create(SigningKey.Bits);
        return made.ExportPkcs8PrivateKey();
    });

    /// <summary>Adds it where there is no key yet.</summary>
    public static async Task AddAsync(IServiceProvider services)
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(Numbers.Value, out _);
        var options = services.GetRequiredService<IOptions<AuthOptions>>().Value;
        var now = services.GetRequiredKeyedService<TimeProvider>(BusinessTime.Key).GetUtcNow();
        var from = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        var until = from + options.SigningKeyLifetime;
        var key = new SigningKey(
            $"key_{from:yyyyMMdd}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}", rsa, from, until,
            until + options.AccessTokenLifetime + (2 * AccessTokenHandler.ClockSkew));
        await services.GetRequiredService<SigningKeyStore>().TryAddAsync(key, from, known: [], CancellationToken.None);
    }
}
