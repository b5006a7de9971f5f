using StellarPay.Frontdoor.Merchants.Keys;
using StellarPay.Frontdoor.Merchants.Signing;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Merchants.Access;

/// <summary>
/// On whose behalf a request of a merchant comes, and what it may: by one of his keys, or by somebody of his who is logged in. An endpoint
/// with <see cref="MerchantOnlyExtensions.RequireMerchant{T}"/> takes it as a parameter.
/// </summary>
/// <param name="Merchant">Whose things it is about.</param>
/// <param name="IsLive">Whether payments are real here. One deployment is one network: it is the same for all of its merchants.</param>
/// <param name="Tier">His tier, 0 to 3: what fees he pays and how often he may ask.</param>
/// <param name="Status">How far he is.</param>
/// <param name="Permissions">What the caller may, of <see cref="MerchantPermissions"/>.</param>
internal sealed record MerchantCaller(
    MerchantId Merchant, bool IsLive, int Tier, MerchantStatus Status, IReadOnlySet<string> Permissions)
{
    /// <summary>The key that was shown, <c>key_…</c>; null where a person calls.</summary>
    public string? KeyId { get; init; }

    /// <summary>Of which kind the key is; null where a person calls.</summary>
    public ApiKeyKind? KeyKind { get; init; }

    /// <summary>What is to be known of the key's signatures; null where a person calls.</summary>
    public KeySigning? Signing { get; init; }

    /// <summary>Who is logged in; null where a key was shown.</summary>
    public UserId? User { get; init; }

    /// <summary>What he is for the merchant; null where a key was shown.</summary>
    public MerchantRole? Role { get; init; }

    /// <summary>
    /// The idempotency key of the request, which is taken in the write that decides; null without one, and where the endpoint takes none.
    /// </summary>
    public RequestKey? Key { get; init; }

    /// <summary>Who it was, to be written down beside what was done: the key's id or the user's.</summary>
    public string Actor => KeyId ?? User!.Value.Value;

    public bool May(string permission) => Permissions.Contains(permission);

    /// <summary>That of a request to an endpoint that is a merchant's.</summary>
    public static MerchantCaller Of(HttpContext context) =>
        context.Features.Get<MerchantCaller>()
        ?? throw new InvalidOperationException("The endpoint is no merchant's: it lacks RequireMerchant.");

    /// <summary>Gives it to handlers that have it as a parameter.</summary>
    public static ValueTask<MerchantCaller?> BindAsync(HttpContext context) => new(Of(context));
}
