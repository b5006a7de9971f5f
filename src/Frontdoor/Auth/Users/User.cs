using Microsoft.AspNetCore.Identity;
using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// Someone who can log in, by e-mail or phone. The key is a <see cref="UserId"/>. His names are stored encrypted, beside an index by which
/// they are found: what Identity calls his e-mail address and phone number is null. <see cref="ContactSeal"/> opens them.
/// </summary>
internal sealed class User : IdentityUser<string>
{
    /// <summary>His e-mail address, encrypted; or null.</summary>
    public byte[]? SealedEmail { get; set; }

    /// <summary>Its index (<see cref="ContactIndex"/>).</summary>
    public byte[]? EmailIndex { get; set; }

    /// <summary>His phone number, encrypted; or null.</summary>
    public byte[]? SealedPhone { get; set; }

    /// <summary>Its index.</summary>
    public byte[]? PhoneIndex { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>One of <see cref="Roles"/>. Read only: signing up gives the least, and only <c>./stellarpay admin</c> changes it.</summary>
    public string Role { get; set; } = Roles.User;

    /// <summary>Whether he has proven that he is reached by what he gave: before it he neither pays nor is paid.</summary>
    public bool HasConfirmedContact => EmailConfirmed || PhoneNumberConfirmed;

    public UserId UserId => UserId.Parse(Id);

    /// <summary>The index of his name of a kind; null where he has none.</summary>
    public byte[]? IndexOf(ContactKind kind) => kind == ContactKind.Email ? EmailIndex : PhoneIndex;

    /// <summary>His name of a kind, encrypted; null where he has none.</summary>
    public byte[]? SealedOf(ContactKind kind) => kind == ContactKind.Email ? SealedEmail : SealedPhone;

    /// <summary>Whether his name of a kind is proven to be his.</summary>
    public bool HasConfirmed(ContactKind kind) => kind == ContactKind.Email ? EmailConfirmed : PhoneNumberConfirmed;

    /// <summary>Gives him a name.</summary>
    public void Name(ContactKind kind, byte[] sealedName, byte[] index)
    {
        if (kind == ContactKind.Email)
        {
            (SealedEmail, EmailIndex) = (sealedName, index);
        }
        else
        {
            (SealedPhone, PhoneIndex) = (sealedName, index);
        }
    }
}
