namespace StellarPay.Frontdoor.SecurityHeaders;

/// <summary>A file that pages of all origins load, and that says nothing of anybody.</summary>
internal sealed class ForAnyPage
{
    public static ForAnyPage Mark { get; } = new();
}
