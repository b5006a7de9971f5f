using Microsoft.AspNetCore.Identity;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>Someone who can log in, by e-mail or phone. The key is a <see cref="UserId"/>.</summary>
internal sealed class User : IdentityUser<string>
{
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>One of <see cref="Roles"/>. Read only: signing up gives the least, and only <c>./stellarpay admin</c> changes it.</summary>
    public string Role { get; set; } = Roles.User;

    /// <summary>Whether he has proven that he is reached by what he gave: before it he neither pays nor is paid.</summary>
    public bool HasConfirmedContact => EmailConfirmed || PhoneNumberConfirmed;

    public UserId UserId => UserId.Parse(Id);
}
