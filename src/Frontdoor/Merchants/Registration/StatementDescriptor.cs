namespace StellarPay.Frontdoor.Merchants.Registration;

/// <summary>
/// What a payer's statement says of a merchant, by Stripe's rules: 5 to 22 characters of ASCII, one of them a letter, and none that banks
/// trip over.
/// </summary>
internal static class StatementDescriptor
{
    public const string Rule = "has 5 to 22 Latin characters, at least one of them a letter, and none of < > \\ ' \" *";

    private const int Shortest = 5;
    private const int Longest = 22;
    private const string Refused = "<>\\'\"*";

    public static bool TryRead(string text, out string descriptor)
    {
        descriptor = text.Trim();
        return descriptor.Length is >= Shortest and <= Longest
            && descriptor.All(c => c is >= ' ' and <= '~' && !Refused.Contains(c, StringComparison.Ordinal))
            && descriptor.Any(char.IsAsciiLetter);
    }
}
