namespace StellarPay.Frontdoor.Merchants.Access;

/// <summary>An endpoint that is for merchants: <see cref="MerchantGate"/> sees to it before the request is read.</summary>
/// <param name="Permission">What the caller must be allowed, of <see cref="MerchantPermissions"/>.</param>
/// <param name="OrPublishable">Whether any publishable key will do, too.</param>
/// <param name="WhileSuspended">Whether something may be changed though the merchant is not active: what is owed to others goes on.</param>
/// <param name="IsInPath">
/// Whether the merchant is named in the path, as <c>{id}</c>: such endpoints are for people alone, and no key is looked at.
/// </param>
internal sealed record MerchantOnly(string Permission, bool OrPublishable, bool WhileSuspended, bool IsInPath)
{
    /// <summary>The header in which somebody who is logged in says which of his merchants he means.</summary>
    public const string Header = "StellarPay-Merchant";

    /// <summary>Whether money moves by it: a business can have such requests of its keys signed.</summary>
    public bool MovesMoney => !IsInPath && MerchantPermissions.OfMoney.Contains(Permission);
}

/// <summary>Opens endpoints to merchants.</summary>
internal static class MerchantOnlyExtensions
{
    /// <summary>
    /// Lets in who shows a key of a merchant's with a permission (<c>Authorization: Bearer sk_…</c>, or HTTP Basic with the key as the
    /// user's name), and who is logged in, has a role with it and names the merchant in <c>StellarPay-Merchant</c>. The endpoint needs no
    /// RequireAuthorization, and takes a <see cref="MerchantCaller"/> as a parameter. Wants RequireRateLimiting(RateLimitNames.Merchant).
    /// </summary>
    /// <param name="endpoint">The endpoint, or a group of them.</param>
    /// <param name="permission">Of <see cref="MerchantPermissions"/>.</param>
    /// <param name="orPublishable">Whether any publishable key will do, too; what it may do is the endpoint's to bound.</param>
    /// <param name="whileSuspended">Whether a merchant who is suspended may change something by it; refunds are such.</param>
    public static T RequireMerchant<T>(
        this T endpoint, string permission, bool orPublishable = false, bool whileSuspended = false)
        where T : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new MerchantOnly(permission, orPublishable, whileSuspended, IsInPath: false));

    /// <summary>
    /// Lets in who is logged in and has a role with a permission for the merchant that the path names as <c>{id}</c>; for all others there
    /// is no such merchant. Beside RequireAuthorization.
    /// </summary>
    /// <param name="endpoint">The endpoint, or a group of them.</param>
    /// <param name="permission">Of <see cref="MerchantPermissions"/>.</param>
    /// <param name="whileSuspended">Whether a merchant who is suspended may change something by it; not where money goes.</param>
    public static T RequireMerchantInPath<T>(this T endpoint, string permission, bool whileSuspended = true)
        where T : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new MerchantOnly(permission, OrPublishable: false, whileSuspended, IsInPath: true));
}
