using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Compliance;
using StellarPay.Frontdoor.Keys;
using StellarPay.Frontdoor.Merchants.Registration;
using StellarPay.Frontdoor.Network;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.UnmatchedReceipts;

namespace StellarPay.Frontdoor.Admin;

/// <summary>What administrators may do. Everything under /v1/admin needs the role, and leaves a line in the audit log.</summary>
internal static class AdminApi
{
    private const string Policy = "admin";

    public static void AddAdmin(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder().AddPolicy(
            Policy, policy => policy.RequireAuthenticatedUser().RequireRole(Roles.Admin));
        services.AddSingleton<AdminAudit>();
    }

    /// <summary>Maps the group. A feature adds its own endpoints here, as an extension of the group.</summary>
    public static void MapAdmin(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/v1/admin").WithTags("Admin")
            .RequireAuthorization(Policy).RequireRateLimiting(RateLimitNames.Api).WithMetadata(StepUpOnly.Because);
        admin.MapAdminUsers();
        admin.MapAdminWallets();
        admin.MapDenyList();
        admin.MapAdminKeys();
        admin.MapAdminNetwork();
        admin.MapParkedOperations();
        admin.MapSetAsideRows();
        admin.MapSuspense();
        admin.MapAdminWalletKey();
        admin.MapAdminMerchants();
        admin.MapAdminReceipts();
    }
}
