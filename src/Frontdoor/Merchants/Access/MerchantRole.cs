namespace StellarPay.Frontdoor.Merchants.Access;

/// <summary>What somebody is for a merchant.</summary>
internal enum MerchantRole
{
    /// <summary>May do everything.</summary>
    Owner,

    /// <summary>Keys, webhook endpoints and payment sessions.</summary>
    Developer,

    /// <summary>Refunds, payouts and the books; with a second factor that he has shown, else no more than a viewer.</summary>
    Finance,

    /// <summary>Reads.</summary>
    Viewer,
}

/// <summary>How roles are written, and what they may.</summary>
internal static class MerchantRoles
{
    /// <summary>The names, as the API and the database have them.</summary>
    public static string NameOf(MerchantRole role) => role switch
    {
        MerchantRole.Owner => "owner",
        MerchantRole.Developer => "developer",
        MerchantRole.Finance => "finance",
        _ => "viewer",
    };

    public static MerchantRole? Read(string? name) => name switch
    {
        "owner" => MerchantRole.Owner,
        "developer" => MerchantRole.Developer,
        "finance" => MerchantRole.Finance,
        "viewer" => MerchantRole.Viewer,
        _ => null,
    };

    /// <summary>What somebody may.</summary>
    /// <param name="role">What he is.</param>
    /// <param name="factorShown">Whether he has shown a second factor in this session.</param>
    public static IReadOnlySet<string> PermissionsOf(MerchantRole role, bool factorShown) => role switch
    {
        MerchantRole.Owner => MerchantPermissions.OfOwners,
        MerchantRole.Developer => MerchantPermissions.OfDevelopers,
        MerchantRole.Finance when factorShown => MerchantPermissions.OfFinance,
        _ => MerchantPermissions.OfViewers,
    };

    /// <summary>Those that have all of these permissions, for functions that look at it again where it is decided.</summary>
    public static string[] With(params IEnumerable<string> permissions) =>
    [
        .. Enum.GetValues<MerchantRole>()
            .Where(role => PermissionsOf(role, factorShown: true).IsSupersetOf(permissions))
            .Select(NameOf),
    ];
}
