using System.Security.Cryptography;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.Webhooks.Endpoints;

/// <summary>What an endpoint's calls are signed with: 32 random bytes. Stored under the merchant's data key, shown once.</summary>
internal sealed class WebhookSecret(ISubjectKeys keys)
{
    public const string Prefix = "whsec_";

    private const int Bytes = 32;

    /// <summary>A new one.</summary>
    public static byte[] New() => RandomNumberGenerator.GetBytes(Bytes);

    /// <summary>As it is shown, and as libraries of receivers take it.</summary>
    public static string TextOf(byte[] secret) => Prefix + Convert.ToBase64String(secret);

    public Task<byte[]> SealAsync(MerchantId merchant, string endpoint, byte[] secret, CancellationToken cancellationToken) =>
        keys.SealAsync(FieldOf(merchant, endpoint), secret, cancellationToken);

    /// <summary>Null where the merchant was erased.</summary>
    public Task<byte[]?> OpenAsync(MerchantId merchant, string endpoint, byte[] sealedSecret, CancellationToken cancellationToken) =>
        keys.OpenAsync(FieldOf(merchant, endpoint), sealedSecret, cancellationToken);

    // Both columns: a secret that is replaced moves, still encrypted, from the one to the other. It lets nobody in here.
    private static SubjectField FieldOf(MerchantId merchant, string endpoint) =>
        new(merchant.Value, "webhook_endpoints", "secret", endpoint, IsPersonal: true);
}
