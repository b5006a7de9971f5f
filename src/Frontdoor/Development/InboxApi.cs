using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Development;

/// <summary>Shows what would have been sent to somebody. Added and mapped in development only.</summary>
internal static class InboxApi
{
    private const int MostShown = 20;
    private const int LongestWait = 30;

    public static void AddDevelopmentInbox(this IServiceCollection services)
    {
        services.AddSingleton<DevelopmentInbox>();
        services.AddSingleton<IMessageTransport>(
            provider => new DevelopmentTransport(MessageChannel.Email, provider.GetRequiredService<DevelopmentInbox>()));
        services.AddSingleton<IMessageTransport>(
            provider => new DevelopmentTransport(MessageChannel.Sms, provider.GetRequiredService<DevelopmentInbox>()));
    }

    public static void MapInbox(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/dev/inbox", ListAsync).WithTags("Development").WithSummary("E-mails and SMS to somebody, newest first");

    /// <param name="to">The e-mail address or phone number.</param>
    /// <param name="after">The id of a message: only those that came after it.</param>
    /// <param name="wait">For how many seconds to wait for one, 30 at most; 0 if it is left out.</param>
    /// <param name="inbox">Has them.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    private static async Task<Results<Ok<Page<InboxMessageJson>>, Problem>> ListAsync(
        string? to, string? after, int? wait, DevelopmentInbox inbox, CancellationToken cancellationToken)
    {
        if (to is null || !(EmailAddress.TryParse(to, out var name) || PhoneNumber.TryParse(to, out name)))
        {
            return Problem.Invalid("parameter_invalid", "'to' is an e-mail address or a phone number.", "to");
        }

        var from = 0L;
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out from))
        {
            return Problem.Invalid("parameter_invalid", "'after' is the id of a message.", "after");
        }

        var seconds = wait ?? 0;
        if (seconds is < 0 or > LongestWait)
        {
            return Problem.Invalid("parameter_invalid", $"'wait' is from 0 to {LongestWait} seconds.", "wait");
        }

        var found = await inbox.ReadAsync(name, from, MostShown, TimeSpan.FromSeconds(seconds), cancellationToken);
        return TypedResults.Ok(new Page<InboxMessageJson>("list", found, HasMore: false));
    }
}

/// <summary>A message in the inbox of development.</summary>
/// <param name="Object">Always <c>message</c>.</param>
/// <param name="Id">Rises with each message.</param>
/// <param name="Channel"><c>email</c> or <c>sms</c>.</param>
/// <param name="To">Whom it was for.</param>
/// <param name="Subject">What it is about; empty for SMS.</param>
/// <param name="Text">All of it.</param>
/// <param name="Code">The one-time code in it, or null.</param>
/// <param name="ReceivedAt">When it came.</param>
internal sealed record InboxMessageJson(
    string Object, string Id, string Channel, string To, string Subject, string Text, string? Code, DateTimeOffset ReceivedAt);
