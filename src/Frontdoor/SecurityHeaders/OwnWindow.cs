namespace StellarPay.Frontdoor.SecurityHeaders;

/// <summary>A page on which passwords are typed: whoever has opened its window can lead that nowhere else.</summary>
internal sealed class OwnWindow
{
    public static OwnWindow Mark { get; } = new();
}
