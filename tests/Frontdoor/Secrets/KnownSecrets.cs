using System.Security.Cryptography;
using System.Text.Json.Nodes;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Tests.Shared.Secrets;

namespace StellarPay.Frontdoor.Tests.Secrets;

/// <summary>Learns what is secret of a host, by the keys that only the test and the host have.</summary>
internal sealed class KnownSecrets(SecretsHost host)
{
    private readonly Dictionary<string, OpenSeed> _seeds = [];
    private readonly Dictionary<string, byte[]> _signingKeys = [];

    public IReadOnlyCollection<string> PublicKeys => _seeds.Keys;

    /// <summary>The grains whose seeds are known: the kinds of their keys.</summary>
    public HashSet<string> States { get; } = [];

    public IReadOnlyCollection<string> SigningKeyIds => _signingKeys.Keys;

    public IEnumerable<Secret> All =>
    [
        .. _seeds.Values.SelectMany(seed => seed.Secrets),
        .. _signingKeys.SelectMany(key => OfSigningKey(key.Key, key.Value)),
        .. host.KeyEncryptionKeys.Select((key, i) => Secret.OfBytes($"key-encryption key {i}", key)),
        Secret.OfBytes("the secret of the token-signing keys", Convert.FromHexString(FrontdoorHost.TokenKey)),
        Secret.OfBytes("the key of the token-signing keys", HKDF.DeriveKey(
            HashAlgorithmName.SHA256, Convert.FromHexString(FrontdoorHost.TokenKey), 32,
            info: "stellarpay/access-token-signing-keys/v1"u8.ToArray())),
    ];

    /// <summary>Decrypts what is stored at this moment. What was learned before stays known.</summary>
    public async Task LearnAsync()
    {
        await using (var command = host.Database.DataSource.CreateCommand(
            "SELECT state_name, grain_key, payload::text FROM grain_state WHERE payload IS NOT NULL"))
        await using (var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken))
        {
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                foreach (var seed in StoredSeeds.In(JsonNode.Parse(reader.GetString(2)), reader.GetString(1), host.Unwrap))
                {
                    _seeds[seed.PublicKey] = seed;
                    States.Add(reader.GetString(0));
                }
            }
        }

        var cipher = new SigningKeyCipher(Convert.FromHexString(FrontdoorHost.TokenKey));
        await using var keys = host.Database.DataSource.CreateCommand(
            "SELECT id, private_key, signs_from, signs_until, accepts_until FROM identity.signing_keys");
        await using var rows = await keys.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            var key = cipher.Open(
                rows.GetString(0), rows.GetFieldValue<byte[]>(1), rows.GetFieldValue<DateTimeOffset>(2),
                rows.GetFieldValue<DateTimeOffset>(3), rows.GetFieldValue<DateTimeOffset>(4));
            _signingKeys[rows.GetString(0)] = key.ShouldNotBeNull().Rsa.ExportPkcs8PrivateKey();
        }
    }

    /// <summary>The numbers of an RSA key that only its owner may have; any of them gives the others.</summary>
    public static IEnumerable<Secret> OfSigningKey(string id, byte[] pkcs8)
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(pkcs8, out _);
        var numbers = rsa.ExportParameters(includePrivateParameters: true);
        return new[] { ("d", numbers.D), ("p", numbers.P), ("q", numbers.Q), ("dp", numbers.DP), ("dq", numbers.DQ), ("qi", numbers.InverseQ) }
            .Select(number => Secret.OfBytes($"{number.Item1} of the signing key {id}", number.Item2));
    }
}
