using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Admin;

/// <summary>Users, as administrators see them.</summary>
internal static class AdminUsersApi
{
    public static void MapAdminUsers(this RouteGroupBuilder admin)
    {
        admin.MapGet("/users", FindAsync).WithSummary("Find a user by e-mail or phone");
        admin.MapGet("/users/{id}", GetAsync).WithSummary("A user");
    }

    /// <param name="email">The whole e-mail address.</param>
    /// <param name="phone">The whole phone number in E.164.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="directory">Finds people.</param>
    /// <param name="names">Opens their names.</param>
    /// <param name="audit">Notes that he looked.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    private static async Task<Results<Ok<AdminUserJson>, Problem>> FindAsync(
        string? email,
        string? phone,
        ClaimsPrincipal caller,
        UserDirectory directory,
        ContactSeal names,
        AdminAudit audit,
        CancellationToken cancellationToken)
    {
        string? address = null;
        string? number = null;
        if (email is null == phone is null)
        {
            return Problem.Invalid("parameter_missing", "Send one of 'email' and 'phone'.", "email");
        }

        if ((email is not null && !EmailAddress.TryParse(email, out address))
            || (phone is not null && !PhoneNumber.TryParse(phone, out number)))
        {
            var param = email is null ? "phone" : "email";
            return Problem.Invalid(
                $"{param}_invalid", email is null ? $"'phone' {PhoneNumber.Rule}" : "'email' is not an e-mail address.", param);
        }

        var contact = address is not null ? new Contact(ContactKind.Email, address) : new Contact(ContactKind.Phone, number!);
        return await ShowAsync(await directory.FindAsync(contact, cancellationToken), caller, names, audit, cancellationToken);
    }

    private static async Task<Results<Ok<AdminUserJson>, Problem>> GetAsync(
        string id, ClaimsPrincipal caller, UserDirectory directory, ContactSeal names, AdminAudit audit,
        CancellationToken cancellationToken) =>
        await ShowAsync(
            UserId.TryParse(id, out var user) ? await directory.FindAsync(user, cancellationToken) : null,
            caller,
            names,
            audit,
            cancellationToken);

    private static async Task<Results<Ok<AdminUserJson>, Problem>> ShowAsync(
        User? user, ClaimsPrincipal caller, ContactSeal names, AdminAudit audit, CancellationToken cancellationToken)
    {
        if (user is null)
        {
            return Problem.Of(new Error(ErrorKind.NotFound, "user_not_found", "There is no such user."));
        }

        await audit.RecordAsync(caller, "user.view", user.Id, detail: null, cancellationToken);
        return TypedResults.Ok(AdminUserJson.Of(user, await names.OpenAsync(user, cancellationToken)));
    }
}
