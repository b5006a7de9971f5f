using System.Reflection;
using System.Runtime.InteropServices;

namespace StellarPay.Stellar.Keys;

/// <summary>The few functions of libsodium that this library calls.</summary>
/// <remarks>Source: https://doc.libsodium.org (crypto_sign, secure memory).</remarks>
internal static unsafe partial class Sodium
{
    internal const int PublicKeyBytes = 32;
    internal const int SeedBytes = 32;
    internal const int SecretKeyBytes = 64;
    internal const int SignatureBytes = 64;

    internal const string MissingSentence =
        "libsodium was not found. Install it: 'apt-get install libsodium23' on Debian and Ubuntu, " +
        "'apk add libsodium' on Alpine, 'dnf install libsodium' on Fedora, 'brew install libsodium' on macOS.";

    private const string Library = "libsodium";

    // Debian and Ubuntu ship .23, newer distributions .26; the functions used here are the same in both.
    private static readonly string[] Candidates =
        ["libsodium.so.23", "libsodium.so.26", "libsodium", "libsodium.dylib", "/opt/homebrew/lib/libsodium.dylib"];

    // Runs once, before the first call of any function below.
    static Sodium()
    {
        NativeLibrary.SetDllImportResolver(typeof(Sodium).Assembly, Resolve);
        if (sodium_init() < 0)
        {
            throw new InvalidOperationException("libsodium could not be initialised (sodium_init failed).");
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
        {
            return 0;
        }
        foreach (var candidate in Candidates)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, path, out var handle))
            {
                return handle;
            }
        }
        throw new DllNotFoundException(MissingSentence);
    }

    [LibraryImport(Library)]
    private static partial int sodium_init();

    [LibraryImport(Library)]
    internal static partial void* sodium_malloc(nuint size);

    [LibraryImport(Library)]
    internal static partial void sodium_free(void* memory);

    [LibraryImport(Library)]
    internal static partial int sodium_mprotect_noaccess(void* memory);

    [LibraryImport(Library)]
    internal static partial int sodium_mprotect_readonly(void* memory);

    [LibraryImport(Library)]
    internal static partial int sodium_mprotect_readwrite(void* memory);

    [LibraryImport(Library)]
    internal static partial void randombytes_buf(void* buffer, nuint size);

    [LibraryImport(Library)]
    internal static partial int crypto_sign_seed_keypair(byte* publicKey, byte* secretKey, byte* seed);

    [LibraryImport(Library)]
    internal static partial int crypto_sign_detached(
        byte* signature, ulong* signatureLength, byte* message, ulong messageLength, byte* secretKey);

    [LibraryImport(Library)]
    internal static partial int crypto_sign_verify_detached(
        byte* signature, byte* message, ulong messageLength, byte* publicKey);
}
