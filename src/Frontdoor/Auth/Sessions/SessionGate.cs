using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Auth.Sessions;

/// <summary>
/// Whether the session of a token still is, and its role still its user's, whatever the token says. Reads are checked against
/// what this front door has been told. Whatever may change something, or needs a role, is checked in the database itself, so
/// that nothing moves after a logout that was answered; so are reads while this front door may be behind, and so is whether a
/// contact is confirmed and a second factor was shown, where that is needed. A role counts only in a session in which one was shown.
/// </summary>
internal sealed class SessionGate(RequestDelegate next, EndedSessions ended, SessionLookup sessions, StepUp stepUp)
{
    private static readonly Problem FactorMissing = Problem.Of(new Error(
        ErrorKind.Forbidden, "second_factor_required",
        "Whoever has this role has a second factor, and shows it in his session: set one up at /v1/me/totp or /v1/me/passkeys."));

    /// <summary>That the session of a request is no more: before anything is done, or since then.</summary>
    public static Problem Over { get; } = Problem.Unauthenticated("session_ended", "The session was ended. Log in again.");

    public async Task InvokeAsync(HttpContext context)
    {
        var rules = context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>() ?? [];
        if ((rules.Count == 0 && context.GetEndpoint()?.Metadata.GetMetadata<MerchantOnly>() is null)
            || context.User.SessionId() is not { } session)
        {
            await next(context);
            return;
        }

        if (ended.Contains(session))
        {
            await RefuseAsync(context);
            return;
        }

        var confirmedOnly = context.GetEndpoint()?.Metadata.GetMetadata<ConfirmedOnly>() is not null;
        if (!Reads(context.Request.Method) || confirmedOnly || rules.Any(rule => rule.Policy is not null) || !ended.AreCurrent)
        {
            if (await sessions.FindAsync(session, context.User.UserId(), context.RequestAborted)
                is not (var role, var confirmed, var facts))
            {
                await RefuseAsync(context);
                return;
            }

            if (confirmedOnly && !confirmed)
            {
                await ConfirmedOnly.Refusal.ExecuteAsync(context);
                return;
            }

            context.Features.Set(facts);
            if (role != Roles.User && !(facts.HasFactor && facts.FactorAt is not null))
            {
                // A password and a token are not enough to be more than a user.
                if (context.User.IsInRole(role) && rules.Any(rule => rule.Policy is not null))
                {
                    await (facts.HasFactor ? StepUp.Explain(StepUpRefusal.Required, facts) : FactorMissing).ExecuteAsync(context);
                    return;
                }

                role = Roles.User;
            }

            if (!Reads(context.Request.Method) && context.GetEndpoint()?.Metadata.GetMetadata<StepUpOnly>() is not null
                && stepUp.Check(facts) is { } needed)
            {
                await needed.ExecuteAsync(context);
                return;
            }

            // A role that was given since counts with the next token only; one that was taken does no more.
            if (!context.User.IsInRole(role))
            {
                context.User = new ClaimsPrincipal(
                    Caller.Of(context.User.UserId(), Roles.User, session, context.User.TokenEnd()));
            }
        }

        await next(context);
    }

    private static bool Reads(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return Over.ExecuteAsync(context);
    }
}
