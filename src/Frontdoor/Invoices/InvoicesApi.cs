using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Settings;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Idempotency;
using StellarPay.Frontdoor.Invoices.Page;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>What a merchant bills its customers for, with a number and a day, in Stripe's shape.</summary>
internal static class InvoicesApi
{
    public const string Path = "/v1/invoices";

    public static void AddInvoices(this IServiceCollection services, bool development)
    {
        services.AddOptions<InvoiceOptions>().BindConfiguration(InvoiceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new InvoiceCustomers(
            TokenSecret.Read(provider.GetRequiredService<IOptions<StellarPaySettings>>().Value, development)));
        services.AddSingleton<InvoiceEvents>();
        services.AddSingleton<InvoiceStore>();
        services.AddSingleton<InvoiceTurns>();
        services.AddSingleton<InvoiceEnding>();
        services.AddSingleton<InvoiceAcceptance>();
        services.AddSingleton<InvoiceMail>();
        services.AddSingleton<InvoiceDesk>();
        services.AddSingleton<InvoicePages>();
        services.AddSingleton<InvoiceTill>();
        services.AddSingleton<InvoiceSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<InvoiceSweep>());
    }

    public static void MapInvoices(this IEndpointRouteBuilder routes)
    {
        var invoices = routes.MapGroup(Path).WithTags("Invoices").RequireRateLimiting(RateLimitNames.Merchant);
        invoices.MapPost("", CreateAsync).WithSummary("Draft an invoice").RequireMerchant(MerchantPermissions.PaymentSessionsWrite)
            .TakesIdempotencyKey(ShowAsync);
        invoices.MapGet("", ListAsync).WithSummary("The invoices, newest first").RequireMerchant(MerchantPermissions.PaymentSessionsRead);
        invoices.MapGet("/{id}", GetAsync).WithSummary("An invoice").RequireMerchant(MerchantPermissions.PaymentSessionsRead);
        invoices.MapPost("/{id}", UpdateAsync).WithSummary("Change a draft").RequireMerchant(MerchantPermissions.PaymentSessionsWrite)
            .TakesIdempotencyKey(ShowAsync);
        invoices.MapPost("/{id}/finalize", FinalizeAsync).WithSummary("Give an invoice its number, and let it be paid")
            .RequireMerchant(MerchantPermissions.PaymentSessionsWrite).TakesIdempotencyKey(ShowAsync);
        invoices.MapPost("/{id}/send", SendAsync).WithSummary("Mail an invoice's link to its customer")
            .RequireMerchant(MerchantPermissions.PaymentSessionsWrite).TakesIdempotencyKey(ShowAsync);
        invoices.MapPost("/{id}/void", VoidAsync).WithSummary("Take an invoice back")
            .RequireMerchant(MerchantPermissions.PaymentSessionsWrite, whileSuspended: true).TakesIdempotencyKey(ShowAsync);
        invoices.MapPost("/{id}/mark_uncollectible", GiveUpAsync).WithSummary("Expect nothing for an invoice any more")
            .RequireMerchant(MerchantPermissions.PaymentSessionsWrite, whileSuspended: true).TakesIdempotencyKey(ShowAsync);
        routes.MapInvoicePages();
    }

    private static async Task<Results<Ok<InvoiceJson>, Problem>> CreateAsync(
        InvoiceRequest request, MerchantCaller caller, InvoiceDesk desk, CancellationToken cancellationToken) =>
        Answer(await desk.CreateAsync(request, caller, cancellationToken));

    private static async Task<Results<Ok<ListPage<InvoiceJson>>, Problem>> ListAsync(
        [AsParameters] ListPlace place, [AsParameters] InvoiceQuestion question, [AsParameters] CreatedRange created, MerchantCaller caller,
        InvoiceStore store, InvoiceDesk desk, InvoiceCustomers customers, CancellationToken cancellationToken)
    {
        var badQuestion = question.Read(caller.Merchant, created, customers, out var filter);
        if ((place.Read(out var limit) ?? badQuestion) is { } bad)
        {
            return bad;
        }

        InvoiceId? named = null;
        if (place.Named is { } text)
        {
            if (!InvoiceId.TryParse(text, out var id))
            {
                return place.Unknown();
            }

            named = id;
        }

        if (await store.ListAsync(caller.Merchant, named, place.IsBackwards, filter!, limit + 1, cancellationToken) is not { } read)
        {
            return place.Unknown();
        }

        return TypedResults.Ok(ListPage<InvoiceJson>.Of(
            await desk.ShowAsync(caller, read, cancellationToken), limit, place.IsBackwards, Path));
    }

    private static async Task<Results<Ok<InvoiceJson>, Problem>> GetAsync(
        string id, MerchantCaller caller, InvoiceStore store, InvoiceDesk desk, CancellationToken cancellationToken) =>
        InvoiceId.TryParse(id, out var invoice) && await store.FindAsync(caller.Merchant, invoice, cancellationToken) is { } found
            ? TypedResults.Ok((await desk.ShowAsync(caller, [found], cancellationToken))[0])
            : InvoiceProblems.NotFound;

    private static async Task<IResult> ShowAsync(Replay replay) => await GetAsync(
        replay.Subject, replay.Caller, replay.Get<InvoiceStore>(), replay.Get<InvoiceDesk>(), replay.CancellationToken);

    private static async Task<Results<Ok<InvoiceJson>, Problem>> UpdateAsync(
        string id, InvoiceRequest request, MerchantCaller caller, InvoiceDesk desk, CancellationToken cancellationToken) =>
        await OfAsync(id, invoice => desk.UpdateAsync(invoice, request, caller, cancellationToken));

    private static async Task<Results<Ok<InvoiceJson>, Problem>> FinalizeAsync(
        string id, MerchantCaller caller, InvoiceDesk desk, CancellationToken cancellationToken) =>
        await OfAsync(id, invoice => desk.FinalizeAsync(invoice, caller, cancellationToken));

    private static async Task<Results<Ok<InvoiceJson>, Problem>> SendAsync(
        string id, MerchantCaller caller, InvoiceDesk desk, CancellationToken cancellationToken) =>
        await OfAsync(id, invoice => desk.SendAsync(invoice, caller, cancellationToken));

    private static async Task<Results<Ok<InvoiceJson>, Problem>> VoidAsync(
        string id, MerchantCaller caller, InvoiceDesk desk, CancellationToken cancellationToken) =>
        await OfAsync(id, invoice => desk.CloseAsync(invoice, InvoiceStatus.Void, caller, cancellationToken));

    private static async Task<Results<Ok<InvoiceJson>, Problem>> GiveUpAsync(
        string id, MerchantCaller caller, InvoiceDesk desk, CancellationToken cancellationToken) =>
        await OfAsync(id, invoice => desk.CloseAsync(invoice, InvoiceStatus.Uncollectible, caller, cancellationToken));

    private static async Task<Results<Ok<InvoiceJson>, Problem>> OfAsync(
        string id, Func<InvoiceId, Task<(InvoiceJson? Invoice, Problem? Problem)>> act) =>
        InvoiceId.TryParse(id, out var invoice) ? Answer(await act(invoice)) : InvoiceProblems.NotFound;

    private static Results<Ok<InvoiceJson>, Problem> Answer((InvoiceJson? Invoice, Problem? Problem) answer) =>
        answer.Invoice is { } invoice ? TypedResults.Ok(invoice) : answer.Problem!;
}
