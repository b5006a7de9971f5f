using System.Security.Cryptography;
using System.Text;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Merchants.Signing;

/// <summary>
/// What requests by an API key are signed with: 256 random bits, such as <c>rqsec_…</c>, made and shown with each secret of a key. The key
/// itself is kept as a digest, which nothing can be signed with; this is stored under the merchant's data key.
/// </summary>
internal sealed class SigningSecrets(ISubjectKeys keys)
{
    public const string Prefix = "rqsec_";

    // 43 of 62 are 256 bits.
    private const int SecretLength = 43;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>A new one, as it is shown. Its text, prefix and all, is what the HMAC takes as its key.</summary>
    public static string New() => Prefix + RandomNumberGenerator.GetString(Alphabet, SecretLength);

    public Task<byte[]> SealAsync(MerchantId merchant, string key, string secret, CancellationToken cancellationToken) =>
        keys.SealAsync(FieldOf(merchant, key), Encoding.ASCII.GetBytes(secret), cancellationToken);

    /// <summary>The bytes of its text, for the caller to wipe; null where the merchant was erased.</summary>
    public Task<byte[]?> OpenAsync(MerchantId merchant, string key, byte[] sealedSecret, CancellationToken cancellationToken) =>
        keys.OpenAsync(FieldOf(merchant, key), sealedSecret, cancellationToken);

    // Both secrets of a key that is being exchanged. Without the key, of which nothing is kept that could be shown, it lets nobody in.
    private static SubjectField FieldOf(MerchantId merchant, string key) =>
        new(merchant.Value, "merchants.api_key_secrets", "signing_secret", key, IsPersonal: true);
}

/// <summary>What is to be known of the signatures of a key that was shown.</summary>
/// <param name="SealedSecret">The secret that goes with it, encrypted; null of a publishable one.</param>
/// <param name="IsDemanded">Whether its merchant has what moves money signed.</param>
internal sealed record KeySigning(byte[]? SealedSecret, bool IsDemanded);
