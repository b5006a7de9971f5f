using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.EntityTags;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Payments;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Recipients;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Invitations;

/// <summary>Paying whoever is not here yet.</summary>
internal static class InvitationsApi
{
    private const int LongestNote = 140;

    private static readonly Error NotFound = new(ErrorKind.NotFound, "invitation_not_found", "There is no such invitation.");

    public static void AddInvitations(this IServiceCollection services, bool development)
    {
        services.AddOptions<InvitationOptions>().BindConfiguration(InvitationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new InvitationFingerprints(
            TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development)));
        services.AddSingleton<InvitationSeal>();
        services.AddSingleton<InvitationTimes>();
        services.AddScoped<InvitationDesk>();
        services.AddSingleton<InvitationNews>();
        services.AddHostedService<InvitationNewsWorker>();
    }

    public static void MapInvitations(this IEndpointRouteBuilder routes)
    {
        var invitations = routes.MapGroup("/v1/invitations").WithTags("Invitations")
            .RequireAuthorization().RequireRateLimiting(RateLimitNames.Api);
        invitations.MapPost("", InviteAsync)
            .WithSummary("Set an amount aside for an e-mail address or phone number that nobody has confirmed here, and invite its owner")
            .WithMetadata(MovesMoney.UnderKey, ConfirmedOnly.Because);
        invitations.MapGet("", ListAsync).WithSummary("Invitations that are open, and the latest that are over, newest first")
            .WithMetadata(Polled.Often);
        invitations.MapGet("/{id}", GetAsync).WithSummary("Where an invitation stands").WithMetadata(Polled.Often);
        invitations.MapPost("/{id}/cancel", CancelAsync).WithSummary("Take back an invitation that nobody has confirmed")
            .WithMetadata(MovesMoney.Once);
    }

    private static async Task<Results<Created<InvitationJson>, Problem>> InviteAsync(
        NewInvitationRequest request,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        ClaimsPrincipal caller,
        InvitationDesk desk,
        StepUp stepUp,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if ((Check(request) ?? IdempotencyKey.Require(idempotencyKey)) is { } bad)
        {
            return bad;
        }

        if (RecipientName.Read(request.Recipient) is not { Kind: RecipientKind.Email or RecipientKind.Phone } name)
        {
            return Problem.Invalid(
                "recipient_invalid", "'recipient' is not an e-mail address or a phone number in E.164: nobody else can be invited.",
                "recipient");
        }

        var session = SessionFacts.Of(context);
        var wanted = new NewInvitation(
            name, request.Asset!, request.Amount!, request.Note is "" ? null : request.Note, idempotencyKey!, stepUp.ProofOf(session));
        var invitation = await desk.InviteAsync(caller.UserId(), wanted, ClientAddress.Of(context), cancellationToken);
        return invitation.IsSuccess
            ? TypedResults.Created($"/v1/invitations/{invitation.Value.Id}", invitation.Value)
            : StepUp.Explain(invitation.Error, session);
    }

    private static async Task<Results<Ok<Page<InvitationJson>>, Problem>> ListAsync(
        int? limit,
        [FromQuery(Name = "starting_after")] string? startingAfter,
        ClaimsPrincipal caller,
        InvitationSeal seal,
        IGrainFactory grains,
        CancellationToken cancellationToken)
    {
        if (PageLimit.Read(limit, out var wanted) is { } bad)
        {
            return bad;
        }

        var all = await AllAsync(grains, caller.UserId());
        if (!all.IsSuccess)
        {
            return Problem.Of(all.Error);
        }

        var from = startingAfter is null ? 0 : Array.FindIndex(all.Value, each => each.Id.Value == startingAfter) + 1;
        if (startingAfter is not null && from == 0)
        {
            return Problem.Invalid(
                "parameter_invalid", "'starting_after' is not the id of one of your invitations.", "starting_after");
        }

        var page = await seal.OpenAsync(caller.UserId(), all.Value.Skip(from).Take(wanted), cancellationToken);
        return TypedResults.Ok(new Page<InvitationJson>("list", page, HasMore: from + page.Count < all.Value.Length));
    }

    private static async Task<Results<Ok<InvitationJson>, Problem>> GetAsync(
        string id, ClaimsPrincipal caller, InvitationSeal seal, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var all = InvitationId.TryParse(id, out var invitation) ? await AllAsync(grains, caller.UserId()) : NotFound;
        return all.IsSuccess
            ? Array.Find(all.Value, each => each.Id == invitation) is { } found
                ? TypedResults.Ok(await seal.OpenAsync(caller.UserId(), found, cancellationToken))
                : Problem.Of(NotFound)
            : Problem.Of(all.Error);
    }

    private static async Task<Results<Ok<InvitationJson>, Problem>> CancelAsync(
        string id, ClaimsPrincipal caller, InvitationSeal seal, IGrainFactory grains)
    {
        var user = caller.UserId();
        if (!InvitationId.TryParse(id, out var invitation))
        {
            return Problem.Of(NotFound);
        }

        var wallet = grains.GetGrain<IWalletInvitations>(WalletId.Of(user).Value);
        var cancelled = await Outcome.OfAsync(() => wallet.CancelInvitationAsync(user, invitation));
        return cancelled.IsSuccess
            ? TypedResults.Ok(await seal.OpenAsync(user, cancelled.Value, CancellationToken.None))
            : Problem.Of(cancelled.Error);
    }

    /// <summary>A user's invitations, the newest first.</summary>
    internal static async Task<Result<InvitationView[]>> AllAsync(IGrainFactory grains, UserId user)
    {
        var snapshot = await grains.GetGrain<IWalletGrain>(WalletId.Of(user).Value).GetSnapshotAsync(user);
        return snapshot.IsSuccess ? (snapshot.Value.Invitations ?? []).Reverse().ToArray()
            : snapshot.Error.Kind == ErrorKind.NotFound ? Array.Empty<InvitationView>()
            : snapshot.Error;
    }

    private static Problem? Check(NewInvitationRequest request) => request switch
    {
        { Recipient: null or "" } => Problem.Missing("recipient"),
        { Asset: null or "" } => Problem.Missing("asset"),
        { Amount: null or "" } => Problem.Missing("amount"),
        { Note.Length: > LongestNote } => Problem.Invalid(
            "note_invalid", $"'note' has at most {LongestNote} characters, none of them a control character.", "note"),
        { Note: { } note } when note.Any(char.IsControl) => Problem.Invalid(
            "note_invalid", $"'note' has at most {LongestNote} characters, none of them a control character.", "note"),
        _ => null,
    };
}
