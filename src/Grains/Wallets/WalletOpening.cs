using Microsoft.Extensions.Logging;
using StellarPay.Grains.Accounts.Openings;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Sponsors;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// A wallet's key and account. The account is opened by a sponsor, together with others, beside the turns: that reads the
/// address and the key, which never change while the wallet is being opened, and writes nothing of the state. What comes of it,
/// the inbox tells, or a look at the ledger at the next wake-up.
/// </summary>
internal sealed partial class WalletOpening(
    IWalletContext wallet, OpeningServices services, TimeSpan resumeAfter, ILogger logger)
{
    private const int MaxDoublings = 6;

    private readonly SponsoredOpening _sponsored = new(wallet, () => wallet.State.Key!, "wallet", services, logger);
    private readonly WalletCreation _creation = new(wallet, services.Cipher);
    private CancellationTokenSource? _joining;
    private int _delays;
    private bool _asking;

    /// <summary>Whether a sponsor is being asked.</summary>
    public bool IsJoining => _joining is not null;

    private string[] Assets => services.Network.Value.Assets;

    /// <summary>Makes the wallet's key. Beside the turns: the keeper of keys may take its time.</summary>
    public Task<Result<WalletView>> CreateAsync(UserId owner, CancellationToken cancellationToken) =>
        _creation.WithKeyAsync(owner, () => Task.CompletedTask, cancellationToken);

    /// <summary>Begins to have the account opened, of a wallet whose key is made where there is none.</summary>
    public Task<Result<WalletView>> OpenAsync(UserId owner, OpeningOrigin? origin, CancellationToken cancellationToken) =>
        _creation.WithKeyAsync(owner, () => BeginAsync(origin), cancellationToken);

    private async Task BeginAsync(OpeningOrigin? origin)
    {
        if (wallet.State.Status == WalletStatus.Opening)
        {
            await InviteAsync(origin);
            return;
        }

        if (wallet.State.Status != WalletStatus.Unopened || wallet.State.Retired is true)
        {
            return;
        }

        (wallet.State.Status, wallet.State.Origin) = (WalletStatus.Opening, origin);
        wallet.Events.Raise(EventTypes.WalletOpened);
        var joining = _joining = new CancellationTokenSource();
        await wallet.SaveAsync();
        LogOpened(wallet.Key, wallet.State.Address);
        // Of an address that was told to nobody before this moment, the ledger can know nothing.
        var request = new OpeningRequest(wallet.State.Address, Create: true, Assets, Origin: origin);
        wallet.RunBeside(() => JoinAsync(joining, request));
    }

    // Somebody turns out to have been invited, of whom it was not known when his opening began: there is a part of the day's budget for
    // him, whatever it was put off for. Once: who asks again and again comes no sooner, nor does who had an account already.
    private async Task InviteAsync(OpeningOrigin? origin)
    {
        if (origin is not { Invited: true } || wallet.State.Origin is { Invited: true } or { Reopened: true })
        {
            return;
        }

        (wallet.State.Origin, wallet.State.OpensAfter) = ((wallet.State.Origin ?? origin) with { Invited = true }, null);
        Stop();
        await wallet.SaveAsync();
        LogInvited(wallet.Key);
        Continue();
    }

    /// <summary>
    /// One step towards an account on the ledger, which is asked beside the turns. Whatever is missing is tried again in a second.
    /// </summary>
    public void Continue()
    {
        if (!IsJoining && !_asking)
        {
            _asking = true;
            wallet.RunBeside(AskForAccountAsync);
        }
    }

    /// <summary>Calls off what runs beside the turns.</summary>
    public void Stop()
    {
        _joining?.Cancel();
        _joining = null;
    }

    /// <summary>
    /// The ledger has created the account. If by what this activation signed, it has the trustlines too, and a sequence number
    /// that follows from the ledger's (CAP-6: the ledger's number times 2^32); else the ledger has to be asked.
    /// </summary>
    public void Take(LedgerOperation operation)
    {
        if (wallet.State.Status != WalletStatus.Opening || operation is not { Successful: true, Type: "create_account" }
            || operation.To != wallet.State.Address)
        {
            return;
        }

        if (_sponsored.HasSigned(operation.TransactionHash))
        {
            wallet.State.OwnReserve = null;
            Activate(operation.Ledger << 32);
            LogActivated(wallet.Key, wallet.State.Address);
        }
        else
        {
            // Somebody else has made it: what is missing need not wait for another day.
            wallet.State.OpensAfter = null;
            Stop();
            wallet.WakeSoon();
        }
    }

    private void Activate(long sequenceNumber)
    {
        wallet.State.Status = WalletStatus.Active;
        wallet.State.SequenceNumber = sequenceNumber;
        (wallet.State.OpensAlone, wallet.State.Origin, wallet.State.OpensAfter) = (null, null, null);
        Stop();
        wallet.Events.Raise(EventTypes.WalletActivated);
    }

    private async Task AskForAccountAsync()
    {
        try
        {
            var account = await services.Gateway.GetAccountAsync(wallet.State.Address, CancellationToken.None);
            if (!await wallet.InTurnAsync(() => TryActivateAsync(account)))
            {
                StartJoining(new OpeningRequest(
                    wallet.State.Address, account is null, [.. Missing(account)], wallet.State.OpensAlone is true, wallet.State.Origin));
            }
        }
        catch (Exception exception)
        {
            LogDelayed(wallet.Key, exception.Message);
            wallet.WakeSoon(NextPause());
        }
        finally
        {
            _asking = false;
        }
    }

    private IEnumerable<string> Missing(NetworkAccount? account) =>
        Assets.Except(account?.Trustlines.Select(t => t.Asset) ?? [], StringComparer.Ordinal);

    // Whatever made the account: what counts is that the ledger has it, with the trustlines.
    private async Task<bool> TryActivateAsync(NetworkAccount? account)
    {
        if (wallet.State.Status != WalletStatus.Opening)
        {
            return true;
        }

        if (account is null || Missing(account).Any())
        {
            return false;
        }

        wallet.State.OwnReserve = account.ReserveStroops > 0 ? true : null;
        Activate(account.Sequence);
        // What others set aside before anybody listened.
        wallet.State.SweepAt = wallet.Now;
        await wallet.SaveAsync();
        LogActivated(wallet.Key, wallet.State.Address);
        return true;
    }

    private void StartJoining(OpeningRequest request)
    {
        if (_joining is null)
        {
            var joining = new CancellationTokenSource();
            _joining = joining;
            wallet.RunBeside(() => JoinAsync(joining, request));
        }
    }

    private async Task JoinAsync(CancellationTokenSource joining, OpeningRequest request)
    {
        var pause = default(TimeSpan?);
        try
        {
            var end = await _sponsored.HaveOpenedAsync(request, joining.Token);
            if (end is { Value.Move: OpeningMove.Opened })
            {
                // The inbox is about to tell; only if it does not, the ledger is asked.
                pause = resumeAfter;
            }
            else if (end is { Value.Alone: true })
            {
                await wallet.InTurnAsync(RememberAloneAsync);
            }
            else if (end.Error is { } error)
            {
                LogDelayed(wallet.Key, error.Message);
                if (error is { Code: OpeningBudget.UsedCode, RetryAfter: { } wait })
                {
                    await wallet.InTurnAsync(() => PutOffAsync(request, wallet.Now + wait));
                }
            }
        }
        catch (OperationCanceledException) when (joining.IsCancellationRequested)
        {
            LogStopped(wallet.Key);
        }
        catch (Exception exception)
        {
            LogDelayed(wallet.Key, exception.Message);
        }
        finally
        {
            if (ReferenceEquals(_joining, joining))
            {
                _joining = null;
                wallet.WakeSoon(pause ?? NextPause());
            }

            joining.Dispose();
        }
    }

    private async Task<bool> RememberAloneAsync()
    {
        if (wallet.State is not { Status: WalletStatus.Opening, OpensAlone: null })
        {
            return false;
        }

        wallet.State.OpensAlone = true;
        await wallet.SaveAsync();
        return true;
    }

    // No sponsor has anything left of the day's budget for it: the due index wakes the wallet when there is a new one.
    // Unless it is known by now that he was invited, for which it was not asked.
    private async Task PutOffAsync(OpeningRequest request, DateTimeOffset until)
    {
        if (wallet.State.Status == WalletStatus.Opening && wallet.State.Origin == request.Origin)
        {
            wallet.State.OpensAfter = until;
            await wallet.SaveAsync();
            LogPutOff(wallet.Key, until);
        }
    }

    // What an operator has to mend, or a network that is away, is asked for less and less often: a second, two, four, up to a minute.
    private TimeSpan NextPause() => SoonWaker.Pause * (1 << Math.Min(_delays++, MaxDoublings));

    [LoggerMessage(1014, LogLevel.Debug, "Opening of wallet {Wallet} was called off.")]
    private partial void LogStopped(string wallet);

    [LoggerMessage(1020, LogLevel.Information, "Wallet {Wallet} has the address {Address}; its account is being created.")]
    private partial void LogOpened(string wallet, string address);

    [LoggerMessage(1021, LogLevel.Information, "Wallet {Wallet} is active: the ledger has {Address}.")]
    private partial void LogActivated(string wallet, string address);

    [LoggerMessage(1022, LogLevel.Debug, "Opening of wallet {Wallet} waits: {Reason}")]
    private partial void LogDelayed(string wallet, string reason);

    [LoggerMessage(1019, LogLevel.Information, "Wallet {Wallet} asks for its account again: its owner was invited.")]
    private partial void LogInvited(string wallet);

    [LoggerMessage(1026, LogLevel.Information, "Wallet {Wallet} waits for its account until {Until}: today's budget is used up.")]
    private partial void LogPutOff(string wallet, DateTimeOffset until);
}
