using System.ComponentModel.DataAnnotations;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Platform;

/// <summary>The platform's own accounts.</summary>
public sealed class PlatformOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "StellarPay:Platform";

    /// <summary>How many accounts create wallets' accounts, one at a time each.</summary>
    [Range(1, 100, ErrorMessage = "StellarPay:Platform:SponsorAccounts must be 1 to 100.")]
    public int SponsorAccounts { get; set; } = 8;

    /// <summary>How many accounts pay fees.</summary>
    [Range(1, 100, ErrorMessage = "StellarPay:Platform:FeeAccounts must be 1 to 100.")]
    public int FeeAccounts { get; set; } = 4;

    /// <summary>The most that a fee account pays for an operation, in stroops, whatever it is asked.</summary>
    [Range(100, 10_000_000, ErrorMessage = "StellarPay:Platform:MaxFeeStroopsPerOperation must be 100 to 10000000.")]
    public int MaxFeeStroopsPerOperation { get; set; } = 10_000;

    /// <summary>An account with less XLM than this is topped up by friendbot, or from the treasury where there is none.</summary>
    [Range(1, 1_000_000, ErrorMessage = "StellarPay:Platform:LowBalanceXlm must be 1 to 1000000.")]
    public int LowBalanceXlm { get; set; } = 100;

    /// <summary>What the treasury sends an account that is low, in XLM.</summary>
    [Range(10, 1_000_000, ErrorMessage = "StellarPay:Platform:TopUpXlm must be 10 to 1000000.")]
    public int TopUpXlm { get; set; } = 500;

    /// <summary>How long others pay for a fee account that had too little XLM, before it is asked again, in seconds.</summary>
    [Range(1, 3600, ErrorMessage = "StellarPay:Platform:EmptyFeeAccountSeconds must be 1 to 3600.")]
    public int EmptyFeeAccountSeconds { get; set; } = 60;

    /// <summary>
    /// Whether a platform account without a key gets one by itself; unset, on networks with a friendbot only. Where it does
    /// not, a silo whose accounts lack one does not start, and says so.
    /// </summary>
    public bool? GenerateKeys { get; set; }

    /// <summary>How often the head of the audit log is written to the ledger, in minutes.</summary>
    [Range(1, 10_080, ErrorMessage = "StellarPay:Platform:AuditAnchorMinutes must be 1 to 10080.")]
    public int AuditAnchorMinutes { get; set; } = 60;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // An account that is topped up would be low still, and topped up again for ever.
        if (TopUpXlm < LowBalanceXlm)
        {
            yield return new ValidationResult(
                "StellarPay:Platform:TopUpXlm must not be less than StellarPay:Platform:LowBalanceXlm.",
                [nameof(TopUpXlm), nameof(LowBalanceXlm)]);
        }
    }

    /// <summary>Whether keys are made by themselves on a network.</summary>
    public bool MayGenerateKeys(NetworkOptions network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return GenerateKeys ?? network.Friendbot;
    }

    /// <summary>The keys of the sponsor grains.</summary>
    public IEnumerable<string> SponsorKeys() => Enumerable.Range(0, SponsorAccounts).Select(PlatformKeys.Sponsor);

    /// <summary>The keys of the fee account grains.</summary>
    public IEnumerable<string> FeeAccountKeys() => Enumerable.Range(0, FeeAccounts).Select(PlatformKeys.FeeAccount);
}
