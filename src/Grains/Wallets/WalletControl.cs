using Microsoft.Extensions.Logging;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

/// <summary>What administrators do to a wallet. In its turns.</summary>
internal sealed partial class WalletControl(WalletLimitRules limits, ILogger<WalletControl> logger)
{
    /// <summary>The wallet as administrators are shown it.</summary>
    public Result<WalletControlView> View(IWalletContext wallet) => wallet.State is { Owner: { } owner } state
        ? new WalletControlView(
            wallet.Id,
            UserId.Parse(owner),
            state.ShownAddress,
            state.ShownStatus,
            state.Frozen?.At,
            state.Frozen is { } frozen ? UserId.Parse(frozen.By) : null,
            state.Frozen?.Reason,
            limits.View(wallet))
        : IWalletContext.NoSuchWallet;

    /// <summary>Lets the wallet pay no more; what waited to be signed fails.</summary>
    public async Task<Result<WalletControlView>> FreezeAsync(IWalletContext wallet, AdminOrder order)
    {
        if (wallet.State is { Owner: not null, Frozen: null } state)
        {
            state.Frozen = new FreezeRecord(wallet.Now, order.Admin.Value, order.Reason);
            foreach (var waiting in wallet.Book.Payments.Queued)
            {
                wallet.Book.Payments.Deny(waiting, WalletCompliance.Frozen.Code, wallet.Now);
            }

            wallet.Events.Raise(EventTypes.WalletFrozen);
            await wallet.SaveAsync();
            LogFrozen(wallet.Key, order.Admin.Value);
        }

        return View(wallet);
    }

    /// <summary>Lets the wallet pay again.</summary>
    public async Task<Result<WalletControlView>> UnfreezeAsync(IWalletContext wallet, AdminOrder order)
    {
        if (wallet.State.Frozen is not null)
        {
            wallet.State.Frozen = null;
            wallet.Events.Raise(EventTypes.WalletUnfrozen);
            await wallet.SaveAsync();
            LogUnfrozen(wallet.Key, order.Admin.Value);
        }

        return View(wallet);
    }

    /// <summary>Says how well the owner is known.</summary>
    public async Task<Result<WalletControlView>> SetTierAsync(IWalletContext wallet, AdminOrder order, int tier)
    {
        if (tier is < 0 or >= TierTable.Count)
        {
            return new Error(ErrorKind.InvalidRequest, "tier_invalid", $"'tier' is 0 to {TierTable.Count - 1}.", "tier");
        }

        if (wallet.State is { Owner: not null } state && state.Tier != tier)
        {
            state.Tier = tier;
            wallet.Events.Raise(EventTypes.WalletTierChanged);
            await wallet.SaveAsync();
            LogTier(wallet.Key, tier, order.Admin.Value);
        }

        return View(wallet);
    }

    /// <summary>Whether the owner has a second factor; what comes late changes nothing. False while there is no such wallet.</summary>
    public static async Task<bool> SetSecondFactorAsync(
        IWalletContext wallet, UserId owner, bool isSet, long version, DateTimeOffset? since)
    {
        if (!wallet.IsOwner(owner))
        {
            return false;
        }

        var known = wallet.State.SecondFactor;
        if (version > (known?.Version ?? 0))
        {
            // Of one that he set up anew nothing has been paid.
            var kept = known?.IsSet == isSet ? known : new SecondFactorRecord();
            (kept.IsSet, kept.Version, kept.Since) = (isSet, version, since?.ToUniversalTime());
            wallet.State.SecondFactor = kept;
            await wallet.SaveAsync();
        }

        return true;
    }

    [LoggerMessage(1501, LogLevel.Warning, "Wallet {Wallet} was frozen by {Admin}.")]
    private partial void LogFrozen(string wallet, string admin);

    [LoggerMessage(1502, LogLevel.Warning, "Wallet {Wallet} was unfrozen by {Admin}.")]
    private partial void LogUnfrozen(string wallet, string admin);

    [LoggerMessage(1503, LogLevel.Information, "The owner of wallet {Wallet} is of tier {Tier} now; {Admin} said so.")]
    private partial void LogTier(string wallet, int tier, string admin);
}
