namespace StellarPay.Grains.Platform;

/// <summary>A platform account has no key, and none is made by itself where money is real.</summary>
public sealed class PlatformKeyMissingException(string sentence) : Exception(sentence)
{
    /// <summary>What an operator has to do.</summary>
    /// <param name="accounts">The accounts without a key.</param>
    public static PlatformKeyMissingException For(IReadOnlyList<string> accounts) => new(
        $"{(accounts.Count == 1 ? "The platform account" : "The platform accounts")} {string.Join(", ", accounts)} "
        + $"{(accounts.Count == 1 ? "has" : "have")} no key. Run ./stellarpay keys generate {accounts[0]} (or import), for each; "
        + "or set StellarPay:Platform:GenerateKeys to true.");
}
