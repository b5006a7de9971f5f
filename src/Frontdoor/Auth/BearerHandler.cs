using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Live;

namespace StellarPay.Frontdoor.Auth;

/// <summary>
/// Knows the caller by the access token in the Authorization header, or, for the hub only, where browsers cannot set
/// headers, in the query (RFC 6750).
/// </summary>
internal sealed class BearerHandler(
    AccessTokenReader tokens,
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer";

    private const string Prefix = "Bearer ";

    private AccessTokenFault? _fault;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (FindToken() is not { } text)
        {
            return AuthenticateResult.NoResult();
        }

        var (token, fault) = await tokens.ReadAsync(text, Context.RequestAborted);
        if (token is null)
        {
            _fault = fault;
            return AuthenticateResult.Fail($"The access token is not accepted: {fault}.");
        }

        return AuthenticateResult.Success(new AuthenticationTicket(
            token.Principal, new AuthenticationProperties { ExpiresUtc = token.ExpiresAt }, SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = _fault is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        var problem = _fault switch
        {
            null => Problem.Unauthenticated("unauthenticated", "Send an access token: Authorization: Bearer …"),
            AccessTokenFault.Expired => Problem.Unauthenticated("token_expired", "The access token has ended. Refresh it."),
            _ => Problem.Unauthenticated("token_invalid", "The access token is not valid."),
        };
        return problem.ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        StatusProblems.Of(StatusCodes.Status403Forbidden).ExecuteAsync(Context);

    private string? FindToken()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return header[Prefix.Length..].Trim();
        }

        var query = Request.Path.StartsWithSegments(LiveApi.Path) ? Request.Query["access_token"].ToString() : "";
        return query.Length > 0 ? query : null;
    }
}
