using System.Text.Json.Serialization;

namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>A key as a merchant's people see it.</summary>
/// <param name="Object">Always <c>api_key</c>.</param>
/// <param name="Id">Its id, <c>key_…</c>.</param>
/// <param name="Merchant">Whose it is, <c>mer_…</c>.</param>
/// <param name="Kind"><c>publishable</c>, <c>secret</c> or <c>restricted</c>.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Prefix">How it begins, such as <c>sk_test_</c>.</param>
/// <param name="Last4">Its last four characters.</param>
/// <param name="Status"><c>active</c>, <c>expired</c> or <c>revoked</c>.</param>
/// <param name="Permissions">What it may, of a restricted one; else empty: a secret one may all that keys may.</param>
/// <param name="AllowedAddresses">The networks that it may be used from; empty for all.</param>
/// <param name="AllowedOrigins">Of a publishable one the origins of the pages that may use it; else empty.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
/// <param name="RotatedAt">When its secret was made.</param>
/// <param name="RotateDue">Whether that is so long ago that it is to be exchanged.</param>
/// <param name="ExpiresAt">When it ends, or null.</param>
/// <param name="LastUsedAt">When it was used last, within a minute or two; null where it was not.</param>
/// <param name="RevokedAt">When it was taken away, or null.</param>
internal sealed record ApiKeyJson(
    string Object, string Id, string Merchant, string Kind, string Name, string Prefix, string Last4, string Status, string[] Permissions,
    string[] AllowedAddresses, string[] AllowedOrigins, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset RotatedAt,
    bool RotateDue, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt)
{
    /// <summary>The key itself: in the answer that makes it or exchanges its secret, and nowhere else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }

    /// <summary>
    /// What requests by it are signed with, <c>rqsec_…</c> (docs/guides/signed-requests.md): beside <c>key</c>, and nowhere else. A
    /// publishable one has none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SigningSecret { get; init; }

    // What a record writes by itself would be both.
    public override string ToString() => Id;
}

/// <summary>A key to be.</summary>
/// <param name="Kind"><c>publishable</c> for pages, <c>secret</c> or <c>restricted</c> for servers.</param>
/// <param name="Name">What to call it: 1 to 100 characters.</param>
/// <param name="Permissions">What a restricted one may, such as <c>payment_sessions:write</c>; of no other kind.</param>
/// <param name="AllowedAddresses">IP addresses or networks (CIDR) that it may be used from, at most 20; empty or null for all.</param>
/// <param name="AllowedOrigins">Of a publishable one the origins of the pages that may use it, such as <c>https://shop.example</c>, at most 20.</param>
/// <param name="ExpiresAt">When it ends, or null for never.</param>
/// <param name="Password">The user's password, as long as he has no second factor. Whoever has one shows that.</param>
internal sealed record NewApiKeyRequest(
    string? Kind, string? Name, string[]? Permissions = null, string[]? AllowedAddresses = null, string[]? AllowedOrigins = null,
    DateTimeOffset? ExpiresAt = null, string? Password = null);

/// <summary>What is to be changed of a key; null leaves as it is.</summary>
/// <param name="Name">What to call it: 1 to 100 characters.</param>
/// <param name="AllowedAddresses">All networks that it may be used from; empty for all that there are.</param>
/// <param name="AllowedOrigins">Of a publishable one all origins of pages that may use it.</param>
/// <param name="Password">The user's password, as long as he has no second factor. Whoever has one shows that.</param>
internal sealed record ApiKeyChangeRequest(
    string? Name = null, string[]? AllowedAddresses = null, string[]? AllowedOrigins = null, string? Password = null);

/// <summary>An exchange of a key's secret for another.</summary>
/// <param name="OverlapSeconds">For how long the present one holds besides, 0 to 86400; 3600 if it is null.</param>
/// <param name="Password">The user's password, as long as he has no second factor. Whoever has one shows that.</param>
internal sealed record ApiKeyRotationRequest(int? OverlapSeconds = null, string? Password = null);
