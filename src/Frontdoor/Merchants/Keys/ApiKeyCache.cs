using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>
/// Keys that were found here a moment ago, for ordinary reads: five seconds each, and less where it is heard that something of their
/// merchant has changed. Only keys that exist are remembered, so that whoever makes keys up fills nothing.
/// </summary>
internal sealed class ApiKeyCache(TimeProvider machine)
{
    /// <summary>Keys that are remembered; when they are more all are forgotten, and found again.</summary>
    public const int Capacity = 20_000;

    /// <summary>For how long.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(ulong, ulong, ulong, ulong), (ApiKey Key, long AsOf)> _keys = new();

    public int Count => _keys.Count;

    /// <summary>A key by its digest; null where it is not remembered.</summary>
    public ApiKey? Find(byte[] digest) =>
        _keys.TryGetValue(Of(digest), out var known) && machine.GetElapsedTime(known.AsOf) < Holds ? known.Key : null;

    /// <summary>Remembers a key.</summary>
    /// <param name="digest">Its digest.</param>
    /// <param name="key">As it was found.</param>
    /// <param name="asOf">The machine's timestamp before it was looked for.</param>
    public void Add(byte[] digest, ApiKey key, long asOf)
    {
        if (_keys.Count >= Capacity)
        {
            _keys.Clear();
        }

        _keys[Of(digest)] = (key, asOf);
    }

    /// <summary>Something of a merchant's has changed.</summary>
    public void Forget(string merchant)
    {
        foreach (var known in _keys.Where(known => known.Value.Key.Merchant.Value == merchant))
        {
            _keys.TryRemove(known);
        }
    }

    private static (ulong, ulong, ulong, ulong) Of(ReadOnlySpan<byte> digest) => (
        BinaryPrimitives.ReadUInt64BigEndian(digest), BinaryPrimitives.ReadUInt64BigEndian(digest[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(digest[16..]), BinaryPrimitives.ReadUInt64BigEndian(digest[24..]));
}
