using StellarPay.Grains.Keys;
using StellarPay.Stellar.Keys;

namespace StellarPay.Grains.Platform;

internal sealed class PlatformSeeds(SeedCipher cipher, PlatformAccountKinds kinds) : IPlatformSeeds
{
    public string? Find(string name) => kinds.KeyOf(name);

    public async Task<PlatformSeed> GenerateAsync(string account, CancellationToken cancellationToken) =>
        Of(account, await cipher.CreateAsync(account, cancellationToken));

    public async Task<PlatformSeed> ImportAsync(
        string account, ReadOnlyMemory<byte> seed, CancellationToken cancellationToken)
    {
        using var key = SigningKey.FromStrKey(seed.Span);
        return Of(account, await cipher.EncryptAsync(account, key, cancellationToken));
    }

    private PlatformSeed Of(string account, EncryptedSeed seed)
    {
        var kind = kinds.FindKind(account)
            ?? throw new InvalidOperationException($"{account} is no account of the platform.");
        var state = kind.FirstState(seed);
        state.Inbox = PlatformAddress.MarksOf(account, seed);
        return new PlatformSeed(kind.StateName, account, seed.PublicKey, state);
    }
}
