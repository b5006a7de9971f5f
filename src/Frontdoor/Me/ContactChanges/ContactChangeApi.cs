using System.Security.Claims;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Compression;
using StellarPay.Frontdoor.RateLimits;

namespace StellarPay.Frontdoor.Me.ContactChanges;

/// <summary>For whoever has another e-mail address or phone number than before, and for whoever did not want that.</summary>
internal static class ContactChangeApi
{
    public static void MapContactChanges(this IEndpointRouteBuilder routes)
    {
        var me = routes.MapGroup("/v1/me").WithTags("Me").RequireAuthorization().RequireRateLimiting(RateLimitNames.Api)
            .WithMetadata(NeverCompressed.Because);
        me.MapPost("/email/change", (EmailChangeRequest request, ClaimsPrincipal caller, ContactChange change, HttpContext context) =>
                change.AskEmailAsync(request, caller, ClientAddress.Of(context), context.RequestAborted))
            .WithMetadata(StepUpOnly.Because)
            .WithSummary("Send a code to another e-mail address that is to be mine; the present one is told");
        me.MapPost("/phone/change", (PhoneChangeRequest request, ClaimsPrincipal caller, ContactChange change, HttpContext context) =>
                change.AskPhoneAsync(request, caller, ClientAddress.Of(context), context.RequestAborted))
            .WithMetadata(StepUpOnly.Because)
            .WithSummary("Send a code to another phone number that is to be mine; the present one is told");
        foreach (var (kind, what) in new[] { (ContactKind.Email, "e-mail address"), (ContactKind.Phone, "phone number") })
        {
            me.MapPost($"/{Contact.NameOf(kind)}/change/confirm",
                    (CodeRequest request, ClaimsPrincipal caller, ContactChange change, HttpContext context) =>
                        change.ConfirmAsync(request, caller, kind, context.RequestAborted))
                .WithSummary($"Exchange my {what} by the code; whoever has the old one can undo it for 72 hours");
        }

        routes.MapPost("/v1/auth/contact-undo", (UndoRequest request, ContactChange change, HttpContext context) =>
                change.UndoAsync(request, context.RequestAborted))
            .WithTags("Auth").RequireRateLimiting(RateLimitNames.Auth).WithMetadata(NeverCompressed.Because)
            .WithSummary("Undo a change of contacts by the code that was sent to the old one; ends all sessions and the password");
    }
}

/// <summary>Another e-mail address.</summary>
/// <param name="Email">The new one.</param>
/// <param name="Password">My password: a session alone changes no contact.</param>
internal sealed record EmailChangeRequest(string? Email, string? Password);

/// <summary>Another phone number.</summary>
/// <param name="Phone">The new one, with its country code.</param>
/// <param name="Password">My password: a session alone changes no contact.</param>
internal sealed record PhoneChangeRequest(string? Phone, string? Password);

/// <summary>What undoes a change.</summary>
/// <param name="Code">Five groups of five letters and digits, as they were sent to the old contact.</param>
internal sealed record UndoRequest(string? Code);
