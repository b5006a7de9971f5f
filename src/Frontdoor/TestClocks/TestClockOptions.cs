using System.ComponentModel.DataAnnotations;

namespace StellarPay.Frontdoor.TestClocks;

/// <summary>Merchants' test clocks. Section <c>StellarPay:TestClocks</c>.</summary>
internal sealed class TestClockOptions
{
    public const string Section = "StellarPay:TestClocks";

    /// <summary>How many clocks a merchant may have, those that are being deleted among them.</summary>
    [Range(1, 1_000, ErrorMessage = "StellarPay:TestClocks:ClocksPerMerchant must be from 1 to 1000.")]
    public int ClocksPerMerchant { get; set; } = 20;

    /// <summary>How many payment sessions may ever be made under one clock.</summary>
    [Range(1, 100_000, ErrorMessage = "StellarPay:TestClocks:SessionsPerClock must be from 1 to 100000.")]
    public int SessionsPerClock { get; set; } = 10_000;

    /// <summary>After how many days a clock is deleted by itself.</summary>
    [Range(1, 90, ErrorMessage = "StellarPay:TestClocks:KeptDays must be from 1 to 90.")]
    public int KeptDays { get; set; } = 30;
}
