using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using StellarPay.Stellar.Keys;

namespace StellarPay.Tests.Shared.Secrets;

/// <summary>A seed and its data key in clear, as only the holder of the key-encryption key can have them.</summary>
internal sealed record OpenSeed(string PublicKey, byte[] Seed, byte[] DataKey)
{
    public Secret[] Secrets =>
    [
        Secret.OfSeed($"the seed of {PublicKey}", Seed),
        Secret.OfBytes($"the data key of {PublicKey}", DataKey),
    ];
}

/// <summary>Decrypts the seeds that a stored state holds, by a description of the format of its own.</summary>
internal static class StoredSeeds
{
    private const int TagBytes = 16;

    /// <param name="state">The state, whatever it is; seeds are looked for in all of it.</param>
    /// <param name="owner">The key of the grain.</param>
    /// <param name="unwrap">Unwraps a data key by the id of the key that wraps it.</param>
    public static IEnumerable<OpenSeed> In(JsonNode? state, string owner, Func<string, byte[], byte[]> unwrap) => state switch
    {
        JsonObject seed when seed.ContainsKey("ciphertext") && seed.ContainsKey("wrappedKey") => [Open(seed, owner, unwrap)],
        JsonObject members => members.SelectMany(member => In(member.Value, owner, unwrap)),
        JsonArray list => list.SelectMany(item => In(item, owner, unwrap)),
        _ => [],
    };

    private static OpenSeed Open(JsonObject stored, string owner, Func<string, byte[], byte[]> unwrap)
    {
        var publicKey = (string)stored["publicKey"]!;
        var dataKey = unwrap((string)stored["keyId"]!, Bytes(stored, "wrappedKey"));
        var ciphertext = Bytes(stored, "ciphertext");
        var seed = new byte[ciphertext.Length - TagBytes];
        using var aes = new AesGcm(dataKey, TagBytes);
        aes.Decrypt(
            Bytes(stored, "nonce"), ciphertext.AsSpan(0, seed.Length), ciphertext.AsSpan(seed.Length), seed,
            AssociatedData(owner, publicKey, (byte)(int)stored["version"]!));
        using var key = SigningKey.FromSeed(seed);
        key.AccountId.ToString().ShouldBe(publicKey);
        return new OpenSeed(publicKey, seed, dataKey);
    }

    private static byte[] Bytes(JsonObject stored, string member) => Convert.FromBase64String((string)stored[member]!);

    // The format of the associated data, spelled out: version, then each part with its length, all big-endian.
    private static byte[] AssociatedData(string owner, string publicKey, byte version) =>
    [
        0, 0, 0, version,
        0, 0, 0, (byte)owner.Length, .. Encoding.ASCII.GetBytes(owner),
        0, 0, 0, (byte)publicKey.Length, .. Encoding.ASCII.GetBytes(publicKey),
    ];
}
