namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>What a user may be, as the database and access tokens have it.</summary>
internal static class Roles
{
    public const string User = "user";

    /// <summary>May use /v1/admin. Given by <c>./stellarpay admin</c> only.</summary>
    public const string Admin = "admin";
}
