using System.Globalization;
using System.Text;

namespace StellarPay.Grains.Platform;

/// <summary>The keys of the platform's grains, and which of them serves a wallet.</summary>
internal static class PlatformKeys
{
    /// <summary>What all of them begin with.</summary>
    public const string Prefix = "plt_";

    private const string Sponsors = "sponsor_";
    private const string Fees = "fees_";
    private const int MaxNumber = 99;

    public static string Sponsor(int number) => Numbered(Sponsors, number);

    public static string FeeAccount(int number) => Numbered(Fees, number);

    /// <summary>The key of the sponsor that a name without the prefix stands for, or null.</summary>
    public static string? SponsorOfName(string bare) => NumberAfter(Sponsors, bare) is { } number ? Sponsor(number) : null;

    /// <summary>The key of the fee account that a name without the prefix stands for, or null.</summary>
    public static string? FeeAccountOfName(string bare) => NumberAfter(Fees, bare) is { } number ? FeeAccount(number) : null;

    /// <summary>The only key of its kind, where a name without the prefix is its; or null.</summary>
    public static Func<string, string?> Only(string key) => bare => Prefix + bare == key ? key : null;

    /// <summary>A wallet's sponsor; the next ones are for when that one has too little XLM.</summary>
    public static string SponsorOf(string walletKey, PlatformOptions options, int passedOver = 0) =>
        Sponsor(((int)(Hash(walletKey) % (uint)options.SponsorAccounts) + passedOver) % options.SponsorAccounts);

    /// <summary>A wallet's fee account; the next ones are for when that one has too little XLM.</summary>
    public static string FeeAccountOf(string walletKey, PlatformOptions options, int passedOver = 0) =>
        FeeAccount(((int)(Hash(walletKey) % (uint)options.FeeAccounts) + passedOver) % options.FeeAccounts);

    private static string Numbered(string kind, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{kind}{number:D2}");

    private static int? NumberAfter(string kind, string bare) =>
        bare.StartsWith(kind, StringComparison.Ordinal)
        && int.TryParse(bare.AsSpan(kind.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number <= MaxNumber
            ? number
            : null;

    // FNV-1a: the same in every process, which string.GetHashCode is not.
    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ b) * 16777619u);
        }

        return hash;
    }
}
