using System.ComponentModel.DataAnnotations;

namespace StellarPay.Frontdoor.Merchants;

/// <summary>How many merchants, keys and people there may be. Section <c>StellarPay:Merchants</c>.</summary>
internal sealed class MerchantOptions
{
    public const string Section = "StellarPay:Merchants";

    /// <summary>Merchants that one user may register.</summary>
    [Range(1, 1000, ErrorMessage = "StellarPay:Merchants:PerUser must be from 1 to 1000.")]
    public int PerUser { get; set; } = 10;

    /// <summary>Keys that a merchant may have, those that were revoked not counted.</summary>
    [Range(1, 1000, ErrorMessage = "StellarPay:Merchants:KeysPerMerchant must be from 1 to 1000.")]
    public int KeysPerMerchant { get; set; } = 50;

    /// <summary>People that a merchant may have, those who are invited counted too.</summary>
    [Range(1, 1000, ErrorMessage = "StellarPay:Merchants:PeoplePerMerchant must be from 1 to 1000.")]
    public int PeoplePerMerchant { get; set; } = 50;

    /// <summary>After how many days a key that was not exchanged is reported.</summary>
    [Range(1, 3650, ErrorMessage = "StellarPay:Merchants:KeyReportDays must be from 1 to 3650.")]
    public int KeyReportDays { get; set; } = 90;

    public TimeSpan KeyReportAfter => TimeSpan.FromDays(KeyReportDays);
}
