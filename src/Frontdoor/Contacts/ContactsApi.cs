using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.EntityTags;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Recipients;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Contacts;

/// <summary>A user's own list of whom he pays.</summary>
internal static class ContactsApi
{
    public static void MapContacts(this IEndpointRouteBuilder routes)
    {
        var contacts = routes.MapGroup("/v1/contacts").WithTags("Contacts")
            .RequireAuthorization().RequireRateLimiting(RateLimitNames.Api);
        contacts.MapGet("", ListAsync).WithSummary("My contacts, by nickname").WithMetadata(Polled.Often);
        contacts.MapPost("", AddAsync).WithSummary("Add a contact");
        contacts.MapPatch("/{id}", UpdateAsync).WithSummary("Change a contact's nickname, or, with a second factor or the password, its recipient");
        contacts.MapDelete("/{id}", RemoveAsync).WithSummary("Remove a contact");
    }

    private static async Task<Ok<Page<ContactJson>>> ListAsync(
        ClaimsPrincipal caller, ContactBook contacts, CancellationToken cancellationToken)
    {
        var all = await contacts.ListAsync(caller.UserId(), cancellationToken);
        return TypedResults.Ok(new Page<ContactJson>("list", [.. all.Select(ContactJson.Of)], HasMore: false));
    }

    private static async Task<Results<Created<ContactJson>, Problem>> AddAsync(
        ContactRequest request, ContactDesk desk, HttpContext context, CancellationToken cancellationToken)
    {
        if (request.Nickname is null or "" || request.Recipient is null or "")
        {
            return Problem.Missing(request.Nickname is null or "" ? "nickname" : "recipient");
        }

        var (nickname, recipient, bad) = Read(request);
        if (bad is not null)
        {
            return bad;
        }

        var (outcome, contact, problem) = await desk.AddAsync(nickname!, recipient!, request.Password, context, cancellationToken);
        return contact is null ? problem ?? Refused(outcome) : TypedResults.Created($"/v1/contacts/{contact.Id}", ContactJson.Of(contact));
    }

    private static async Task<Results<Ok<ContactJson>, Problem>> UpdateAsync(
        string id, ContactRequest request, ContactDesk desk, HttpContext context, CancellationToken cancellationToken)
    {
        var (nickname, recipient, bad) = Read(request);
        if (bad is not null)
        {
            return bad;
        }

        if (!Contact.IsId(id))
        {
            return Refused(ContactOutcome.Missing);
        }

        var (outcome, contact, problem) = await desk.UpdateAsync(id, nickname, recipient, request.Password, context, cancellationToken);
        return contact is null ? problem ?? Refused(outcome) : TypedResults.Ok(ContactJson.Of(contact));
    }

    private static async Task<Results<NoContent, Problem>> RemoveAsync(
        string id, ClaimsPrincipal caller, ContactBook contacts, CancellationToken cancellationToken) =>
        (Contact.IsId(id)
            ? await contacts.RemoveAsync(caller.UserId(), caller.SessionId()!, id, cancellationToken)
            : ContactOutcome.Missing) is var outcome and not ContactOutcome.Done
            ? Refused(outcome)
            : TypedResults.NoContent();

    // What is not sent stays null.
    private static (string? Nickname, string? Recipient, Problem? Problem) Read(ContactRequest request)
    {
        var nickname = request.Nickname is null ? null : Nickname.Read(request.Nickname);
        if (request.Nickname is not null && nickname is null)
        {
            return (null, null, Problem.Invalid(
                "nickname_invalid",
                $"A nickname has 1 to {Nickname.MaxLength} characters, none that is not seen, and does not look like an address, e-mail, phone or handle.",
                "nickname"));
        }

        // A payment session is nobody whom one pays again.
        var recipient = RecipientName.Read(request.Recipient) is { Kind: not RecipientKind.Session } name ? name.Text : null;
        return request.Recipient is not null && recipient is null
            ? (null, null, Problem.Invalid(
                "recipient_invalid",
                "'recipient' is an e-mail address, a phone number in E.164, an @handle, an address (G… or M…) or a federated address.",
                "recipient"))
            : (nickname, recipient, null);
    }

    private static Problem Refused(ContactOutcome outcome) => outcome switch
    {
        ContactOutcome.SessionEnded => SessionGate.Over,
        ContactOutcome.NicknameTaken => Problem.Of(
            new Error(ErrorKind.Conflict, "nickname_taken", "Another of your contacts has this nickname.", "nickname")),
        ContactOutcome.TooMany => Problem.Of(new Error(
            ErrorKind.Refused, "too_many_contacts", $"You can have {ContactBook.MaxContacts} contacts. Please remove one first.")),
        _ => Problem.Of(new Error(ErrorKind.NotFound, "contact_not_found", "There is no such contact.")),
    };
}

/// <summary>A contact to be.</summary>
/// <param name="Nickname">What to call him: 1 to 40 characters.</param>
/// <param name="Recipient">An e-mail address, a phone number, an @handle, an address (G… or M…) or a federated address.</param>
/// <param name="Password">
/// The user's password, as long as he has no second factor, where another recipient is given to a contact, or to a contact the nickname
/// that another one had within 30 days. Whoever has a second factor shows that.
/// </param>
internal sealed record ContactRequest(string? Nickname, string? Recipient, string? Password = null);

/// <summary>A contact.</summary>
/// <param name="Object">Always <c>contact</c>.</param>
/// <param name="Id">Its id, <c>ctc_…</c>; a payment's recipient may be it, or the nickname.</param>
/// <param name="Nickname">What the user calls him.</param>
/// <param name="Recipient">Who is paid, resolved at each use.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="UpdatedAt">When it was changed last.</param>
internal sealed record ContactJson(
    string Object, string Id, string Nickname, string Recipient, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static ContactJson Of(Contact contact) => new(
        "contact", contact.Id, contact.Nickname, contact.Recipient, contact.CreatedAt, contact.UpdatedAt);
}
