using System.Globalization;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Platform.Sponsors;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Platform.Treasury;
using StellarPay.Grains.Storage;
using StellarPay.Stellar.Keys;

namespace StellarPay.Grains.Platform;

internal sealed class PlatformSeeds(SeedCipher cipher) : IPlatformSeeds
{
    private const string Prefix = "plt_";
    private const string SponsorPrefix = "sponsor_";
    private const string FeesPrefix = "fees_";
    private const int MaxNumber = 99;

    public string? Find(string name)
    {
        var bare = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
        return NumberAfter(SponsorPrefix, bare) is { } sponsor ? PlatformKeys.Sponsor(sponsor)
            : NumberAfter(FeesPrefix, bare) is { } fees ? PlatformKeys.FeeAccount(fees)
            : Prefix + bare is ISuspenseGrain.Key or ITreasuryGrain.Key ? Prefix + bare
            : null;
    }

    public async Task<PlatformSeed> GenerateAsync(string account, CancellationToken cancellationToken) =>
        Of(account, await cipher.CreateAsync(account, cancellationToken));

    public async Task<PlatformSeed> ImportAsync(
        string account, ReadOnlyMemory<byte> seed, CancellationToken cancellationToken)
    {
        using var key = SigningKey.FromStrKey(seed.Span);
        return Of(account, await cipher.EncryptAsync(account, key, cancellationToken));
    }

    private static PlatformSeed Of(string account, EncryptedSeed seed)
    {
        var (stateName, state) = account switch
        {
            ISuspenseGrain.Key => (GrainState.Suspense, new SuspenseState { Key = seed, Inbox = PlatformAddress.MarksOf(account, seed) }),
            ITreasuryGrain.Key => (GrainState.Treasury, new TreasuryState { Key = seed, Inbox = PlatformAddress.MarksOf(account, seed) }),
            _ when account.StartsWith(PlatformKeys.SponsorPrefix, StringComparison.Ordinal) =>
                (GrainState.Sponsor, new SponsorState { Key = seed, Inbox = PlatformAddress.MarksOf(account, seed) }),
            _ => (GrainState.FeeAccount, (object)new FeeAccountState { Key = seed, Inbox = PlatformAddress.MarksOf(account, seed) }),
        };
        return new PlatformSeed(stateName, account, seed.PublicKey, state);
    }

    private static int? NumberAfter(string prefix, string name) =>
        name.StartsWith(prefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number <= MaxNumber
            ? number
            : null;
}
