using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StellarPay.Frontdoor.Auth.Tokens;

namespace StellarPay.Frontdoor.Messages;

/// <summary>
/// Encrypts messages while they are stored, with AES-256-GCM under a key derived (HKDF-SHA256, RFC 5869) from this installation's
/// secret. A message's id is authenticated with it: none can be put in another's place.
/// </summary>
internal sealed class MessageSeal
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _key;
    private readonly byte[] _digestKey;

    public MessageSeal(byte[] secret)
    {
        _key = TokenSecret.DeriveKey(secret, "stellarpay/messages/v1"u8);
        _digestKey = TokenSecret.DeriveKey(secret, "stellarpay/message recipients/v1"u8);
    }

    /// <summary>Nonce, cipher text and tag in one.</summary>
    public byte[] Seal(Message message)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(message);
        var sealedMessage = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(sealedMessage.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(
            sealedMessage.AsSpan(0, NonceBytes),
            plain,
            sealedMessage.AsSpan(NonceBytes, plain.Length),
            sealedMessage.AsSpan(NonceBytes + plain.Length),
            Encoding.UTF8.GetBytes(message.Id));
        return sealedMessage;
    }

    /// <summary>The message, if it was sealed here under that id.</summary>
    public bool TryOpen(string id, ReadOnlySpan<byte> sealedMessage, [NotNullWhen(true)] out Message? message)
    {
        message = null;
        if (sealedMessage.Length <= NonceBytes + TagBytes)
        {
            return false;
        }

        var plain = new byte[sealedMessage.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(_key, TagBytes);
            aes.Decrypt(
                sealedMessage[..NonceBytes],
                sealedMessage[NonceBytes..^TagBytes],
                sealedMessage[^TagBytes..],
                plain,
                Encoding.UTF8.GetBytes(id));
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        message = JsonSerializer.Deserialize<Message>(plain);
        return message is not null;
    }

    /// <summary>A recipient, so that he can be looked for and not read.</summary>
    public byte[] DigestOf(string to) => HMACSHA256.HashData(_digestKey, Encoding.UTF8.GetBytes(to.ToUpperInvariant()));
}
