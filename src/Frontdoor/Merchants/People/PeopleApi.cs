using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Idempotency;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.RateLimits;

namespace StellarPay.Frontdoor.Merchants.People;

/// <summary>Who is of a business.</summary>
internal static class PeopleApi
{
    public static void MapMerchantPeople(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("/v1/merchants/{id}/people").WithTags("Merchants")
            .RequireAuthorization().RequireRateLimiting(RateLimitNames.Api);
        people.MapGet("", ListAsync).RequireMerchantInPath(MerchantPermissions.PeopleRead)
            .WithSummary("Who is of a business, and who is invited");
        people.MapPost("", (string id, InvitePersonRequest request, MerchantCaller caller, PeopleDesk desk, HttpContext context) =>
                desk.InviteAsync(request, caller, context, context.RequestAborted))
            .RequireMerchantInPath(MerchantPermissions.PeopleWrite)
            .WithSummary("Invite somebody to a business, with a second factor or the password; he is sent a code")
            .TakesIdempotencyKey(async replay => await ShowAsync(replay) is { } invited
                ? TypedResults.Created($"/v1/merchants/{replay.Caller.Merchant.Value}/people", invited)
                : PersonOutcome.NoPerson);
        people.MapPatch("/{person}",
                (string id, string person, PersonChangeRequest request, MerchantCaller caller, PeopleDesk desk, HttpContext context) =>
                    desk.ChangeAsync(person, request, caller, context, context.RequestAborted))
            .RequireMerchantInPath(MerchantPermissions.PeopleWrite)
            .WithSummary("Make somebody something else to a business, with a second factor or the password")
            .TakesIdempotencyKey(async replay => await ShowAsync(replay) is { } person ? TypedResults.Ok(person) : PersonOutcome.NoPerson);
        // Everybody may leave; whom else somebody may remove is looked at where it is done.
        people.MapDelete("/{person}", (string id, string person, MerchantCaller caller, PeopleDesk desk, HttpContext context) =>
                desk.RemoveAsync(person, caller, context, context.RequestAborted))
            .RequireMerchantInPath(MerchantPermissions.MerchantRead).WithMetadata(StepUpOnly.Because)
            .WithSummary("Remove somebody from a business, take an invitation back, or leave");
        routes.MapPost("/v1/merchants/join", (JoinRequest request, PeopleDesk desk, HttpContext context) =>
                desk.JoinAsync(request, context, context.RequestAborted))
            .WithTags("Merchants").RequireAuthorization().RequireRateLimiting(RateLimitNames.Api).WithMetadata(ConfirmedOnly.Because)
            .WithSummary("Join a business by the code that was sent to my e-mail address");
    }

    private static async Task<Ok<Page<PersonJson>>> ListAsync(
        string id, MerchantCaller caller, PeopleBook book, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<PersonJson>("list", await book.ListAsync(caller.Merchant, cancellationToken), HasMore: false));

    // Who has come since is no invitation any more.
    private static async Task<PersonJson?> ShowAsync(Replay replay)
    {
        var book = replay.Get<PeopleBook>();
        var people = await book.ListAsync(replay.Caller.Merchant, replay.CancellationToken);
        return people.SingleOrDefault(person => person.Id == replay.Subject)
            ?? await book.CameByAsync(replay.Caller.Merchant, replay.Subject, replay.CancellationToken);
    }
}
