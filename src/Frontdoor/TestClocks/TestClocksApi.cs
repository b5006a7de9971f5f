using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Idempotency;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;
using StellarPay.Grains.TestClocks;

namespace StellarPay.Frontdoor.TestClocks;

/// <summary>Test clocks, in Stripe's shape: what is made under one lives by its time. In test mode alone.</summary>
internal static class TestClocksApi
{
    public const string Path = "/v1/test_helpers/test_clocks";

    private const string Missing = "test_clock_not_found";
    private const string Sentence = "There is no such test clock.";

    public static Problem NotFound { get; } = Problem.Of(new Error(ErrorKind.NotFound, Missing, Sentence));

    public static Problem NoSuchClock(string param) => Problem.Invalid(Missing, Sentence, param);

    public static Problem OnlyInTestMode(string? param = null) => Problem.Of(new Error(
        param is null ? ErrorKind.NotFound : ErrorKind.InvalidRequest, "test_mode_only", "Test clocks are in test mode alone.", param));

    public static void AddTestClocks(this IServiceCollection services)
    {
        services.AddOptions<TestClockOptions>().BindConfiguration(TestClockOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TestClockDesk>();
    }

    public static void MapTestClocks(this IEndpointRouteBuilder routes)
    {
        var clocks = routes.MapGroup(Path).WithTags("Test clocks").RequireRateLimiting(RateLimitNames.Merchant);
        clocks.MapPost("", CreateAsync).WithSummary("Make a test clock (test mode)").RequireMerchant(MerchantPermissions.PaymentSessionsWrite)
            .TakesIdempotencyKey(ShowAsync);
        clocks.MapGet("", ListAsync).WithSummary("The test clocks, newest first (test mode)")
            .RequireMerchant(MerchantPermissions.PaymentSessionsRead);
        clocks.MapGet("/{id}", GetAsync).WithSummary("Where a test clock stands (test mode)")
            .RequireMerchant(MerchantPermissions.PaymentSessionsRead);
        clocks.MapPost("/{id}/advance", AdvanceAsync).WithSummary("Move a test clock on (test mode)")
            .RequireMerchant(MerchantPermissions.PaymentSessionsWrite).TakesIdempotencyKey(ShowAsync);
        clocks.MapDelete("/{id}", DeleteAsync).WithSummary("Delete a test clock; what lives by it and is open is canceled (test mode)")
            .RequireMerchant(MerchantPermissions.PaymentSessionsWrite);
    }

    private static async Task<Results<Ok<TestClockJson>, Problem>> CreateAsync(
        NewTestClockRequest request, MerchantCaller caller, TestClockDesk desk, CancellationToken cancellationToken)
    {
        if (caller.IsLive)
        {
            return OnlyInTestMode();
        }

        var (clock, problem) = await desk.CreateAsync(caller, request, cancellationToken);
        return clock is null ? problem! : TypedResults.Ok(TestClockJson.Of(clock));
    }

    private static async Task<Results<Ok<ListPage<TestClockJson>>, Problem>> ListAsync(
        [AsParameters] ListPlace place, MerchantCaller caller, ITestClocks clocks, CancellationToken cancellationToken)
    {
        if (caller.IsLive)
        {
            return OnlyInTestMode();
        }

        if (place.Read(out var limit) is { } bad)
        {
            return bad;
        }

        TestClockId named = default;
        if (place.Named is not null && !TestClockId.TryParse(place.Named, out named))
        {
            return place.Unknown();
        }

        var read = await clocks.ListAsync(
            caller.Merchant, place.Named is null ? null : named, place.IsBackwards, limit + 1, cancellationToken);
        return read is null
            ? place.Unknown()
            : TypedResults.Ok(ListPage<TestClockJson>.Of(read.Select(TestClockJson.Of), limit, place.IsBackwards, Path));
    }

    private static async Task<Results<Ok<TestClockJson>, Problem>> GetAsync(
        string id, MerchantCaller caller, ITestClocks clocks, CancellationToken cancellationToken) =>
        caller.IsLive ? OnlyInTestMode()
        : TestClockId.TryParse(id, out var named) && await clocks.FindAsync(caller.Merchant, named, cancellationToken) is { } clock
            ? TypedResults.Ok(TestClockJson.Of(clock))
            : NotFound;

    private static async Task<IResult> ShowAsync(Replay replay) =>
        await GetAsync(replay.Subject, replay.Caller, replay.Get<ITestClocks>(), replay.CancellationToken);

    private static async Task<Results<Ok<TestClockJson>, Problem>> AdvanceAsync(
        string id, AdvanceTestClockRequest request, MerchantCaller caller, TestClockDesk desk, CancellationToken cancellationToken)
    {
        if (caller.IsLive)
        {
            return OnlyInTestMode();
        }

        if (!TestClockId.TryParse(id, out var named))
        {
            return NotFound;
        }

        var (clock, problem) = await desk.AdvanceAsync(caller, named, request, cancellationToken);
        return clock is null ? problem! : TypedResults.Ok(TestClockJson.Of(clock));
    }

    private static async Task<Results<Ok<DeletedTestClockJson>, Problem>> DeleteAsync(
        string id, MerchantCaller caller, ITestClocks clocks, CancellationToken cancellationToken) =>
        caller.IsLive ? OnlyInTestMode()
        : TestClockId.TryParse(id, out var named) && await clocks.DeleteAsync(caller.Merchant, named, cancellationToken)
            ? TypedResults.Ok(new DeletedTestClockJson(id, "test_helpers.test_clock", true))
            : NotFound;
}
