namespace StellarPay.Frontdoor.Compression;

/// <summary>
/// An endpoint whose answers hold a secret beside what a caller chose: by their length, compressed, the secret could be guessed
/// letter by letter (BREACH).
/// </summary>
internal sealed class NeverCompressed
{
    public static NeverCompressed Because { get; } = new();
}
