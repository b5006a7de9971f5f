using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth.Passkeys;

/// <summary>
/// A browser and an authenticator with one passkey (ES256, attestation none), as WebAuthn describes them. What a test makes them do wrong
/// it sets before.
/// </summary>
internal sealed class SoftwareAuthenticator : IDisposable
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte HasCredential = 0x40;

    private ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] CredentialId { get; set; } = RandomNumberGenerator.GetBytes(32);

    public string Origin { get; set; } = FrontdoorHost.PasskeyOrigin;

    public string RelyingParty { get; set; } = FrontdoorHost.PasskeyDomain;

    /// <summary>What it says how often it has signed, the next time; it counts up by itself.</summary>
    public uint Count { get; set; }

    /// <summary>Whether it counts.</summary>
    public bool Counts { get; set; } = true;

    /// <summary>How many bytes it writes beside its key.</summary>
    public int Padding { get; set; }

    /// <summary>Whether it has seen that it is its user.</summary>
    public bool Verifies { get; set; } = true;

    /// <summary>Whose passkey it says that it is; the user's for whom it was made, unless a test says otherwise.</summary>
    public byte[]? UserHandle { get; set; }

    public void Dispose() => _key.Dispose();

    /// <summary>From now on it signs with a key that nobody knows.</summary>
    public void ForgetKey()
    {
        _key.Dispose();
        _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    }

    /// <summary>Makes its passkey for what navigator.credentials.create is given.</summary>
    public JsonObject Create(JsonElement options)
    {
        UserHandle ??= Base64Url.DecodeFromChars(options.GetProperty("user").GetProperty("id").GetString());
        var client = ClientData("webauthn.create", options);
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString("none");
        writer.WriteTextString("attStmt");
        writer.WriteStartMap(0);
        writer.WriteEndMap();
        writer.WriteTextString("authData");
        writer.WriteByteString([.. AuthenticatorData(HasCredential), .. Credential()]);
        writer.WriteEndMap();
        return Answer(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(client),
            ["attestationObject"] = Base64Url.EncodeToString(writer.Encode()),
            ["transports"] = new JsonArray("internal"),
        });
    }

    /// <summary>Signs what navigator.credentials.get is given.</summary>
    public JsonObject Get(JsonElement options)
    {
        var client = ClientData("webauthn.get", options);
        var data = AuthenticatorData();
        var signature = _key.SignData(
            [.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new JsonObject
        {
            ["clientDataJSON"] = Base64Url.EncodeToString(client),
            ["authenticatorData"] = Base64Url.EncodeToString(data),
            ["signature"] = Base64Url.EncodeToString(signature),
            ["userHandle"] = Base64Url.EncodeToString(UserHandle ?? []),
        });
    }

    private JsonObject Answer(JsonObject response) => new()
    {
        ["id"] = Base64Url.EncodeToString(CredentialId),
        ["rawId"] = Base64Url.EncodeToString(CredentialId),
        ["type"] = "public-key",
        ["response"] = response,
        ["clientExtensionResults"] = new JsonObject(),
    };

    private byte[] ClientData(string type, JsonElement options) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
    {
        type, challenge = options.GetProperty("challenge").GetString(), origin = Origin, crossOrigin = false,
    }));

    private byte[] AuthenticatorData(byte more = 0)
    {
        var count = new byte[4];
        Count = Counts ? Count + 1 : 0;
        BinaryPrimitives.WriteUInt32BigEndian(count, Count);
        var flags = (byte)(UserPresent | (Verifies ? UserVerified : 0) | more);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(RelyingParty)), flags, .. count];
    }

    // No AAGUID, the id with its length, and the key as COSE writes it.
    private byte[] Credential()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var key = new CborWriter(CborConformanceMode.Ctap2Canonical);
        key.WriteStartMap(Padding == 0 ? 5 : 6);
        foreach (var (label, value) in new[] { (1, 2), (3, -7), (-1, 1) })
        {
            key.WriteInt32(label);
            key.WriteInt32(value);
        }

        key.WriteInt32(-2);
        key.WriteByteString(point.X!);
        key.WriteInt32(-3);
        key.WriteByteString(point.Y!);
        if (Padding > 0)
        {
            key.WriteInt32(-70000);
            key.WriteByteString(new byte[Padding]);
        }

        key.WriteEndMap();
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)CredentialId.Length);
        return [.. new byte[16], .. length, .. CredentialId, .. key.Encode()];
    }
}
