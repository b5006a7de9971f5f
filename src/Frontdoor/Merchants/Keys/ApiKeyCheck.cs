using System.Net;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Grains;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>Why a key that was shown lets nobody in; beside the request until <see cref="MerchantGate"/> says it.</summary>
/// <param name="Why">What is answered.</param>
internal sealed record KeyRefusal(Problem Why);

/// <summary>
/// Whether a key that a request shows lets it in. Whatever may change something is checked against the database, so that nothing moves by a
/// key that was revoked before; reads against what was found here within five seconds.
/// </summary>
internal sealed class ApiKeyCheck(
    ApiKeyStore store,
    ApiKeyCache cache,
    ApiKeyUses uses,
    MerchantMode mode,
    IOptions<FrontdoorOptions> options,
    TimeProvider machine,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    private static readonly Problem Invalid = Problem.Unauthenticated("api_key_invalid", "There is no such API key.");
    private static readonly Problem Revoked = Problem.Unauthenticated("api_key_revoked", "This API key was revoked.");
    private static readonly Problem Expired = Problem.Unauthenticated("api_key_expired", "This API key, or this secret of it, has ended.");

    private static readonly Problem AddressNotAllowed = Forbidden(
        "address_not_allowed", "This API key may not be used from this address: its list of allowed addresses does not have it.");

    private static readonly Problem OriginNotAllowed = Forbidden(
        "origin_not_allowed", "This publishable key does not list the origin of this page. Add it to the key's allowed origins.");

    private static readonly Problem SecretInBrowser = Forbidden(
        "secret_key_in_browser", "A secret key was sent from a page, where everybody can read it. Revoke it, and use a publishable key there.");

    /// <summary>Whom a key lets in; or why it does not.</summary>
    public async Task<(MerchantCaller? Caller, Problem? Refused)> ReadAsync(HttpContext context, string shown)
    {
        if (!ApiKeyText.TryParse(shown, out var text))
        {
            return (null, Invalid);
        }

        if (text.IsLive != mode.IsLive)
        {
            return (null, WrongMode(text));
        }

        var origin = context.Request.Headers[HeaderNames.Origin].ToString();
        if (origin.Length > 0 && text.Kind != ApiKeyKind.Publishable && !options.Value.AllowedOrigins.Contains(origin))
        {
            return (null, SecretInBrowser);
        }

        var key = await FindAsync(text.Digest, IsRead(context.Request.Method), context.RequestAborted);
        if (key is null || key.Kind != text.Kind || key.IsLive != text.IsLive)
        {
            return (null, Invalid);
        }

        if (WhyNot(key, origin, context.Connection.RemoteIpAddress) is { } refused)
        {
            return (null, refused);
        }

        uses.Note(key.Id);
        return (key.Caller, null);
    }

    /// <summary>
    /// A publishable key that a page's address names, which is no proof of anything: everybody reads it there. Null where it is none, or
    /// does not hold.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="named">What the address says.</param>
    /// <param name="mayLook">Whether one that is not known here may be looked for: anybody makes up as many as he likes.</param>
    public async Task<ApiKey?> FindPublishableAsync(HttpContext context, string? named, Func<bool> mayLook)
    {
        if (!ApiKeyText.TryParse(named, out var text) || text.Kind != ApiKeyKind.Publishable || text.IsLive != mode.IsLive
            || (cache.Find(text.Digest) is null && !mayLook())
            || await FindAsync(text.Digest, forReading: true, context.RequestAborted) is not { Status: MerchantStatus.Active } key
            || key.Kind != text.Kind || key.IsLive != text.IsLive
            || WhyNot(key, origin: "", context.Connection.RemoteIpAddress) is not null)
        {
            return null;
        }

        uses.Note(key.Id);
        return key;
    }

    private async Task<ApiKey?> FindAsync(byte[] digest, bool forReading, CancellationToken cancellationToken)
    {
        if (forReading && cache.Find(digest) is { } known)
        {
            return known;
        }

        var asOf = machine.GetTimestamp();
        var key = await store.FindAsync(digest, cancellationToken);
        if (key is { IsRevoked: false })
        {
            cache.Add(digest, key, asOf);
        }

        return key;
    }

    private Problem? WhyNot(ApiKey key, string origin, IPAddress? address) => key switch
    {
        { IsRevoked: true } => Revoked,
        _ when key.EndsAt <= time.GetUtcNow() => Expired,
        _ when !key.MayComeFrom(address) => AddressNotAllowed,
        { Kind: ApiKeyKind.Publishable } when origin.Length > 0 && !key.Origins.Contains(origin) => OriginNotAllowed,
        _ => null,
    };

    private Problem WrongMode(ApiKeyText key) => Problem.Unauthenticated(
        "api_key_wrong_mode",
        $"This is a {MerchantMode.NameOf(key.IsLive)} key, and this is the {mode.Name} deployment: its keys begin with "
        + $"{ApiKeyText.PrefixOf(key.Kind, mode.IsLive)}.");

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private static Problem Forbidden(string code, string message) => Problem.Of(new Error(ErrorKind.Forbidden, code, message));
}
