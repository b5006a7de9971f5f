using StellarPay.Grains.Keys;
using StellarPay.Grains.Platform.Suspense;

namespace StellarPay.Grains.Platform;

/// <summary>A kind of platform account, as its feature announces it.</summary>
/// <param name="StateName">The name of its grain's state.</param>
/// <param name="Keys">The keys of the accounts that there are to be.</param>
/// <param name="KeyOf">
/// The key that a name stands for, which is without the prefix of all platform accounts; null where it is none of this kind.
/// </param>
/// <param name="Find">The grain with a key.</param>
/// <param name="FirstState">What is stored of an account that has a key and nothing else.</param>
internal sealed record PlatformAccountKind(
    string StateName,
    Func<PlatformOptions, IEnumerable<string>> Keys,
    Func<string, string?> KeyOf,
    Func<IGrainFactory, string, IPlatformAccountGrain> Find,
    Func<EncryptedSeed, IPlatformAccountState> FirstState)
{
    /// <summary>The grain with a key as it signs for deposits; null where none of others' are handed on from it.</summary>
    public Func<IGrainFactory, string, IDepositHolder>? FindHolder { get; init; }

    /// <summary>Whether what strangers send to it is the platform's own.</summary>
    public bool OwnsItsDeposits { get; init; }

    /// <summary>Whether the treasury may pay it.</summary>
    public bool GetsTopUps { get; init; } = true;
}

/// <summary>Which accounts the platform has: what each feature has announced.</summary>
public sealed class PlatformAccountKinds
{
    private readonly PlatformAccountKind[] _kinds;

    internal PlatformAccountKinds(IEnumerable<PlatformAccountKind> kinds) => _kinds = [.. kinds.DistinctBy(kind => kind.StateName)];

    /// <summary>The names of the accounts' states.</summary>
    public IReadOnlyList<string> StateNames => [.. _kinds.Select(kind => kind.StateName)];

    /// <summary>The keys of the grains of all accounts that there are to be.</summary>
    public IEnumerable<string> Keys(PlatformOptions options) => _kinds.SelectMany(kind => kind.Keys(options));

    /// <summary>The grain of an account; null where it is none of the platform's.</summary>
    public IPlatformAccountGrain? Find(IGrainFactory grains, string account) => FindKind(account)?.Find(grains, account);

    /// <summary>The key that a name stands for, with or without the prefix of platform accounts; or null.</summary>
    public string? KeyOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var bare = name.StartsWith(PlatformKeys.Prefix, StringComparison.Ordinal) ? name[PlatformKeys.Prefix.Length..] : name;
        return _kinds.Select(kind => kind.KeyOf(bare)).FirstOrDefault(key => key is not null);
    }

    /// <summary>Whether the treasury may pay an account.</summary>
    public bool GetsTopUps(string account) => FindKind(account) is { GetsTopUps: true };

    /// <summary>The kind of an account, by its grain's key and nothing like it; or null.</summary>
    internal PlatformAccountKind? FindKind(string account) => KeyOf(account) == account
        ? _kinds.FirstOrDefault(kind => kind.KeyOf(account[PlatformKeys.Prefix.Length..]) is not null)
        : null;
}
