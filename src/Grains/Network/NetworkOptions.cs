using System.ComponentModel.DataAnnotations;
using StellarPay.Stellar;

namespace StellarPay.Grains.Network;

/// <summary>Which Stellar network the grains are on, and how they deal with it.</summary>
public sealed class NetworkOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Network";

    /// <summary>The network's passphrase, which every signature covers.</summary>
    [Required(ErrorMessage = "Network:Passphrase is missing: the passphrase of the Stellar network.")]
    public string Passphrase { get; set; } = "";

    /// <summary>Whether money here is money: on the public network, or where a test's network is to be taken for it.</summary>
    public bool IsLive => Live ?? Passphrase == StellarNetwork.Public.Passphrase;

    /// <summary>Overrides <see cref="IsLive"/>, for a sandbox that is to be as strict as the public network. Null for what the passphrase says.</summary>
    public bool? Live { get; set; }

    /// <summary>The issued assets that every wallet trusts (<c>CODE:ISSUER</c>), beside XLM.</summary>
    [Required(ErrorMessage = "Network:Assets is missing: the assets that wallets hold, such as USDC:G….")]
    [Length(1, 10, ErrorMessage = "Network:Assets must name 1 to 10 assets.")]
    public string[] Assets { get; set; } = [];

    /// <summary>Accounts whose payments to the platform's accounts are the platform's own money, such as friendbot's.</summary>
    public string[] FundingSources { get; set; } = [];

    /// <summary>Whether the network has a friendbot, which only test networks do.</summary>
    public bool Friendbot { get; set; }

    /// <summary>The most that is bid for each operation, in stroops. The network takes less unless it is full.</summary>
    [Range(100, 1_000_000, ErrorMessage = "Network:FeeBidStroops must be 100 to 1000000.")]
    public int FeeBidStroops { get; set; } = 1_000;

    /// <summary>How long after the latest ledger a payment may still be applied, in seconds.</summary>
    [Range(30, 3_600, ErrorMessage = "Network:PaymentValidSeconds must be 30 to 3600.")]
    public int PaymentValidSeconds { get; set; } = 300;

    /// <summary>How long after the latest ledger an account may still be created, in seconds.</summary>
    [Range(10, 3_600, ErrorMessage = "Network:OpeningValidSeconds must be 10 to 3600.")]
    public int OpeningValidSeconds { get; set; } = 60;

    /// <summary>
    /// How long a transaction that the network has is left alone before the ledger is asked for it, in milliseconds.
    /// Usually the ledger's operation arrives before; later looks come at growing intervals.
    /// </summary>
    [Range(10, 60_000, ErrorMessage = "Network:FirstLookMilliseconds must be 10 to 60000.")]
    public int FirstLookMilliseconds { get; set; } = 2_000;

    /// <summary>
    /// How many questions a minute one wallet's user may have the network asked, by quotes, confirmations of paths and traces.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "Network:QuestionsPerWallet must be 1 to 1000000 a minute.")]
    public int QuestionsPerWallet { get; set; } = 60;

    /// <summary>
    /// How many questions a minute one merchant may have the network asked about payers whom he refunds, at each silo. A refund asks for
    /// 50 payers at most.
    /// </summary>
    [Range(50, 1_000_000, ErrorMessage = "Network:QuestionsPerMerchant must be 50 to 1000000 a minute.")]
    public int QuestionsPerMerchant { get; set; } = 300;

    /// <summary>Where the follower begins on its first start: at the network's beginning, or at its end.</summary>
    [RegularExpression("0|now", ErrorMessage = "Network:StartCursor must be '0' or 'now'.")]
    public string StartCursor { get; set; } = "0";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => FundingSources
        .Where(source => !AccountId.TryParse(source, out _))
        .Select(source => new ValidationResult(
            $"Network:FundingSources names '{source}', which is no account's address: G and 55 more characters.", [nameof(FundingSources)]));
}
