using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>The hash of a password that nobody knows, to be checked in place of that of someone who is not there.</summary>
internal sealed class AbsentUser(IPasswordHasher<User> hasher)
{
    private readonly Lazy<string> _hash = new(
        () => hasher.HashPassword(new User(), Convert.ToHexString(RandomNumberGenerator.GetBytes(32))));

    /// <summary>The hash, for somebody who is to have no password until he sets one by a code.</summary>
    public string Hash => _hash.Value;

    /// <summary>Always <see cref="PasswordVerificationResult.Failed"/>.</summary>
    public PasswordVerificationResult Verify(string password)
    {
        hasher.VerifyHashedPassword(new User(), _hash.Value, password);
        return PasswordVerificationResult.Failed;
    }
}
