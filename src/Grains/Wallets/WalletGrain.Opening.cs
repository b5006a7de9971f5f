using Microsoft.Extensions.Logging;
using StellarPay.Grains.Events;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    private bool _asking;

    public async Task<Result<WalletView>> OpenAsync(UserId owner, CancellationToken cancellationToken = default)
    {
        RequireSound();
        if (WalletId.Of(owner).Value != GrainKey)
        {
            return NoSuchWallet;
        }

        if (State.Owner is null)
        {
            var seed = await services.Cipher.CreateAsync(GrainKey, cancellationToken);
            State.Owner = owner.Value;
            State.Address = seed.PublicKey;
            State.Key = seed;
            State.Status = WalletStatus.Opening;
            // In the statement that stores the key, before anybody is shown the address.
            ((IInboxState)State).Marks().Addresses.Add(new AddressMark(seed.PublicKey));
            _events.Raise(EventTypes.WalletOpened);
            var joining = _joining = new CancellationTokenSource();
            await SaveAsync();
            LogOpened(GrainKey, State.Address);
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

    // One step towards an account on the ledger, which is asked beside the turns. Whatever is missing is tried again in a second.
    private void ContinueOpening()
    {
        if (!IsAttended && !_asking)
        {
            _asking = true;
            RunBeside(AskForAccountAsync);
        }
    }

    private async Task AskForAccountAsync()
    {
        try
        {
            var account = await services.Gateway.GetAccountAsync(State.Address, CancellationToken.None);
            if (!await InTurnAsync(() => TryActivateAsync(account)))
            {
                StartJoining(new OpeningRequest(State.Address, account is null, [.. Missing(account)]));
            }
        }
        catch (Exception exception)
        {
            LogOpeningDelayed(GrainKey, exception.Message);
            WakeSoon();
        }
        finally
        {
            _asking = false;
        }
    }

    private IEnumerable<string> Missing(NetworkAccount? account) =>
        services.Network.Assets.Except(account?.Trustlines.Select(t => t.Asset) ?? [], StringComparer.Ordinal);

    // Whatever made the account: what counts is that the ledger has it, with the trustlines.
    private async Task<bool> TryActivateAsync(NetworkAccount? account)
    {
        if (State.Status != WalletStatus.Opening)
        {
            return true;
        }

        if (account is null || Missing(account).Any())
        {
            return false;
        }

        Activate(account.Sequence);
        // What others set aside before anybody listened.
        State.SweepAt = Now;
        await SaveAsync();
        LogActivated(GrainKey, State.Address);
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
        LogNetworkUnavailable(GrainKey, exception.Message);
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
