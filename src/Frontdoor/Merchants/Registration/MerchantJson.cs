using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Logos;

namespace StellarPay.Frontdoor.Merchants.Registration;

/// <summary>A merchant as his people and administrators see him.</summary>
/// <param name="Object">Always <c>merchant</c>.</param>
/// <param name="Id">His id, <c>mer_…</c>.</param>
/// <param name="Mode"><c>live</c>, where payments are real, or <c>test</c>.</param>
/// <param name="Status"><c>pending</c>, <c>active</c> or <c>suspended</c>.</param>
/// <param name="Role">What the caller is to him: <c>owner</c>, <c>developer</c>, <c>finance</c> or <c>viewer</c>; null for an administrator.</param>
/// <param name="BusinessName">What he is called.</param>
/// <param name="Email">Where he is reached.</param>
/// <param name="EmailConfirmed">Whether the address is proven to be his.</param>
/// <param name="Country">Where he is, ISO 3166.</param>
/// <param name="StatementDescriptor">What payers' statements say.</param>
/// <param name="Website">His website, or null.</param>
/// <param name="BusinessType">What kind of business, or null.</param>
/// <param name="RegistrationNumber">His number in a register, or null.</param>
/// <param name="BrandColor">His colour, or null.</param>
/// <param name="Logo">Where his logo is: a path at the pages' origin, another one for each picture. Or null.</param>
/// <param name="OverPayments">
/// What is done with what comes beyond a payment session's price: <c>keep</c>, <c>refund</c> or <c>hold</c>.
/// </param>
/// <param name="LatePayments">What is done with what comes after its end: <c>accept</c>, <c>refund</c> or <c>hold</c>.</param>
/// <param name="RequireSignedRequests">Whether what API keys ask for that moves money must be signed.</param>
/// <param name="Tier">0 to 3: what fees he pays and how often he may ask.</param>
/// <param name="CreatedAt">When he was registered.</param>
/// <param name="UpdatedAt">When he was changed last.</param>
/// <param name="ApprovedAt">When an administrator approved of him, or null.</param>
/// <param name="SuspendedAt">Since when he is suspended, or null.</param>
internal sealed record MerchantJson(
    string Object, string Id, string Mode, string Status, string? Role, string BusinessName, string Email, bool EmailConfirmed,
    string Country, string StatementDescriptor, string? Website, string? BusinessType, string? RegistrationNumber, string? BrandColor,
    string? Logo, string OverPayments, string LatePayments, bool RequireSignedRequests, int Tier, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? ApprovedAt, DateTimeOffset? SuspendedAt)
{
    public static MerchantJson Of(Merchant merchant) => new(
        "merchant", merchant.Id.Value, MerchantMode.NameOf(merchant.IsLive), MerchantStatuses.NameOf(merchant.Status), merchant.Role,
        merchant.BusinessName, merchant.Email, merchant.EmailConfirmed, merchant.Country, merchant.StatementDescriptor, merchant.Website,
        merchant.BusinessType, merchant.RegistrationNumber, merchant.BrandColor, LogoFiles.PathOf(merchant.Logo), merchant.OverPayments,
        merchant.LatePayments, merchant.RequireSignedRequests, merchant.Tier, merchant.CreatedAt,
        merchant.UpdatedAt, merchant.ApprovedAt, merchant.SuspendedAt);
}

/// <summary>What everybody may know of a merchant who has one of his publishable keys.</summary>
/// <param name="Object">Always <c>merchant_facts</c>.</param>
/// <param name="Id">His id, <c>mer_…</c>.</param>
/// <param name="Mode"><c>live</c>, where payments are real, or <c>test</c>.</param>
/// <param name="BusinessName">What he is called.</param>
/// <param name="Country">Where he is, ISO 3166.</param>
/// <param name="Website">His website, or null.</param>
/// <param name="BrandColor">His colour, or null.</param>
/// <param name="Logo">Where his logo is: a path at the pages' origin, another one for each picture. Or null.</param>
internal sealed record MerchantFactsJson(
    string Object, string Id, string Mode, string BusinessName, string Country, string? Website, string? BrandColor, string? Logo)
{
    public static MerchantFactsJson Of(Merchant merchant) => new(
        "merchant_facts", merchant.Id.Value, MerchantMode.NameOf(merchant.IsLive), merchant.BusinessName, merchant.Country,
        merchant.Website, merchant.BrandColor, LogoFiles.PathOf(merchant.Logo));
}
