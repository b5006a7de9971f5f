using Microsoft.Extensions.Logging;
using StellarPay.Grains.Events;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    public async Task<Result<WalletView>> OpenAsync(UserId owner, CancellationToken cancellationToken = default)
    {
        RequireSound();
        if (WalletId.Of(owner).Value != _key)
        {
            return NoSuchWallet;
        }

        if (State.Owner is null)
        {
            var seed = await services.Cipher.CreateAsync(_key, cancellationToken);
            State.Owner = owner.Value;
            State.Address = seed.PublicKey;
            State.Key = seed;
            State.Status = WalletStatus.Opening;
            _events.Raise(EventTypes.WalletOpened);
            var joining = _joining = new CancellationTokenSource();
            await SaveAsync();
            LogOpened(_key, State.Address);
            // Of an address that was made this moment, the ledger can know nothing.
            var request = new OpeningRequest(State.Address, Create: true, services.Network.Assets);
            RunBeside(() => JoinAsync(joining, request));
        }

        return View();
    }

    public async Task<Result<WalletView>> FundFromFriendbotAsync(
        UserId caller, CancellationToken cancellationToken = default)
    {
        RequireSound();
        if (!IsOwner(caller))
        {
            return NoSuchWallet;
        }

        if (!services.Network.Friendbot)
        {
            return new Error(ErrorKind.Refused, "friendbot_unavailable", "This network has no friendbot.");
        }

        if (State.Status != WalletStatus.Active)
        {
            return NotActive();
        }

        try
        {
            var funded = await services.Gateway.FundAsync(State.Address, cancellationToken);
            return funded.IsSuccess ? View() : funded.Error;
        }
        catch (NetworkUnavailableException unavailable)
        {
            return Unavailable(unavailable);
        }
    }

    // One step towards an account on the ledger. Whatever is missing is tried again in a second.
    private async Task ContinueOpeningAsync()
    {
        if (IsAttended)
        {
            return;
        }

        try
        {
            var account = await services.Gateway.GetAccountAsync(State.Address, CancellationToken.None);
            if (!await TryActivateAsync(account))
            {
                StartJoining(new OpeningRequest(State.Address, account is null, [.. Missing(account)]));
            }
        }
        catch (NetworkUnavailableException unavailable)
        {
            LogOpeningDelayed(_key, unavailable.Message);
            WakeSoon();
        }
    }

    private IEnumerable<string> Missing(NetworkAccount? account) =>
        services.Network.Assets.Except(account?.Trustlines.Select(t => t.Asset) ?? [], StringComparer.Ordinal);

    // Whatever made the account: what counts is that the ledger has it, with the trustlines.
    private async Task<bool> TryActivateAsync(NetworkAccount? account)
    {
        if (account is null || Missing(account).Any())
        {
            return false;
        }

        // Before anyone is told of the account.
        await services.AddressBook.RegisterAsync(State.Address, Id, CancellationToken.None);
        Activate(account.Sequence);
        // What others set aside before anybody listened.
        State.SweepAt = Now;
        await SaveAsync();
        LogActivated(_key, State.Address);
        return true;
    }

    private void Activate(long sequenceNumber)
    {
        State.Status = WalletStatus.Active;
        State.SequenceNumber = sequenceNumber;
        StopJoining();
        _retry?.Cancel();
        _events.Raise(EventTypes.WalletActivated);
    }

    private static Error NotActive() =>
        new(ErrorKind.Conflict, "wallet_not_active", "The wallet is still being opened. Please try again in a moment.");

    private Error Unavailable(NetworkUnavailableException exception)
    {
        LogNetworkUnavailable(_key, exception.Message);
        return new Error(ErrorKind.Unavailable, "network_unavailable",
            "The Stellar network does not answer at the moment. Nothing was changed. Please try again.");
    }

    [LoggerMessage(1020, LogLevel.Information, "Wallet {Wallet} has the address {Address}; its account is being created.")]
    private partial void LogOpened(string wallet, string address);

    [LoggerMessage(1021, LogLevel.Information, "Wallet {Wallet} is active: the ledger has {Address}.")]
    private partial void LogActivated(string wallet, string address);

    [LoggerMessage(1022, LogLevel.Debug, "Opening of wallet {Wallet} waits: {Reason}")]
    private partial void LogOpeningDelayed(string wallet, string reason);

    [LoggerMessage(1024, LogLevel.Warning, "Wallet {Wallet}: {Reason}")]
    private partial void LogNetworkUnavailable(string wallet, string reason);
}
