using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Stellar.Domains;
using StellarPay.Stellar.Sep2;

namespace StellarPay.Frontdoor.Recipients;

/// <summary>Who would be paid.</summary>
internal static class RecipientsApi
{
    public static void AddRecipients(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new FederationClient(
            // Domains come from strangers: public addresses only.
            new HttpClient(PublicInternet.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan },
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<FederatedNames>();
        services.AddSingleton<RecipientDirectory>();
        services.AddSingleton<SessionPayees>();
        services.AddSingleton<RecipientFinder>();
    }

    public static void MapRecipients(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/recipients/lookup", LookUpAsync).WithTags("Payments")
            .RequireAuthorization().RequireRateLimiting(RateLimitNames.Lookup)
            .WithSummary("Who would be paid by a name, as a quote would find him").WithMetadata(ConfirmedOnly.Because);

    /// <param name="recipient">As in a payment.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="recipients">Finds him.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    private static async Task<Results<Ok<RecipientJson>, Problem>> LookUpAsync(
        string? recipient, ClaimsPrincipal caller, RecipientFinder recipients, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(recipient))
        {
            return Problem.Missing("recipient");
        }

        var found = await recipients.FindAsync(caller.UserId(), recipient, cancellationToken);
        return found.IsSuccess ? TypedResults.Ok(RecipientJson.Of(found.Value)) : Problem.Of(found.Error);
    }
}

/// <summary>Who would be paid.</summary>
/// <param name="Object">Always <c>recipient</c>.</param>
/// <param name="Recipient">The name in one form.</param>
/// <param name="Destination">The account that would be paid.</param>
/// <param name="Memo">The memo that his domain or a payment session wants, or null.</param>
/// <param name="MemoType">Its kind: text, id or hash (base64); null without a memo.</param>
/// <param name="RecipientUser">Whether he is a user here.</param>
/// <param name="RecipientHandle">His handle, or null.</param>
internal sealed record RecipientJson(
    string Object,
    string Recipient,
    string Destination,
    string? Memo,
    string? MemoType,
    bool RecipientUser,
    string? RecipientHandle)
{
    public static RecipientJson Of(Recipient found) => new(
        "recipient",
        found.Name,
        found.Address,
        found.Memo,
        found.Memo is null ? null : found.Facts.MemoType ?? "text",
        found.Facts.IsUser,
        found.Facts.Handle);
}
