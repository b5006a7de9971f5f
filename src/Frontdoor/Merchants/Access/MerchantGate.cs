using Microsoft.AspNetCore.Authentication;
using Microsoft.Net.Http.Headers;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Keys;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Merchants.Access;

/// <summary>
/// Lets in whom <see cref="MerchantOnly"/> says, and nobody else: by a key that was read before, or as somebody of the merchant. Behind
/// <see cref="SessionGate"/>, which has seen to it that his session still is; before anything of the request is read.
/// </summary>
internal sealed class MerchantGate(RequestDelegate next, MerchantPeople people)
{
    private static readonly Problem NotShown = Problem.Unauthenticated(
        "unauthenticated", "Send an API key or an access token: Authorization: Bearer …");

    private static readonly Problem MerchantMissing = Problem.Invalid(
        "parameter_missing", $"Say which merchant you mean: {MerchantOnly.Header}: mer_…", MerchantOnly.Header);

    /// <summary>For whoever is nothing to a merchant there is no such merchant.</summary>
    public static Problem NotFound { get; } =
        Problem.Of(new Error(ErrorKind.NotFound, "merchant_not_found", "There is no such merchant."));

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<MerchantOnly>() is not { } only)
        {
            await next(context);
            return;
        }

        if (context.Features.Get<KeyRefusal>() is { } refusal)
        {
            await RefuseAsync(context, refusal.Why);
            return;
        }

        var caller = context.Features.Get<MerchantCaller>();
        if (caller is null && context.User.Identity?.IsAuthenticated is not true)
        {
            // A token that does not hold is explained as everywhere.
            await (context.Request.Headers.ContainsKey(HeaderNames.Authorization) || only.IsInPath
                ? context.ChallengeAsync()
                : RefuseAsync(context, NotShown));
            return;
        }

        Problem? refused = null;
        if (caller is null)
        {
            (caller, refused) = await PersonAsync(context, only);
        }

        if ((refused ?? WhyNot(caller!, only, context.Request.Method)) is { } why)
        {
            await RefuseAsync(context, why);
            return;
        }

        context.Features.Set(caller);
        await next(context);
    }

    private async Task<(MerchantCaller? Caller, Problem? Refused)> PersonAsync(HttpContext context, MerchantOnly only)
    {
        var named = only.IsInPath ? context.GetRouteValue("id") as string : context.Request.Headers[MerchantOnly.Header].ToString();
        if (string.IsNullOrEmpty(named))
        {
            return (null, MerchantMissing);
        }

        return MerchantId.TryParse(named, out var merchant)
            && await people.FindAsync(merchant, context.User.UserId(), context.User.SessionId()!, context.RequestAborted) is { } caller
                ? (caller, null)
                : (null, NotFound);
    }

    private static Problem? WhyNot(MerchantCaller caller, MerchantOnly only, string method)
    {
        if (!caller.May(only.Permission) && !(only.OrPublishable && caller.KeyKind == ApiKeyKind.Publishable))
        {
            return Forbidden(caller, only.Permission);
        }

        var reads = HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
        return reads || only.WhileSuspended ? null : caller.Status switch
        {
            MerchantStatus.Active => null,
            MerchantStatus.Suspended => Suspended,
            _ => Pending,
        };
    }

    private static Problem Suspended { get; } = Problem.Of(new Error(
        ErrorKind.Forbidden, "merchant_suspended", "This merchant is suspended. Please ask our support."));

    private static Problem Pending { get; } = Problem.Of(new Error(
        ErrorKind.Forbidden, "merchant_pending",
        "This merchant is not active yet: its e-mail address is to be confirmed, and where payments are real it is to be approved."));

    private static Problem Forbidden(MerchantCaller caller, string permission) => Problem.Of(caller switch
    {
        { KeyKind: ApiKeyKind.Publishable } => new Error(
            ErrorKind.Forbidden, "permission_missing", "A publishable key may not do this. Use a secret or a restricted one, on your server."),
        { KeyId: not null } => new Error(
            ErrorKind.Forbidden, "permission_missing", $"This API key lacks the permission {permission}."),
        { Role: MerchantRole.Finance } when MerchantPermissions.OfFinance.Contains(permission) => new Error(
            ErrorKind.Forbidden, "second_factor_required",
            "Who sees to a merchant's money has a second factor, and shows it in his session: set one up at /v1/me/totp or /v1/me/passkeys."),
        _ => new Error(ErrorKind.Forbidden, "permission_missing", $"Your role for this merchant lacks the permission {permission}."),
    });

    // A page that is refused because of where it is must be able to read why: nothing in it is anybody's.
    private static Task RefuseAsync(HttpContext context, Problem why)
    {
        if (why.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        if (why.Code is "origin_not_allowed" or "secret_key_in_browser")
        {
            context.Response.Headers.AccessControlAllowOrigin = context.Request.Headers[HeaderNames.Origin].ToString();
            context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        }

        return why.ExecuteAsync(context);
    }
}
