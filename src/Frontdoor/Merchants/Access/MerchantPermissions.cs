using StellarPay.Frontdoor.Merchants.Keys;

namespace StellarPay.Frontdoor.Merchants.Access;

/// <summary>What may be done with what is a merchant's, each by one name: <c>thing:read</c> or <c>thing:write</c>.</summary>
internal static class MerchantPermissions
{
    public const string MerchantRead = "merchant:read";
    public const string MerchantWrite = "merchant:write";
    public const string PeopleRead = "people:read";
    public const string PeopleWrite = "people:write";
    public const string ApiKeysRead = "api_keys:read";
    public const string ApiKeysWrite = "api_keys:write";
    public const string WebhookEndpointsRead = "webhook_endpoints:read";
    public const string WebhookEndpointsWrite = "webhook_endpoints:write";
    public const string EventsRead = "events:read";
    public const string PaymentSessionsRead = "payment_sessions:read";
    public const string PaymentSessionsWrite = "payment_sessions:write";
    public const string RefundsRead = "refunds:read";
    public const string RefundsWrite = "refunds:write";
    public const string PayoutsRead = "payouts:read";
    public const string PayoutsWrite = "payouts:write";
    public const string BooksRead = "books:read";

    /// <summary>
    /// What keys may be given. Who is of a merchant, which keys there are and what the merchant is called, people alone decide, who prove
    /// themselves for it: whoever has found a key makes no other.
    /// </summary>
    public static IReadOnlySet<string> OfKeys { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        MerchantRead, WebhookEndpointsRead, WebhookEndpointsWrite, EventsRead, PaymentSessionsRead, PaymentSessionsWrite,
        RefundsRead, RefundsWrite, PayoutsRead, PayoutsWrite, BooksRead,
    };

    /// <summary>What everybody of a merchant may, and who may nothing else: all that is read.</summary>
    public static IReadOnlySet<string> OfViewers { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        MerchantRead, PeopleRead, ApiKeysRead, WebhookEndpointsRead, EventsRead, PaymentSessionsRead, RefundsRead, PayoutsRead, BooksRead,
    };

    public static IReadOnlySet<string> OfOwners { get; } = new HashSet<string>(
        OfViewers.Concat(OfKeys).Concat([MerchantWrite, PeopleWrite, ApiKeysWrite]), StringComparer.Ordinal);

    public static IReadOnlySet<string> OfDevelopers { get; } = new HashSet<string>(
        OfViewers.Concat([ApiKeysWrite, WebhookEndpointsWrite, PaymentSessionsWrite]), StringComparer.Ordinal);

    /// <summary>By which money moves, or it is decided whose it is: what such an endpoint is asked for may have to be signed.</summary>
    public static IReadOnlySet<string> OfMoney { get; } = new HashSet<string>(StringComparer.Ordinal) { RefundsWrite, PayoutsWrite };

    public static IReadOnlySet<string> OfFinance { get; } = new HashSet<string>(OfViewers.Concat(OfMoney), StringComparer.Ordinal);

    /// <summary>What a publishable key may by itself: nothing but what an endpoint opens to it.</summary>
    public static IReadOnlySet<string> None { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>
    /// What a key may. A restricted one sees whose it is, whatever it was given; a permission that is taken out of use is none.
    /// </summary>
    public static IReadOnlySet<string> Of(ApiKeyKind kind, IEnumerable<string> given) => kind switch
    {
        ApiKeyKind.Publishable => None,
        ApiKeyKind.Secret => OfKeys,
        _ => given.Where(OfKeys.Contains).Append(MerchantRead).ToHashSet(StringComparer.Ordinal),
    };
}
