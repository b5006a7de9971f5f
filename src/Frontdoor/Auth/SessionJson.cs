using System.Text.Json.Serialization;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Wallets;

namespace StellarPay.Frontdoor.Auth;

/// <summary>A session: what a client needs to act as the user.</summary>
/// <param name="Object">Always <c>session</c>.</param>
/// <param name="AccessToken">A JWT, to be sent as <c>Authorization: Bearer</c>.</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds until the access token ends.</param>
/// <param name="RefreshToken">Exchange it once at /v1/auth/refresh; if the answer is lost, again within 30 seconds.</param>
/// <param name="RefreshExpiresAt">When the refresh token ends.</param>
/// <param name="User">Whose session it is; null in the answer to a refresh.</param>
/// <param name="Wallet">The user's wallet; null in the answer to a refresh, and while it cannot be reached.</param>
internal sealed record SessionJson(
    string Object,
    string AccessToken,
    string TokenType,
    int ExpiresIn,
    string RefreshToken,
    DateTimeOffset RefreshExpiresAt,
    UserJson? User,
    WalletJson? Wallet)
{
    /// <summary>
    /// When the code is sent that confirms the address or number, where that is not at once because the day's budget of messages is used
    /// up; else absent.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? CodeSentAt { get; init; }
}

/// <summary>A user as he sees himself.</summary>
/// <param name="Object">Always <c>user</c>.</param>
/// <param name="Id">The user's id, <c>usr_…</c>.</param>
/// <param name="Email">The e-mail address, or null.</param>
/// <param name="Phone">The phone number in E.164, or null.</param>
/// <param name="EmailConfirmed">Whether the address is proven to be his; nobody is found by it before.</param>
/// <param name="PhoneConfirmed">Whether the number is proven to be his; nobody is found by it before.</param>
/// <param name="Role"><c>user</c> or <c>admin</c>.</param>
/// <param name="CreatedAt">When the user signed up.</param>
internal sealed record UserJson(
    string Object,
    string Id,
    string? Email,
    bool EmailConfirmed,
    string? Phone,
    bool PhoneConfirmed,
    string Role,
    DateTimeOffset CreatedAt)
{
    public static UserJson Of(User user, UserNames names) => new(
        "user", user.Id, names.Email, user.EmailConfirmed, names.Phone, user.PhoneNumberConfirmed, user.Role, user.CreatedAt);
}
