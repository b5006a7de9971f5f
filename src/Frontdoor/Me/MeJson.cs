using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Me.Profiles;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Me;

/// <summary>A user as he sees himself.</summary>
/// <param name="Object">Always <c>user</c>.</param>
/// <param name="Id">The user's id, <c>usr_…</c>.</param>
/// <param name="Email">The e-mail address, or null.</param>
/// <param name="Phone">The phone number in E.164, or null.</param>
/// <param name="EmailConfirmed">Whether the address is proven to be his; nobody is found by it before.</param>
/// <param name="PhoneConfirmed">Whether the number is proven to be his; nobody is found by it before.</param>
/// <param name="Handle">The handle without the <c>@</c>, or null.</param>
/// <param name="Role"><c>user</c> or <c>admin</c>.</param>
/// <param name="CreatedAt">When the user signed up.</param>
/// <param name="FullName">What he is called, or null; shown to nobody but him, and its letters to whom he invites.</param>
/// <param name="Language">A language tag (BCP 47), or null.</param>
/// <param name="TimeZone">An IANA time zone, or null.</param>
/// <param name="Notifications">What he is told.</param>
internal sealed record MeJson(
    string Object,
    string Id,
    string? Email,
    bool EmailConfirmed,
    string? Phone,
    bool PhoneConfirmed,
    string? Handle,
    string Role,
    DateTimeOffset CreatedAt,
    string? FullName,
    string? Language,
    string? TimeZone,
    NotificationsJson Notifications)
{
    public static MeJson Of(User user, UserNames names, string? handle, Profile profile) => new(
        "user", user.Id, names.Email, user.EmailConfirmed, names.Phone, user.PhoneNumberConfirmed, handle, user.Role, user.CreatedAt,
        profile.FullName, profile.Language, profile.TimeZone,
        new NotificationsJson(
            new ChannelJson(Security: true, profile.EmailMoney ?? true),
            new ChannelJson(Security: true, profile.SmsMoney ?? !user.EmailConfirmed)));
}

/// <summary>What somebody is told, by which channel.</summary>
/// <param name="Email">By e-mail, where an address is confirmed.</param>
/// <param name="Sms">By SMS, where a number is confirmed.</param>
internal sealed record NotificationsJson(ChannelJson Email, ChannelJson Sms);

/// <summary>What is told by one channel.</summary>
/// <param name="Security">Always true: what concerns the account's safety is told by e-mail, or by SMS where there is no e-mail address.</param>
/// <param name="Money">Whether it is told that money was sent or has come; that it has come is told by SMS only where this was set.</param>
internal sealed record ChannelJson(bool Security, bool Money);

/// <summary>Reads who somebody is here, as he sees it.</summary>
internal sealed class MeReader(UserDirectory directory, ContactSeal seal, HandleBook handles, ProfileBook profiles)
{
    public async Task<Results<Ok<MeJson>, Problem>> ReadAsync(UserId id, CancellationToken cancellationToken) =>
        await directory.FindAsync(id, cancellationToken) is { } user
            ? TypedResults.Ok(MeJson.Of(
                user, await seal.OpenAsync(user, cancellationToken), await handles.FindHandleAsync(id, cancellationToken),
                await profiles.FindAsync(id, cancellationToken)))
            : Problem.Of(new Error(ErrorKind.NotFound, "user_not_found", "There is no such user."));
}
