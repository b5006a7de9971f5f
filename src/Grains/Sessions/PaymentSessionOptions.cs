using System.ComponentModel.DataAnnotations;

namespace StellarPay.Grains.Sessions;

/// <summary>How payment sessions are priced.</summary>
public sealed class PaymentSessionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:PaymentSessions";

    /// <summary>
    /// By how much less than its rate an asset counts that is not the price's own currency, in hundredths of a percent: who pays in it
    /// bears
    /// what changing it costs.
    /// </summary>
    [Range(0, 1_000, ErrorMessage = "StellarPay:PaymentSessions:SpreadBasisPoints must be 0 to 1000.")]
    public int SpreadBasisPoints { get; set; }

    /// <summary>
    /// For how many seconds at most the price in an asset holds whose worth in the price's currency changes: a price is an option that is
    /// given away.
    /// </summary>
    [Range(60, 3_600, ErrorMessage = "StellarPay:PaymentSessions:VolatileSeconds must be 60 to 3600.")]
    public int VolatileSeconds { get; set; } = 900;

    /// <summary>The currency to which the network's first asset is pegged, an ISO 4217 code.</summary>
    [RegularExpression("[A-Z]{3}", ErrorMessage = "StellarPay:PaymentSessions:PeggedTo must be an ISO 4217 code in capitals.")]
    public string PeggedTo { get; set; } = "USD";
}
