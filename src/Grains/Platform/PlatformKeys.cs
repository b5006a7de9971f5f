using System.Globalization;
using System.Text;

namespace StellarPay.Grains.Platform;

/// <summary>The keys of the platform's grains, and which of them serves a wallet.</summary>
internal static class PlatformKeys
{
    public const string SponsorPrefix = "plt_sponsor_";

    public static string Sponsor(int number) => string.Create(CultureInfo.InvariantCulture, $"{SponsorPrefix}{number:D2}");

    public static string FeeAccount(int number) => string.Create(CultureInfo.InvariantCulture, $"plt_fees_{number:D2}");

    /// <summary>A wallet's sponsor; the next ones are for when that one has too little XLM.</summary>
    public static string SponsorOf(string walletKey, PlatformOptions options, int passedOver = 0) =>
        Sponsor(((int)(Hash(walletKey) % (uint)options.SponsorAccounts) + passedOver) % options.SponsorAccounts);

    /// <summary>A wallet's fee account; the next ones are for when that one has too little XLM.</summary>
    public static string FeeAccountOf(string walletKey, PlatformOptions options, int passedOver = 0) =>
        FeeAccount(((int)(Hash(walletKey) % (uint)options.FeeAccounts) + passedOver) % options.FeeAccounts);

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
