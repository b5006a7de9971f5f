using System.ComponentModel.DataAnnotations;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>
/// What accounts of sessions' own may cost: how many a merchant has opened in a day (UTC), by his tier, for each locks the platform's XLM;
/// and how many transactions they make.
/// </summary>
public sealed class PaymentAddressOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:PaymentAddresses";

    /// <summary>Of whoever nobody has spoken with.</summary>
    [Range(0, 1_000_000, ErrorMessage = "StellarPay:PaymentAddresses:Tier0 must be 0 to 1000000.")]
    public int Tier0 { get; set; } = 20;

    /// <summary>Of the second tier.</summary>
    [Range(0, 1_000_000, ErrorMessage = "StellarPay:PaymentAddresses:Tier1 must be 0 to 1000000.")]
    public int Tier1 { get; set; } = 100;

    /// <summary>Of the third.</summary>
    [Range(0, 1_000_000, ErrorMessage = "StellarPay:PaymentAddresses:Tier2 must be 0 to 1000000.")]
    public int Tier2 { get; set; } = 400;

    /// <summary>Of the one with the lowest fees.</summary>
    [Range(0, 1_000_000, ErrorMessage = "StellarPay:PaymentAddresses:Tier3 must be 0 to 1000000.")]
    public int Tier3 { get; set; } = 1_000;

    /// <summary>How many minutes a session must have left for an account to be opened for it: people must read, log in and pay.</summary>
    [Range(1, 60, ErrorMessage = "StellarPay:PaymentAddresses:LeastMinutes must be 1 to 60.")]
    public int LeastMinutes { get; set; } = 10;

    /// <summary>How many transactions to its merchant an account makes in a day (UTC); half of them for less than payers send.</summary>
    [Range(2, 1_000, ErrorMessage = "StellarPay:PaymentAddresses:SweepsPerDay must be 2 to 1000.")]
    public int SweepsPerDay { get; set; } = 50;

    /// <summary>How many all accounts of a merchant's sessions make in a day, for each account that it may have opened in one.</summary>
    [Range(2, 100, ErrorMessage = "StellarPay:PaymentAddresses:SweepsPerOpening must be 2 to 100.")]
    public int SweepsPerOpening { get; set; } = 4;

    /// <summary>The most stroops of XLM that are bid for a transaction to a merchant; a tenth of it for less than payers send.</summary>
    [Range(1_000, 100_000_000, ErrorMessage = "StellarPay:PaymentAddresses:MostFeeStroops must be 1000 to 100000000.")]
    public int MostFeeStroops { get; set; } = 1_000_000;

    /// <summary>
    /// How many transactions all accounts of a merchant's sessions make in a day. Some also where none may be opened any more.
    /// </summary>
    public int SweepsPerDayOf(int tier)
    {
        const int Fewest = 25;
        return SweepsPerOpening * Math.Max(Fewest, PerDayOf(tier));
    }

    /// <summary>How many a merchant of a tier has opened in a day.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such tier.</exception>
    public int PerDayOf(int tier) => tier switch
    {
        0 => Tier0,
        1 => Tier1,
        2 => Tier2,
        3 => Tier3,
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "There is no such tier."),
    };
}
