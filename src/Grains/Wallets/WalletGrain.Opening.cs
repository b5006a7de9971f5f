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
    // Whether this activation has registered the address and seen that the account is not there yet: while it waits for
    // a sponsor it need not ask again every second.
    private bool _knownToBeMissing;

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
            await SaveAsync();
            LogOpened(_key, State.Address);
            RunBeside(WakeSelfAsync);
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
        if (IsDriving)
        {
            return;
        }

        if (State.Opening is { } opening)
        {
            DriveOpening(opening, sentBefore: true);
            return;
        }

        try
        {
            if (!_knownToBeMissing)
            {
                // Before the account can be on the ledger: so that the follower knows it from its first operation on.
                await services.AddressBook.RegisterAsync(State.Address, Id, CancellationToken.None);
                if (await TryActivateAsync())
                {
                    return;
                }

                _knownToBeMissing = true;
            }

            await LeaseAsync();
        }
        catch (Exception unavailable) when (unavailable is NetworkUnavailableException or KeyEncryptionUnavailableException)
        {
            LogOpeningDelayed(_key, unavailable.Message);
            WakeSoon();
        }
    }

    private async Task LeaseAsync()
    {
        if (await services.Gate.CheckAsync(CancellationToken.None) is { } halted)
        {
            LogOpeningDelayed(_key, halted.Message);
            WakeSoon();
            return;
        }

        var sponsorKey = PlatformKeys.SponsorOf(_key, services.Platform);
        var lease = await GrainFactory.GetGrain<ISponsorGrain>(sponsorKey).LeaseAsync(State.Address);
        if (!lease.IsSuccess)
        {
            LogOpeningDelayed(_key, lease.Error.Message);
            WakeSoon();
            return;
        }

        var unsigned = services.Transactions.Read(lease.Value.Envelope);
        var signature = await services.Cipher.SignAsync(
            _key, State.Key!, unsigned.Hash, $"wallet.open {_key}", CancellationToken.None);
        State.Opening = new OpeningRecord(
            services.Transactions.AddSignature(unsigned, State.Address, signature), lease.Value.TransactionHash,
            lease.Value.MaxTime, sponsorKey, unsigned.Source, unsigned.SequenceNumber);
        await SaveAsync();
        await services.Faults.HitAsync(FaultPoint.OpeningSigned, _key);
        DriveOpening(State.Opening, sentBefore: false);
    }

    private void DriveOpening(OpeningRecord opening, bool sentBefore) =>
        Drive(
            new SignedTransaction(
                opening.Source, opening.Envelope, opening.Hash, opening.SequenceNumber, opening.MaxTime),
            sentBefore, faultPoint: null);

    private async Task AdvanceOpeningAsync(OpeningRecord opening, SubmissionReport report)
    {
        if (report.Outcome is not (SubmissionOutcome.Succeeded or SubmissionOutcome.Terminal))
        {
            return;
        }

        // A release is by hash; should the write after it fail, the next activation releases again.
        await GrainFactory.GetGrain<ISponsorGrain>(opening.SponsorKey).ReleaseAsync(opening.Hash);
        if (report.Outcome == SubmissionOutcome.Terminal)
        {
            LogOpeningRefused(_key, opening.Hash, report.Code);
        }

        State.Opening = null;
        _knownToBeMissing = false;
        try
        {
            if (await TryActivateAsync())
            {
                return;
            }
        }
        catch (NetworkUnavailableException unavailable)
        {
            LogOpeningDelayed(_key, unavailable.Message);
        }

        await SaveAsync();
        WakeSoon();
    }

    // Whatever made the account: what counts is that the ledger has it, with the trustlines.
    private async Task<bool> TryActivateAsync()
    {
        var account = await services.Gateway.GetAccountAsync(State.Address, CancellationToken.None);
        var trusted = account?.Trustlines.Select(t => t.Asset).ToHashSet(StringComparer.Ordinal) ?? [];
        if (account is null || !services.Network.Assets.All(trusted.Contains))
        {
            return false;
        }

        State.Status = WalletStatus.Active;
        State.Opening = null;
        State.SequenceNumber = account.Sequence;
        _events.Raise(EventTypes.WalletActivated);
        await SaveAsync();
        LogActivated(_key, State.Address);
        return true;
    }

    private async Task WakeSelfAsync()
    {
        try
        {
            await Self.WakeAsync();
        }
        catch (Exception exception)
        {
            LogWakeFailed(exception, _key);
        }
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

    [LoggerMessage(1023, LogLevel.Warning, "Opening of wallet {Wallet}: transaction {Hash} was refused ({Code}); a new one follows.")]
    private partial void LogOpeningRefused(string wallet, string hash, string? code);

    [LoggerMessage(1024, LogLevel.Warning, "Wallet {Wallet}: {Reason}")]
    private partial void LogNetworkUnavailable(string wallet, string reason);
}
