using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Live;
using StellarPay.Frontdoor.Merchants.Keys;

namespace StellarPay.Frontdoor.Auth;

/// <summary>Where a token may stand, and what is answered where there is none or a wrong one (RFC 6750).</summary>
internal sealed class BearerEvents : JwtBearerEvents
{
    private const string Prefix = "Bearer ";

    // For the hub only, where browsers cannot set headers. A token in the header goes before it.
    public override Task MessageReceived(MessageReceivedContext context)
    {
        var request = context.Request;
        if (request.Path.StartsWithSegments(LiveApi.Path)
            && !request.Headers.Authorization.ToString().StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            context.Token = request.Query["access_token"];
        }
        else if (ShownKey.Of(request) is not null)
        {
            // No token, whatever the scheme says: keys are for merchants' endpoints, which read them themselves.
            context.NoResult();
        }

        return Task.CompletedTask;
    }

    public override Task AuthenticationFailed(AuthenticationFailedContext context)
    {
        if (context.Exception is not SecurityTokenException)
        {
            // Not the token's fault: a database that is away must not log everyone out.
            ExceptionDispatchInfo.Throw(context.Exception);
        }

        return Task.CompletedTask;
    }

    public override Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        context.Response.Headers.WWWAuthenticate =
            context.AuthenticateFailure is null ? "Bearer" : "Bearer error=\"invalid_token\"";
        var problem = context.AuthenticateFailure switch
        {
            null => Problem.Unauthenticated("unauthenticated", "Send an access token: Authorization: Bearer …"),
            SecurityTokenExpiredException => Problem.Unauthenticated("token_expired", "The access token has ended. Refresh it."),
            _ => Problem.Unauthenticated("token_invalid", "The access token is not valid."),
        };
        return problem.ExecuteAsync(context.HttpContext);
    }

    public override Task Forbidden(ForbiddenContext context) =>
        StatusProblems.Of(StatusCodes.Status403Forbidden).ExecuteAsync(context.HttpContext);
}
