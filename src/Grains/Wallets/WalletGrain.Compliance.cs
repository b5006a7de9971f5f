using Microsoft.Extensions.Logging;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Sep2;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    private static readonly Error WalletFrozen = new(
        ErrorKind.Forbidden, "wallet_frozen", "This wallet is frozen and cannot pay at the moment. Please contact support.");

    // These two say no more than they must: whoever is on the list is not told so here.
    private static readonly Error RecipientDenied = new(
        ErrorKind.Refused, "recipient_denied", "This recipient cannot be paid from here.", "recipient");

    private static readonly Error PayerDenied = new(
        ErrorKind.Forbidden, "payer_denied", "This wallet cannot make payments. Please contact support.");

    private static readonly Error DenyListUnavailable = new(
        ErrorKind.Unavailable, "compliance_unavailable", "The payment cannot be checked at the moment. Please try again.");

    public Task<Result<WalletControlView>> GetControlAsync()
    {
        RequireSound();
        return Task.FromResult(ControlView());
    }

    public async Task<Result<WalletControlView>> FreezeAsync(AdminOrder order)
    {
        RequireSound();
        if (State.Owner is not null && State.Frozen is null)
        {
            State.Frozen = new FreezeRecord(Now, order.Admin.Value, order.Reason);
            foreach (var waiting in _book.Queued)
            {
                _book.Deny(waiting, WalletFrozen.Code, Now);
            }

            _events.Raise(EventTypes.WalletFrozen);
            await SaveAsync();
            LogFrozen(GrainKey, order.Admin.Value);
        }

        return ControlView();
    }

    public async Task<Result<WalletControlView>> UnfreezeAsync(AdminOrder order)
    {
        RequireSound();
        if (State.Frozen is not null)
        {
            State.Frozen = null;
            _events.Raise(EventTypes.WalletUnfrozen);
            await SaveAsync();
            LogUnfrozen(GrainKey, order.Admin.Value);
        }

        return ControlView();
    }

    public async Task<Result<WalletControlView>> SetTierAsync(AdminOrder order, int tier)
    {
        RequireSound();
        if (tier is < 0 or >= TierTable.Count)
        {
            return new Error(ErrorKind.InvalidRequest, "tier_invalid", $"'tier' is 0 to {TierTable.Count - 1}.", "tier");
        }

        if (State.Owner is not null && State.Tier != tier)
        {
            State.Tier = tier;
            _events.Raise(EventTypes.WalletTierChanged);
            await SaveAsync();
            LogTier(GrainKey, tier, order.Admin.Value);
        }

        return ControlView();
    }

    // Whether this wallet may pay that recipient now. Asked before a quote is given, and again before anything is signed.
    private async ValueTask<Error?> CheckComplianceAsync(
        string destination, string recipient, CancellationToken cancellationToken)
    {
        if (State.Frozen is not null)
        {
            return WalletFrozen;
        }

        try
        {
            var payer = new PaymentParty(State.Address, UserId.Parse(State.Owner));
            if (await services.DenyList.IsDeniedAsync(payer, cancellationToken))
            {
                return PayerDenied;
            }

            var domain = FederationAddress.TryParse(recipient, out var federated) ? federated.Domain : null;
            var payee = new PaymentParty(MuxedAccount.Parse(destination).AccountId.ToString(), Domain: domain);
            return await services.DenyList.IsDeniedAsync(payee, cancellationToken) ? RecipientDenied : null;
        }
        catch (DenyListUnavailableException unavailable)
        {
            LogDenyListUnavailable(GrainKey, unavailable.Message);
            return DenyListUnavailable;
        }
    }

    private async ValueTask<Error?> CheckComplianceAsync(PaymentRecord payment, CancellationToken cancellationToken) =>
        await CheckComplianceAsync(payment.Destination, payment.Recipient, cancellationToken)
        ?? QuoteRules.CheckFrozen(State, payment.ReservedAsset);

    // Fails the waiting payments that may not be made any more, in one write. What nobody can tell at the moment waits on.
    private async Task<bool> DropDeniedAsync()
    {
        var unknown = false;
        var dropped = false;
        foreach (var waiting in _book.Queued)
        {
            switch (await CheckComplianceAsync(waiting, CancellationToken.None))
            {
                case null:
                    break;
                case { Kind: ErrorKind.Unavailable }:
                    unknown = true;
                    break;
                case { } refusal:
                    _book.Deny(waiting, refusal.Code, Now);
                    LogDenied(waiting.Id, refusal.Code);
                    dropped = true;
                    break;
            }
        }

        if (dropped)
        {
            await SaveAsync();
        }

        return !unknown;
    }

    private Result<WalletControlView> ControlView() => State.Owner is { } owner
        ? new WalletControlView(
            Id,
            UserId.Parse(owner),
            State.Address,
            State.ShownStatus,
            State.Frozen?.At,
            State.Frozen is { } frozen ? UserId.Parse(frozen.By) : null,
            State.Frozen?.Reason,
            LimitsView())
        : NoSuchWallet;

    [LoggerMessage(1501, LogLevel.Warning, "Wallet {Wallet} was frozen by {Admin}.")]
    private partial void LogFrozen(string wallet, string admin);

    [LoggerMessage(1502, LogLevel.Warning, "Wallet {Wallet} was unfrozen by {Admin}.")]
    private partial void LogUnfrozen(string wallet, string admin);

    [LoggerMessage(1503, LogLevel.Information, "The owner of wallet {Wallet} is of tier {Tier} now; {Admin} said so.")]
    private partial void LogTier(string wallet, int tier, string admin);

    [LoggerMessage(1504, LogLevel.Warning, "Payment {Payment} was refused before it was signed: {Code}.")]
    private partial void LogDenied(string payment, string code);

    [LoggerMessage(1505, LogLevel.Error, "Wallet {Wallet} cannot be told who may be paid: {Reason}")]
    private partial void LogDenyListUnavailable(string wallet, string reason);
}
