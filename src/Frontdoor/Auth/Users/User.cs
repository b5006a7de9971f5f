using Microsoft.AspNetCore.Identity;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>Someone who can log in, by e-mail or phone. The key is a <see cref="UserId"/>.</summary>
internal sealed class User : IdentityUser<string>
{
    public DateTimeOffset CreatedAt { get; set; }

    public UserId UserId => UserId.Parse(Id);
}
