using System.Security.Cryptography;
using System.Text.Json;

namespace StellarPay.Adapters.Keys;

/// <summary>The key ring's file: key-encryption keys by id, and which of them wraps. Only its owner may read it.</summary>
internal static class LocalKeyRingFile
{
    public const int KeyBytes = 32;

    private const int MaxTries = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The id of a key: its own hash, so that another key is another name.</summary>
    public static string IdOf(byte[] key) => "local-" + Convert.ToHexStringLower(SHA256.HashData(key).AsSpan(0, 6));

    /// <exception cref="InvalidOperationException">The file is open to others, or not a key ring.</exception>
    public static (string Current, Dictionary<string, byte[]> Keys) Read(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            throw new InvalidOperationException($"The key ring {path} is open to other users; run: chmod 600 {path}");
        }

        try
        {
            var file = JsonSerializer.Deserialize<RingFile>(File.ReadAllBytes(path), Indented);
            var keys = file!.Keys.ToDictionary(pair => pair.Key, pair => Convert.FromHexString(pair.Value));
            return keys.ContainsKey(file.Current) && keys.Values.All(key => key.Length == KeyBytes)
                ? (file.Current, keys)
                : throw new FormatException();
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentNullException or NullReferenceException)
        {
            // The cause may quote the file, and the file is secret.
            throw new InvalidOperationException($"The key ring {path} is damaged: it must name a current key and 32-byte keys in hexadecimal.");
        }
    }

    /// <summary>Makes the file with one new key, unless another process makes it first.</summary>
    public static void Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        for (var tries = 1; !File.Exists(path); tries++)
        {
            try
            {
                // A move that overwrites nothing looks first and renames then; between the two another may have made its own.
                using var locked = Lock(path);
                if (!File.Exists(path))
                {
                    File.Move(WriteBeside(path, []), path, overwrite: false);
                }
            }
            catch (IOException) when (tries < MaxTries)
            {
                // Another process makes it; its ring is the one.
                SpinWait.SpinUntil(() => File.Exists(path), Patience);
            }
        }
    }

    /// <summary>Adds a new key, which wraps from now on; those that are there stay.</summary>
    /// <returns>The new key's id.</returns>
    /// <exception cref="IOException">Another process adds one at this moment.</exception>
    /// <exception cref="InvalidOperationException">The file is missing, open to others, or not a key ring.</exception>
    public static string Add(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidOperationException($"There is no key ring {path}; it is made at the first start in development.");
        }

        // One at a time: a key that another addition loses may have wrapped something by then.
        using var locked = Lock(path);
        File.Move(WriteBeside(path, Read(path).Keys), path, overwrite: true);
        return Read(path).Current;
    }

    private static FileStream Lock(string path) => new($"{path}.lock", new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = FileAccess.Write,
        Share = FileShare.None,
        Options = FileOptions.DeleteOnClose,
    });

    // Written beside and moved into place: a process that dies half-way leaves no ring that lacks a key.
    private static string WriteBeside(string path, Dictionary<string, byte[]> keys)
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var id = IdOf(key);
        var all = keys.Append(new(id, key)).ToDictionary(pair => pair.Key, pair => Convert.ToHexStringLower(pair.Value));
        var json = JsonSerializer.SerializeToUtf8Bytes(new RingFile(id, all), Indented);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        var temporary = $"{path}.{Guid.NewGuid():N}";
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(json);
            stream.Flush(flushToDisk: true);
        }

        CryptographicOperations.ZeroMemory(json);
        CryptographicOperations.ZeroMemory(key);
        return temporary;
    }

    private sealed record RingFile(string Current, Dictionary<string, string> Keys);
}
