using Microsoft.Extensions.Logging;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Sep2;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Wallets;

/// <summary>Whether a wallet may pay somebody now. Asked before a quote is given, and again before anything is signed.</summary>
internal sealed partial class WalletCompliance(IDenyList denyList, ILogger<WalletCompliance> logger)
{
    /// <summary>The code of <see cref="Frozen"/>.</summary>
    public const string FrozenCode = "wallet_frozen";

    /// <summary>The wallet is frozen.</summary>
    public static Error Frozen { get; } = new(
        ErrorKind.Forbidden, FrozenCode, "This wallet is frozen and cannot pay at the moment. Please contact support.");

    // These two say no more than they must: whoever is on the list is not told so here.
    private static readonly Error RecipientDenied = new(
        ErrorKind.Refused, "recipient_denied", "This recipient cannot be paid from here.", "recipient");

    private static readonly Error PayerDenied = new(
        ErrorKind.Forbidden, "payer_denied", "This wallet cannot make payments. Please contact support.");

    private static readonly Error DenyListUnavailable = new(
        ErrorKind.Unavailable, "compliance_unavailable", "The payment cannot be checked at the moment. Please try again.");

    /// <summary>Why a wallet may pay nobody, or null.</summary>
    public async ValueTask<Error?> CheckPayerAsync(IWalletContext wallet, CancellationToken cancellationToken)
    {
        if (wallet.State.Frozen is not null)
        {
            return Frozen;
        }

        try
        {
            var payer = new PaymentParty(wallet.State.Address, UserId.Parse(wallet.State.Owner));
            return await denyList.IsDeniedAsync(payer, cancellationToken) ? PayerDenied : null;
        }
        catch (DenyListUnavailableException unavailable)
        {
            LogUnavailable(wallet.Key, unavailable.Message);
            return DenyListUnavailable;
        }
    }

    /// <summary>Why a recipient may not be paid, or null.</summary>
    public async ValueTask<Error?> CheckAsync(
        IWalletContext wallet, string destination, string recipient, CancellationToken cancellationToken)
    {
        if (await CheckPayerAsync(wallet, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        try
        {
            var domain = FederationAddress.TryParse(recipient, out var federated) ? federated.Domain : null;
            var payee = new PaymentParty(MuxedAccount.Parse(destination).AccountId.ToString(), Domain: domain);
            return await denyList.IsDeniedAsync(payee, cancellationToken) ? RecipientDenied : null;
        }
        catch (DenyListUnavailableException unavailable)
        {
            LogUnavailable(wallet.Key, unavailable.Message);
            return DenyListUnavailable;
        }
    }

    /// <summary>Why a payment may not be signed, or null.</summary>
    public async ValueTask<Error?> CheckAsync(IWalletContext wallet, PaymentRecord payment, CancellationToken cancellationToken) =>
        await CheckAsync(wallet, payment.Destination, payment.Recipient, cancellationToken)
        ?? QuoteRules.CheckFrozen(wallet.State, payment.ReservedAsset);

    [LoggerMessage(1505, LogLevel.Error, "Wallet {Wallet} cannot be told who may be paid: {Reason}")]
    private partial void LogUnavailable(string wallet, string reason);
}
