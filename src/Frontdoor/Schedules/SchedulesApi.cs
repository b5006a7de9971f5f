using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.EntityTags;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Payments;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Recipients;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;
using StellarPay.Grains.Schedules;

namespace StellarPay.Frontdoor.Schedules;

/// <summary>Paying later, and again and again.</summary>
internal static class SchedulesApi
{
    public static void MapSchedules(this IEndpointRouteBuilder routes)
    {
        var schedules = routes.MapGroup("/v1/schedules").WithTags("Schedules")
            .RequireAuthorization().RequireRateLimiting(RateLimitNames.Api);
        schedules.MapPost("", CreateAsync).WithSummary("Schedule a payment, once or recurring")
            .WithMetadata(MovesMoney.UnderKey, ConfirmedOnly.Because, StepUpOnly.Because);
        schedules.MapGet("", ListAsync).WithSummary("Scheduled payments, newest first").WithMetadata(Polled.Often);
        schedules.MapGet("/{id}", GetAsync).WithSummary("A scheduled payment with its last occurrences").WithMetadata(Polled.Often);
        schedules.MapPost("/{id}/pause", PauseAsync).WithSummary("Stop a scheduled payment for a while").WithMetadata(MovesMoney.Once);
        schedules.MapPost("/{id}/resume", ResumeAsync).WithSummary("Go on with a paused one")
            .WithMetadata(MovesMoney.Once, StepUpOnly.Because);
        schedules.MapPost("/{id}/cancel", CancelAsync).WithSummary("End a scheduled payment").WithMetadata(MovesMoney.Once);
    }

    private static async Task<Results<Created<ScheduleJson>, Problem>> CreateAsync(
        NewScheduleRequest request,
        [FromHeader(Name = IdempotencyKey.Header)] string? idempotencyKey,
        ClaimsPrincipal caller,
        RecipientFinder recipients,
        IGrainFactory grains,
        StepUp stepUp,
        ChangeRateLimit limit,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if ((Check(request, out var frequency) ?? IdempotencyKey.Require(idempotencyKey)) is { } bad)
        {
            return bad;
        }

        var recipient = await recipients.FindAsync(caller.UserId(), request.Recipient!, cancellationToken);
        if (!recipient.IsSuccess)
        {
            return Problem.Of(recipient.Error);
        }

        // A federated address may name another account or memo each time (SEP-2), and must be asked each time; a session is paid once.
        if (recipient.Value.Kind is RecipientKind.Federated or RecipientKind.Session)
        {
            return Problem.Of(new Error(
                ErrorKind.Refused, "recipient_not_schedulable", "A scheduled payment needs an account that stays; name its address.", "recipient"));
        }

        var user = caller.UserId();
        if (await limit.TakeScheduleAsync(caller) is { } tooMany)
        {
            return tooMany;
        }

        // From here on the request is carried out even if the caller hangs up.
        var order = new ScheduleRequest(
            recipient.Value.Address, recipient.Value.Name, request.Asset!, request.Amount!, request.Memo, frequency,
            request.StartAt!.Value, request.TimeZone ?? "UTC", request.DayOfMonth, request.EndAt, request.Count, idempotencyKey,
            stepUp.ProofOf(SessionFacts.Of(context)));
        var schedule = await Outcome.OfAsync(() => BookOf(grains, user).CreateAsync(user, order));
        return schedule.IsSuccess
            ? TypedResults.Created($"/v1/schedules/{schedule.Value.Id}", ScheduleJson.Of(schedule.Value))
            : Problem.Of(schedule.Error);
    }

    private static async Task<Results<Ok<Page<ScheduleJson>>, Problem>> ListAsync(ClaimsPrincipal caller, IGrainFactory grains)
    {
        var user = caller.UserId();
        var schedules = await BookOf(grains, user).ListAsync(user);
        return schedules.IsSuccess
            ? TypedResults.Ok(new Page<ScheduleJson>("list", [.. schedules.Value.Select(ScheduleJson.Of)], HasMore: false))
            : Problem.Of(schedules.Error);
    }

    private static Task<Results<Ok<ScheduleJson>, Problem>> GetAsync(string id, ClaimsPrincipal caller, IGrainFactory grains) =>
        AskAsync(id, caller, grains, (book, user, schedule) => book.GetAsync(user, schedule));

    private static Task<Results<Ok<ScheduleJson>, Problem>> PauseAsync(string id, ClaimsPrincipal caller, IGrainFactory grains) =>
        ChangeAsync(id, caller, grains, (book, user, schedule) => book.PauseAsync(user, schedule));

    // Whoever stops one, or ends it, need not wait: each was made or resumed before.
    private static async Task<Results<Ok<ScheduleJson>, Problem>> ResumeAsync(
        string id, ClaimsPrincipal caller, IGrainFactory grains, StepUp stepUp, ChangeRateLimit limit, HttpContext context) =>
        await limit.TakeScheduleAsync(caller) is { } tooMany
            ? tooMany
            : await ChangeAsync(id, caller, grains,
                (book, user, schedule) => book.ResumeAsync(user, schedule, stepUp.ProofOf(SessionFacts.Of(context))));

    private static Task<Results<Ok<ScheduleJson>, Problem>> CancelAsync(string id, ClaimsPrincipal caller, IGrainFactory grains) =>
        ChangeAsync(id, caller, grains, (book, user, schedule) => book.CancelAsync(user, schedule));

    private static Task<Results<Ok<ScheduleJson>, Problem>> ChangeAsync(
        string id, ClaimsPrincipal caller, IGrainFactory grains,
        Func<IScheduleBookGrain, UserId, ScheduleId, Task<Result<ScheduleView>>> change) =>
        AskAsync(id, caller, grains, (book, user, schedule) => Outcome.OfAsync(() => change(book, user, schedule)));

    private static async Task<Results<Ok<ScheduleJson>, Problem>> AskAsync(
        string id, ClaimsPrincipal caller, IGrainFactory grains,
        Func<IScheduleBookGrain, UserId, ScheduleId, Task<Result<ScheduleView>>> ask)
    {
        if (!ScheduleId.TryParse(id, out var schedule))
        {
            return Problem.Of(new Error(ErrorKind.NotFound, "schedule_not_found", "There is no such scheduled payment."));
        }

        var user = caller.UserId();
        var answer = await ask(BookOf(grains, user), user, schedule);
        return answer.IsSuccess ? TypedResults.Ok(ScheduleJson.Of(answer.Value)) : Problem.Of(answer.Error);
    }

    private static Problem? Check(NewScheduleRequest request, out Frequency frequency)
    {
        frequency = default;
        if (request switch
        {
            { Recipient: null or "" } => "recipient",
            { Asset: null or "" } => "asset",
            { Amount: null or "" } => "amount",
            { Frequency: null or "" } => "frequency",
            { StartAt: null } => "start_at",
            _ => null,
        } is { } missing)
        {
            return Problem.Missing(missing);
        }

        Frequency? read = request.Frequency switch
        {
            "once" => Frequency.Once,
            "daily" => Frequency.Daily,
            "weekly" => Frequency.Weekly,
            "monthly" => Frequency.Monthly,
            _ => null,
        };
        frequency = read ?? default;
        return read is null
            ? Problem.Invalid("parameter_invalid", "'frequency' is once, daily, weekly or monthly.", "frequency")
            : null;
    }

    private static IScheduleBookGrain BookOf(IGrainFactory grains, UserId user) =>
        grains.GetGrain<IScheduleBookGrain>(ScheduleBooks.KeyOf(user));
}
