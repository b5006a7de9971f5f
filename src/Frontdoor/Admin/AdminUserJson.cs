using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Admin;

/// <summary>A user as an administrator sees him.</summary>
/// <param name="Object">Always <c>user</c>.</param>
/// <param name="Id">The user's id, <c>usr_…</c>.</param>
/// <param name="Wallet">The id of his wallet, <c>wal_…</c>.</param>
/// <param name="Email">The e-mail address, or null.</param>
/// <param name="Phone">The phone number in E.164, or null.</param>
/// <param name="EmailConfirmed">Whether the address is proven to be his.</param>
/// <param name="PhoneConfirmed">Whether the number is proven to be his.</param>
/// <param name="Role"><c>user</c> or <c>admin</c>.</param>
/// <param name="CreatedAt">When he signed up.</param>
internal sealed record AdminUserJson(
    string Object,
    string Id,
    string Wallet,
    string? Email,
    bool EmailConfirmed,
    string? Phone,
    bool PhoneConfirmed,
    string Role,
    DateTimeOffset CreatedAt)
{
    public static AdminUserJson Of(User user, UserNames names) => new(
        "user", user.Id, WalletId.Of(user.UserId).Value, names.Email, user.EmailConfirmed, names.Phone,
        user.PhoneNumberConfirmed, user.Role, user.CreatedAt);
}
