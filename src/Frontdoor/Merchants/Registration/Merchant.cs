using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Merchants.Registration;

/// <summary>A merchant, in clear.</summary>
/// <param name="Id">His id.</param>
/// <param name="IsLive">Whether payments to him are real.</param>
/// <param name="Status">How far he is.</param>
/// <param name="Tier">0 to 3: what fees he pays and how often he may ask.</param>
/// <param name="BusinessName">What he is called.</param>
/// <param name="Email">Where he is reached.</param>
/// <param name="EmailConfirmed">Whether that is proven.</param>
/// <param name="Country">Where he is.</param>
/// <param name="StatementDescriptor">What payers' statements say.</param>
/// <param name="Website">His website, or null.</param>
/// <param name="BusinessType">What kind of business, or null.</param>
/// <param name="RegistrationNumber">His number in a register, or null.</param>
/// <param name="BrandColor">His colour, or null.</param>
/// <param name="CreatedAt">When he was registered.</param>
/// <param name="UpdatedAt">When he was changed last.</param>
/// <param name="ApprovedAt">When an administrator approved of him, or null.</param>
/// <param name="SuspendedAt">Since when he is suspended, or null.</param>
/// <param name="OverPayments">keep, refund or hold: what is done with what comes beyond a session's price.</param>
/// <param name="LatePayments">accept, refund or hold: what is done with what comes after its end.</param>
/// <param name="RequireSignedRequests">Whether what keys ask for that moves money must be signed.</param>
/// <param name="Role">What he is to whom he was looked up for; null where for nobody.</param>
internal sealed record Merchant(
    MerchantId Id, bool IsLive, MerchantStatus Status, int Tier, string BusinessName, string Email, bool EmailConfirmed, string Country,
    string StatementDescriptor, string? Website, string? BusinessType, string? RegistrationNumber, string? BrandColor,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? ApprovedAt, DateTimeOffset? SuspendedAt,
    string OverPayments, string LatePayments, bool RequireSignedRequests, string? Role)
{
    /// <summary>What his logo's file is called, by what is in it; null for none.</summary>
    public string? Logo { get; init; }

    // What he is called and where he is reached does not belong into a log.
    public override string ToString() => Id.Value;
}
