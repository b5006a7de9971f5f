using System.Security.Cryptography;
using StellarPay.Grains.Keys;

namespace StellarPay.Adapters.Keys;

/// <summary>
/// Key-encryption keys by id: one from the environment, or those of a file that only its owner may read. The newest
/// wraps, all unwrap. A key that is added to the file is in use at once, in every process on this machine.
/// </summary>
internal sealed class LocalKeyRing
{
    public const int KeyBytes = LocalKeyRingFile.KeyBytes;

    private readonly string? _path;
    private volatile Contents _contents;

    private LocalKeyRing(string? path, Contents contents)
    {
        _path = path;
        _contents = contents;
    }

    /// <exception cref="KeyEncryptionUnavailableException">The file was changed and cannot be read any more.</exception>
    public string CurrentKeyId => Newest().Current;

    /// <exception cref="KeyEncryptionUnavailableException">The file was changed and cannot be read any more.</exception>
    public IReadOnlyCollection<string> KeyIds => Newest().Keys.Keys;

    /// <summary>
    /// A ring of the keys of a setting, separated by commas, of which the first wraps. Each is named by its own hash, so
    /// that another key is another name.
    /// </summary>
    public static LocalKeyRing FromHex(string hex)
    {
        var keys = hex.Split(',', StringSplitOptions.TrimEntries).Select(Convert.FromHexString).ToArray();
        return new LocalKeyRing(null, new Contents(
            LocalKeyRingFile.IdOf(keys[0]), keys.DistinctBy(LocalKeyRingFile.IdOf).ToDictionary(LocalKeyRingFile.IdOf), default));
    }

    /// <summary>Reads the ring's file, or makes it with one new key where that is allowed.</summary>
    /// <exception cref="InvalidOperationException">The file is missing, open to others, or not a key ring.</exception>
    public static LocalKeyRing FromFile(string path, bool mayMake)
    {
        if (!File.Exists(path))
        {
            if (!mayMake)
            {
                throw new InvalidOperationException(
                    "WALLET_ENCRYPTION_KEY is missing, and a key ring file is made in development only.");
            }

            LocalKeyRingFile.Make(path);
        }

        return new LocalKeyRing(path, Read(path));
    }

    /// <summary>A key by its id.</summary>
    /// <exception cref="CryptographicException">The ring holds no such key.</exception>
    /// <exception cref="KeyEncryptionUnavailableException">The file was changed and cannot be read any more.</exception>
    public ReadOnlySpan<byte> Find(string keyId) =>
        _contents.Keys.TryGetValue(keyId, out var key) || Newest().Keys.TryGetValue(keyId, out key)
            ? key
            : throw new CryptographicException($"The key ring holds no key '{keyId}'.");

    private static Contents Read(string path)
    {
        // The stamp before the keys: a change between the two is seen the next time.
        var stamp = File.GetLastWriteTimeUtc(path);
        var (current, keys) = LocalKeyRingFile.Read(path);
        return new Contents(current, keys, stamp);
    }

    private Contents Newest()
    {
        var contents = _contents;
        if (_path is null || File.GetLastWriteTimeUtc(_path) == contents.Stamp)
        {
            return contents;
        }

        try
        {
            return _contents = Read(_path);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            // A ring that cannot be read wraps nothing; what it is told to unwrap by keys that are known goes on.
            throw new KeyEncryptionUnavailableException(e.Message, e);
        }
    }

    private sealed record Contents(string Current, Dictionary<string, byte[]> Keys, DateTime Stamp);
}
