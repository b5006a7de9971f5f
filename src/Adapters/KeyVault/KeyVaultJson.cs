using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace StellarPay.Adapters.KeyVault;

/// <summary>
/// The bodies of Key Vault's REST API (https://learn.microsoft.com/rest/api/keyvault/keys). Data keys pass through pinned
/// arrays that can be wiped, never through strings.
/// </summary>
internal static class KeyVaultJson
{
    private const string Malformed = "The answer is not what the API documents.";

    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The body of wrapkey and unwrapkey. The caller wipes it.</summary>
    public static byte[] OperationBody(string algorithm, ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> before = [.. "{\"alg\":\""u8, .. System.Text.Encoding.ASCII.GetBytes(algorithm), .. "\",\"value\":\""u8];
        var after = "\"}"u8;
        var body = GC.AllocateUninitializedArray<byte>(
            before.Length + Base64Url.GetEncodedLength(value.Length) + after.Length, pinned: true);
        before.CopyTo(body);
        Base64Url.EncodeToUtf8(value, body.AsSpan(before.Length));
        after.CopyTo(body.AsSpan(body.Length - after.Length));
        return body;
    }

    /// <summary>The answer of wrapkey and unwrapkey. The caller wipes the value.</summary>
    /// <exception cref="JsonException">It is not such an answer.</exception>
    public static (string KeyId, byte[] Value) ReadOperation(ReadOnlySpan<byte> json)
    {
        string? keyId = null;
        byte[]? value = null;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKeyId = reader.ValueTextEquals("kid"u8);
            var isValue = reader.ValueTextEquals("value"u8);
            reader.Read();
            if (isKeyId && reader.TokenType == JsonTokenType.String)
            {
                keyId = reader.GetString();
            }
            else if (isValue && reader.TokenType == JsonTokenType.String && value is null)
            {
                value = Decode(reader.ValueSpan);
            }
            else
            {
                reader.Skip();
            }
        }

        if (keyId is not null && value is { Length: > 0 })
        {
            return (keyId, value);
        }

        CryptographicOperations.ZeroMemory(value);
        throw new JsonException(Malformed);
    }

    /// <summary>The answer to a question for a key.</summary>
    /// <exception cref="JsonException">It is not such an answer.</exception>
    public static KeyVaultKey ReadKey(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<KeyBundle>(json, Snake) is { Key: { Kid: not null, Kty: not null } key } bundle
        && KeyVaultKeyId.TryParse(key.Kid, out var id) && id.Version is not null
            ? new KeyVaultKey(id, key.Kty, key.KeyOps ?? [], bundle.Attributes?.Enabled ?? true)
            : throw new JsonException(Malformed);

    /// <summary>An error's code, the innermost: it says more.</summary>
    public static string? ErrorCodeOf(ReadOnlySpan<byte> json)
    {
        try
        {
            var error = JsonSerializer.Deserialize<ErrorBody>(json, Snake)?.Error;
            return error?.Innererror?.Code ?? error?.Code;
        }
        catch (JsonException)
        {
            // Not from the vault, but from something in between.
            return null;
        }
    }

    private static byte[] Decode(ReadOnlySpan<byte> text)
    {
        var decoded = GC.AllocateUninitializedArray<byte>(Base64Url.GetMaxDecodedLength(text.Length), pinned: true);
        if (Base64Url.DecodeFromUtf8(text, decoded, out _, out var written) != OperationStatus.Done)
        {
            CryptographicOperations.ZeroMemory(decoded);
            throw new JsonException(Malformed);
        }

        if (written == decoded.Length)
        {
            return decoded;
        }

        var value = GC.AllocateUninitializedArray<byte>(written, pinned: true);
        decoded.AsSpan(0, written).CopyTo(value);
        CryptographicOperations.ZeroMemory(decoded);
        return value;
    }

    private sealed record KeyBundle(JsonWebKey? Key, KeyAttributes? Attributes);

    private sealed record JsonWebKey(string? Kid, string? Kty, string[]? KeyOps);

    private sealed record KeyAttributes(bool? Enabled);

    private sealed record ErrorBody(ErrorDetail? Error);

    private sealed record ErrorDetail(string? Code, ErrorDetail? Innererror);
}
