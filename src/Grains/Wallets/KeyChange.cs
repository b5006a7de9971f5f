using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Events;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Results;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// Another key becomes the account's signer. Both seeds are stored from before the transaction until it is decided, so that
/// whichever of them the ledger wants is there.
/// </summary>
internal sealed partial class KeyChange(
    IWalletContext wallet, SeedCipher cipher, UserBudgets budgets, IFaultPoints faults, ILogger logger)
    : IAccountWork, ISubmissionParty
{
    private const string SubjectPrefix = "key_";
    private const int MaxTries = 3;

    private static readonly Error KeyUnavailable = new(ErrorKind.Unavailable, "keys_unavailable",
        "A key cannot be made at the moment. Nothing was changed. Please try again.");

    public bool Waits => wallet.State.NextKey is not null;

    public bool NeedsSponsor => true;

    /// <summary>Which key signs. The first is the address, which is told to nobody before the account is wanted.</summary>
    public Result<WalletKeyView> Show() =>
        wallet.State.Status == WalletStatus.Unopened ? IWalletContext.Unconfirmed : View();

    /// <summary>
    /// Has the present key replaced; nothing new where that is under way. Beside the turns: the keeper of keys may take its time.
    /// </summary>
    public async Task<Result<WalletKeyView>> BeginAsync(string who, CancellationToken cancellationToken)
    {
        var version = await wallet.InTurnAsync(() => Task.FromResult(NextVersion(who)));
        if (!version.IsSuccess)
        {
            return version.Error;
        }

        if (version.Value is not { } next)
        {
            return await wallet.InTurnAsync(() => Task.FromResult<Result<WalletKeyView>>(View()));
        }

        try
        {
            var made = await cipher.CreateAsync(wallet.Key, next, cancellationToken);
            return await wallet.InTurnAsync(() => StoreAsync(who, made));
        }
        catch (KeyEncryptionUnavailableException unavailable)
        {
            LogWaits(wallet.Key, unavailable.Message);
            return KeyUnavailable;
        }
    }

    private WalletKeyView View() =>
        new(wallet.State.Key!.Version, wallet.State.Key.PublicKey, wallet.State.NextKey is not null);

    // Which the key that is to be made will be; null where there is one.
    private Result<int?> NextVersion(string who)
    {
        if (IWalletContext.CheckActive(wallet.State) is { } refusal)
        {
            return refusal;
        }

        if (wallet.State.NextKey is not null)
        {
            return default(int?);
        }

        return IsOwner(who) && budgets.CheckKeyChange(wallet.State, wallet.Now) is { } used ? used : wallet.State.Key!.Version + 1;
    }

    // An administrator's orders count against nobody's day.
    private bool IsOwner(string who) => who == wallet.State.Owner;

    private async Task<Result<WalletKeyView>> StoreAsync(string who, EncryptedSeed made)
    {
        var state = wallet.State;
        // It may have begun to close while the key was made: the key of an account that is given up must stay, or it opens no more.
        if (IWalletContext.CheckActive(state) is { } notActive)
        {
            cipher.Forget(made);
            return notActive;
        }

        // Another may have been made while this one was.
        if (state.NextKey is null && state.Key!.Version + 1 == made.Version)
        {
            (state.NextKey, state.KeyChangeTries) = (made, 0);
            if (IsOwner(who))
            {
                UserDay.Count(state, wallet.Now).KeyChanges++;
            }

            wallet.Events.Raise(EventTypes.WalletKeyRotating);
            await wallet.SaveAsync();
            LogBegins(wallet.Key, who, made.PublicKey);
            await faults.HitAsync(FaultPoint.KeyStored, wallet.Key);
            wallet.Engine.StartNext();
        }
        else
        {
            cipher.Forget(made);
        }

        return View();
    }

    public Task<Result<SubmissionPlan>?> PlanAsync(SigningFacts facts)
    {
        var next = wallet.State.NextKey!;
        var subject = $"{SubjectPrefix}{next.Version}";
        return Task.FromResult<Result<SubmissionPlan>?>(facts.Sponsor is { } sponsor
            ? new SubmissionPlan(
                Memo.None,
                [
                    .. SignerChange.Of(wallet.State.Address, sponsor, wallet.State.Key!.PublicKey, next.PublicKey)
                        .Select(operation => new PlannedOperation(subject, operation)),
                ],
                subject)
            // What was fetched was for something else; it is fetched again.
            : SigningFactsReader.KeysUnavailable);
    }

    /// <summary>Whether a transaction is to replace the key.</summary>
    public static bool IsIn(Submission submission) =>
        submission.Operations is [var first, ..] && first.Subject.StartsWith(SubjectPrefix, StringComparison.Ordinal);

    public void Signed(Submission submission)
    {
    }

    /// <summary>The new key signs. The next write destroys the seed of the old one.</summary>
    public void Landed(Submission submission, Landing landing)
    {
        var state = wallet.State;
        if (IsIn(submission) && state.NextKey is { } next)
        {
            cipher.Forget(state.Key!);
            (state.Key, state.NextKey, state.KeyChangeTries) = (next, null, null);
            wallet.Events.Raise(EventTypes.WalletKeyRotated);
            LogChanged(wallet.Key, next.Version, next.PublicKey);
        }
    }

    /// <summary>The present key stays for now; after some tries for good.</summary>
    public void Refused(Submission submission, Refusal refusal)
    {
        var state = wallet.State;
        if (!refusal.Unpaid && IsIn(submission) && state.NextKey is { } next
            && (state.KeyChangeTries = (state.KeyChangeTries ?? 0) + 1) >= MaxTries)
        {
            // None of the transactions can be applied any more, so the new key signs nothing.
            cipher.Forget(next);
            (state.NextKey, state.KeyChangeTries) = (null, null);
            wallet.Events.Raise(EventTypes.WalletKeyRotationFailed);
            LogFailed(wallet.Key, refusal.Code);
        }
    }

    [LoggerMessage(1620, LogLevel.Information, "Wallet {Wallet}: {Who} has its key replaced by {PublicKey}.")]
    private partial void LogBegins(string wallet, string who, string publicKey);

    [LoggerMessage(1621, LogLevel.Information, "Wallet {Wallet} signs with key {Version}, {PublicKey}; the seed of the one before is destroyed.")]
    private partial void LogChanged(string wallet, int version, string publicKey);

    [LoggerMessage(1622, LogLevel.Warning, "The replacement of the key of wallet {Wallet} waits: {Reason}")]
    private partial void LogWaits(string wallet, string reason);

    [LoggerMessage(1623, LogLevel.Error, "The key of wallet {Wallet} could not be replaced ({Code}); the present one stays.")]
    private partial void LogFailed(string wallet, string? code);
}
