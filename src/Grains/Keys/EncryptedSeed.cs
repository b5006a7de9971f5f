using System.Text.Json.Serialization;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Keys;

/// <summary>A seed at rest: encrypted under a data key of its own, which is wrapped by the key-encryption key.</summary>
/// <param name="PublicKey">The address whose key it is.</param>
/// <param name="Version">Counts the keys that the account has had.</param>
/// <param name="KeyId">The key-encryption key that wrapped the data key.</param>
/// <param name="WrappedKey">The wrapped data key.</param>
/// <param name="Nonce">AES-GCM's nonce.</param>
/// <param name="Ciphertext">The encrypted seed, followed by AES-GCM's tag.</param>
[GenerateSerializer, Immutable, Alias("sp.EncryptedSeed")]
internal sealed record EncryptedSeed(
    [property: Id(0)] string PublicKey,
    [property: Id(1)] int Version,
    [property: Id(2), JsonConverter(typeof(KeyIdConverter))] string KeyId,
    [property: Id(3)] byte[] WrappedKey,
    [property: Id(4)] byte[] Nonce,
    [property: Id(5)] byte[] Ciphertext)
{
    /// <summary>Whether two are the same seed under the same data key, whatever wraps that.</summary>
    public static bool IsSame(EncryptedSeed? one, EncryptedSeed? other) =>
        one is not null && other is not null && one.PublicKey == other.PublicKey
        && one.Ciphertext.AsSpan().SequenceEqual(other.Ciphertext);

    // A record prints its members; this one prints none that has to do with the secret.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("PublicKey = ").Append(PublicKey).Append(", Version = ").Append(Version);
        return true;
    }
}
