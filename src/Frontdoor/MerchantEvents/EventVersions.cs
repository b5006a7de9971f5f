namespace StellarPay.Frontdoor.MerchantEvents;

/// <summary>
/// By which versions events are written. They have Stripe's shape, and so Stripe's names for it: its libraries refuse an event of another
/// release. What is only added to an event is no new version; what would be changed is, and then the one before goes on beside it.
/// </summary>
internal static class EventVersions
{
    /// <summary>For endpoints that name none.</summary>
    public const string Newest = "2026-10-28.endive";

    /// <summary>All that are written.</summary>
    public static IReadOnlyList<string> All { get; } = [Newest];
}
