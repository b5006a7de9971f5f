using Microsoft.Extensions.Logging;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Events;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

// Another key becomes the account's signer. Both seeds are stored from before the transaction until it is decided, so
// that whichever of them the ledger wants is there.
internal sealed partial class WalletGrain : IWalletKeysGrain
{
    private const string KeySubject = "key_";
    private const int MaxKeyChangeTries = 3;

    private string Signer => State.Key!.PublicKey;

    public Task<Result<WalletKeyView>> GetKeyAsync(UserId caller)
    {
        RequireSound();
        return Task.FromResult<Result<WalletKeyView>>(IsOwner(caller) ? KeyView() : NoSuchWallet);
    }

    public async Task<Result<WalletKeyView>> RotateKeyAsync(UserId caller, CancellationToken cancellationToken = default)
    {
        RequireSound();
        return IsOwner(caller) ? await ChangeKeyAsync(caller.Value, cancellationToken) : NoSuchWallet;
    }

    public async Task<Result<WalletKeyView>> RotateKeyByAdminAsync(AdminOrder order)
    {
        RequireSound();
        return State.Owner is null ? NoSuchWallet : await ChangeKeyAsync(order.Admin.Value, CancellationToken.None);
    }

    private static bool IsKeyChange(FlightRecord flight) =>
        flight.Operations is [var first, ..] && first.Subject.StartsWith(KeySubject, StringComparison.Ordinal);

    private WalletKeyView KeyView() => new(State.Key!.Version, Signer, State.NextKey is not null);

    private async Task<Result<WalletKeyView>> ChangeKeyAsync(string who, CancellationToken cancellationToken)
    {
        if (State.Status != WalletStatus.Active)
        {
            return NotActive();
        }

        if (State.NextKey is null)
        {
            EncryptedSeed next;
            try
            {
                next = await services.Cipher.CreateAsync(GrainKey, State.Key!.Version + 1, cancellationToken);
            }
            catch (KeyEncryptionUnavailableException unavailable)
            {
                LogKeyChangeWaits(GrainKey, unavailable.Message);
                return new Error(ErrorKind.Unavailable, "keys_unavailable",
                    "A key cannot be made at the moment. Nothing was changed. Please try again.");
            }

            (State.NextKey, State.KeyChangeTries) = (next, 0);
            _events.Raise(EventTypes.WalletKeyRotating);
            await SaveAsync();
            LogKeyChangeBegins(GrainKey, who, next.PublicKey);
            await services.Faults.HitAsync(FaultPoint.KeyStored, GrainKey);
            StartNext();
        }

        return KeyView();
    }

    private async Task<bool> StartKeyChangeAsync(EncryptedSeed next, SigningFacts facts)
    {
        if (facts.Sponsor is not { } sponsor)
        {
            WakeSoon();
            return false;
        }

        var plan = new FlightPlan(Stellar.Xdr.Memo.None, [
            .. KeyChange.Of(State.Address, sponsor, Signer, next.PublicKey)
                .Select(operation => new PlannedOperation($"{KeySubject}{next.Version}", operation)),
        ]);
        var signing = await SignAsync($"{KeySubject}{next.Version}", plan, facts, CancellationToken.None);
        if (!signing.IsSuccess)
        {
            LogKeyChangeWaits(GrainKey, signing.Error.Message);
            WakeSoon();
            return false;
        }

        var flight = signing.Value;
        State.Flight = flight;
        State.SequenceNumber = flight.SequenceNumber;
        await SaveAsync();
        await services.Faults.HitAsync(FaultPoint.KeySigned, GrainKey);
        Drive(flight, sentBefore: false);
        return true;
    }

    // The ledger has decided which key signs. The next write destroys the seed of the other.
    private void EndKeyChange(FlightRecord flight, bool landed, string? code = null)
    {
        if (!IsKeyChange(flight) || State.NextKey is not { } next)
        {
            return;
        }

        if (landed)
        {
            services.Cipher.Forget(State.Key!);
            (State.Key, State.NextKey, State.KeyChangeTries) = (next, null, null);
            _events.Raise(EventTypes.WalletKeyRotated);
            LogKeyChanged(GrainKey, next.Version, next.PublicKey);
        }
        else if ((State.KeyChangeTries = (State.KeyChangeTries ?? 0) + 1) >= MaxKeyChangeTries)
        {
            // None of the transactions can be applied any more, so the new key signs nothing.
            services.Cipher.Forget(next);
            (State.NextKey, State.KeyChangeTries) = (null, null);
            _events.Raise(EventTypes.WalletKeyRotationFailed);
            LogKeyChangeFailed(GrainKey, code);
        }
    }

    [LoggerMessage(1620, LogLevel.Information, "Wallet {Wallet}: {Who} has its key replaced by {PublicKey}.")]
    private partial void LogKeyChangeBegins(string wallet, string who, string publicKey);

    [LoggerMessage(1621, LogLevel.Information, "Wallet {Wallet} signs with key {Version}, {PublicKey}; the seed of the one before is destroyed.")]
    private partial void LogKeyChanged(string wallet, int version, string publicKey);

    [LoggerMessage(1622, LogLevel.Warning, "The replacement of the key of wallet {Wallet} waits: {Reason}")]
    private partial void LogKeyChangeWaits(string wallet, string reason);

    [LoggerMessage(1623, LogLevel.Error, "The key of wallet {Wallet} could not be replaced ({Code}); the present one stays.")]
    private partial void LogKeyChangeFailed(string wallet, string? code);
}
