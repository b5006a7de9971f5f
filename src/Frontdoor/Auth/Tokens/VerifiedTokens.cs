using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>
/// The access tokens whose signature has been checked here, by the SHA-256 of their text: a signature costs more than all
/// else about a read. What changes with time is checked anew each time. There are two generations of a bounded size; when
/// the young one is full the old one goes, so that what is in use stays and memory does not grow.
/// </summary>
internal sealed class VerifiedTokens
{
    /// <summary>Tokens of one generation.</summary>
    public const int Capacity = 20_000;

    private readonly Lock _turning = new();
    private volatile ConcurrentDictionary<Digest, AccessToken> _young = new();
    private volatile ConcurrentDictionary<Digest, AccessToken> _old = new();

    /// <summary>Tokens that are remembered.</summary>
    public int Count => _young.Count + _old.Count;

    /// <summary>What is known of a token whose signature was right; null if nothing is.</summary>
    public AccessToken? Find(in Digest digest)
    {
        if (_young.TryGetValue(digest, out var token))
        {
            return token;
        }

        if (_old.TryRemove(digest, out token))
        {
            Add(digest, token);
            return token;
        }

        return null;
    }

    public void Add(in Digest digest, AccessToken token)
    {
        if (_young.TryAdd(digest, token) && _young.Count > Capacity)
        {
            lock (_turning)
            {
                if (_young.Count > Capacity)
                {
                    _old = _young;
                    _young = new ConcurrentDictionary<Digest, AccessToken>();
                }
            }
        }
    }

    /// <summary>What a token is known by.</summary>
    internal readonly record struct Digest(UInt128 High, UInt128 Low)
    {
        /// <summary>Null for a text that no token can have.</summary>
        public static Digest? Of(string text)
        {
            if (text.Length > AccessTokenFormat.MaxLength || !Ascii.IsValid(text))
            {
                return null;
            }

            Span<byte> bytes = stackalloc byte[text.Length];
            Encoding.ASCII.GetBytes(text, bytes);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes, hash);
            const int Half = SHA256.HashSizeInBytes / 2;
            return new Digest(
                System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash),
                System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash[Half..]));
        }
    }
}
