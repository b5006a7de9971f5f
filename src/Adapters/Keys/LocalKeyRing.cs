using System.Security.Cryptography;
using System.Text.Json;

namespace StellarPay.Adapters.Keys;

/// <summary>
/// Key-encryption keys by id: one from the environment, or those of a file that only its owner may read. The newest
/// wraps, all unwrap.
/// </summary>
internal sealed class LocalKeyRing
{
    public const int KeyBytes = 32;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Dictionary<string, byte[]> _keys;

    private LocalKeyRing(string currentKeyId, Dictionary<string, byte[]> keys)
    {
        CurrentKeyId = currentKeyId;
        _keys = keys;
    }

    public string CurrentKeyId { get; }

    /// <summary>A ring of one key, named by its own hash, so that another key is another name.</summary>
    public static LocalKeyRing FromHex(string hex)
    {
        var key = Convert.FromHexString(hex);
        var id = IdOf(key);
        return new LocalKeyRing(id, new() { [id] = key });
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

            Make(path);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            throw new InvalidOperationException($"The key ring {path} is open to other users; run: chmod 600 {path}");
        }

        try
        {
            var file = JsonSerializer.Deserialize<RingFile>(File.ReadAllBytes(path), Indented);
            var keys = file!.Keys.ToDictionary(pair => pair.Key, pair => Convert.FromHexString(pair.Value));
            return keys.ContainsKey(file.Current) && keys.Values.All(key => key.Length == KeyBytes)
                ? new LocalKeyRing(file.Current, keys)
                : throw new FormatException();
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentNullException or NullReferenceException)
        {
            // The cause may quote the file, and the file is secret.
            throw new InvalidOperationException($"The key ring {path} is damaged: it must name a current key and 32-byte keys in hexadecimal.");
        }
    }

    public ReadOnlySpan<byte> Find(string keyId) =>
        _keys.TryGetValue(keyId, out var key)
            ? key
            : throw new CryptographicException($"The key ring holds no key '{keyId}'.");

    private static void Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var id = IdOf(key);
        var json = JsonSerializer.SerializeToUtf8Bytes(new RingFile(id, new() { [id] = Convert.ToHexStringLower(key) }), Indented);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        // Written beside and moved into place: a process that dies half-way leaves no ring that wrapped nothing.
        var temporary = $"{path}.{Guid.NewGuid():N}";
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(json);
            stream.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it first; its ring is the one.
            File.Delete(temporary);
        }

        CryptographicOperations.ZeroMemory(json);
        CryptographicOperations.ZeroMemory(key);
    }

    private static string IdOf(byte[] key) => "local-" + Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 6));

    private sealed record RingFile(string Current, Dictionary<string, string> Keys);
}
