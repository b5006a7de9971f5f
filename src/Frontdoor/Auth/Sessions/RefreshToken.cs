using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>
/// A refresh token: <c>rt_</c> and 256 random bits. Whoever has it is the user; we keep its SHA-256 only. The first 96 bits are those
/// of all tokens of its family, so that one that is kept no more is known as one that was used; the other 160 are its own. The next one
/// is derived (HKDF, RFC 5869) from it and a salt that is kept for a moment: neither the table nor an old token alone gives it, and both
/// together give the lost answer again.
/// </summary>
internal sealed class RefreshToken
{
    public const int SaltBytes = 32;
    public const string Prefix = "rt_";

    private const int SecretBytes = 32;
    private const int FamilyBytes = 12;
    private const int AccessIdBytes = 16;

    private readonly byte[] _secret;

    private RefreshToken(byte[] secret, byte[] accessId)
    {
        _secret = secret;
        AccessId = Base64Url.EncodeToString(accessId);
    }

    public string Text => Prefix + Base64Url.EncodeToString(_secret);

    public byte[] Hash => SHA256.HashData(_secret);

    /// <summary>By which the session is found; nobody makes a token of the family of it.</summary>
    public byte[] FamilyHash => SHA256.HashData(_secret.AsSpan(0, FamilyBytes));

    /// <summary>The id (<c>jti</c>) of the access token that is given with it; of use only where this was not read from text.</summary>
    public string AccessId { get; }

    /// <summary>The first of a family.</summary>
    public static RefreshToken New() =>
        new(RandomNumberGenerator.GetBytes(SecretBytes), RandomNumberGenerator.GetBytes(AccessIdBytes));

    public static byte[] NewSalt() => RandomNumberGenerator.GetBytes(SaltBytes);

    /// <summary>Reads a token that has the right form.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RefreshToken? token)
    {
        token = null;
        var secret = new byte[SecretBytes];
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || text.Length != Prefix.Length + Base64Url.GetEncodedLength(SecretBytes)
            // TryDecodeFromChars throws at a character that is none of its own.
            || Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length), secret, out _, out var written) != OperationStatus.Done
            || written != SecretBytes)
        {
            return false;
        }

        token = new RefreshToken(secret, []);
        return true;
    }

    /// <summary>The token that comes after this one.</summary>
    public RefreshToken Next(byte[] salt)
    {
        var derived = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, _secret, SecretBytes + AccessIdBytes, salt, "stellarpay next refresh token"u8.ToArray());
        _secret.AsSpan(0, FamilyBytes).CopyTo(derived);
        return new RefreshToken(derived[..SecretBytes], derived[SecretBytes..]);
    }

    /// <summary>A digest of something that only whoever has the token can compare.</summary>
    public byte[] Mark(ReadOnlySpan<byte> what) => HMACSHA256.HashData(_secret, what);
}
