using StellarPay.Frontdoor.Auth.Codes;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>A user's names in clear, as he gave them.</summary>
/// <param name="Email">His e-mail address, or null.</param>
/// <param name="Phone">His phone number in E.164, or null.</param>
internal sealed record UserNames(string? Email, string? Phone)
{
    /// <summary>What an account is called where one name is enough; empty for somebody who has just been erased.</summary>
    public string Label => Email ?? Phone ?? "";

    /// <summary>His name of a kind, or null.</summary>
    public Contact? Of(ContactKind kind) =>
        (kind == ContactKind.Email ? Email : Phone) is { } name ? new Contact(kind, name) : null;

    // They do not belong into a log.
    public override string ToString() => nameof(UserNames);
}
