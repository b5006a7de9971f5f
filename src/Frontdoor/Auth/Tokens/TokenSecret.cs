using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Settings;

namespace StellarPay.Frontdoor.Auth.Tokens;

/// <summary>
/// The secret under which signing keys are encrypted: TOKEN_ENCRYPTION_KEY, else WALLET_ENCRYPTION_KEY (of which only
/// a derived key is used), else, in development, a file that only its owner may read.
/// </summary>
internal static class TokenSecret
{
    private const int Bytes = 32;
    private const string FileName = "token-key";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="OptionsValidationException">There is none, or its file is open to others or damaged.</exception>
    public static byte[] Read(StellarPaySettings settings, bool development)
    {
        var set = settings.TokenEncryptionKey.Length > 0 ? settings.TokenEncryptionKey : settings.WalletEncryptionKey;
        return set.Length > 0
            ? Convert.FromHexString(set)
            : ReadFile(Path.Combine(settings.StateFolder, FileName), development);
    }

    /// <summary>
    /// A key of 32 bytes for one use (HKDF-SHA256, RFC 5869), from which neither the secret nor another use's key is found.
    /// </summary>
    public static byte[] DeriveKey(byte[] secret, ReadOnlySpan<byte> use) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, SHA256.HashSizeInBytes, info: use.ToArray());

    private static byte[] ReadFile(string path, bool mayMake)
    {
        if (!File.Exists(path))
        {
            if (!mayMake)
            {
                throw Wrong("TOKEN_ENCRYPTION_KEY is missing, and a file in its place is made in development only.");
            }

            Make(path);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
        {
            throw Wrong($"The file {path} is open to other users; run: chmod 600 {path}");
        }

        var secret = new byte[Bytes];
        var status = Convert.FromHexString(File.ReadAllText(path).Trim(), secret, out _, out var written);
        return status == System.Buffers.OperationStatus.Done && written == Bytes
            ? secret
            : throw Wrong($"The file {path} is damaged: it must hold 64 hexadecimal digits.");
    }

    private static OptionsValidationException Wrong(string sentence) =>
        new(nameof(StellarPaySettings), typeof(StellarPaySettings), [sentence]);

    private static void Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        // Written beside and moved into place, so that nobody reads half of it.
        var temporary = $"{path}.{Guid.NewGuid():N}";
        using (var writer = new StreamWriter(temporary, options))
        {
            writer.WriteLine(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)));
        }

        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first; its secret is the one.
            File.Delete(temporary);
        }
    }
}
