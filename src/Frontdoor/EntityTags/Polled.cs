namespace StellarPay.Frontdoor.EntityTags;

/// <summary>An endpoint that clients read again and again: its answers have an ETag, and what has not changed is not sent again.</summary>
internal sealed class Polled
{
    public static Polled Often { get; } = new();
}
