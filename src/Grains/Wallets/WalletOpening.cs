using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Wallets;

/// <summary>What every wallet's opening needs of the outside.</summary>
internal sealed record OpeningServices(
    SeedCipher Cipher, INetworkGateway Gateway, IPaymentGate Gate, TransactionFactory Transactions,
    IOptions<NetworkOptions> Network, IOptions<PlatformOptions> Platform);

/// <summary>
/// A wallet's key and account. The account is opened by a sponsor, together with others, beside the turns: that reads the
/// address and the key, which never change while the wallet is being opened, and writes nothing of the state. What comes of it,
/// the inbox tells, or a look at the ledger at the next wake-up.
/// </summary>
internal sealed partial class WalletOpening(
    IWalletContext wallet, OpeningServices services, TimeSpan resumeAfter, ILogger logger)
{
    private const int MaxSigned = 16;
    private const int MaxDoublings = 6;

    private readonly List<string> _signed = [];
    private CancellationTokenSource? _joining;
    private int _sponsorsPassedOver;
    private int _delays;
    private bool _asking;

    /// <summary>Whether a sponsor is being asked.</summary>
    public bool IsJoining => _joining is not null;

    private string[] Assets => services.Network.Value.Assets;

    /// <summary>
    /// Makes the wallet's key and begins to have its account opened. Beside the turns: the keeper of keys may take its time.
    /// </summary>
    public async Task<Result<WalletView>> OpenAsync(UserId owner, CancellationToken cancellationToken)
    {
        if (WalletId.Of(owner).Value != wallet.Key)
        {
            return IWalletContext.NoSuchWallet;
        }

        if (await wallet.InTurnAsync(() => Task.FromResult(wallet.State.Owner is null)))
        {
            var seed = await services.Cipher.CreateAsync(wallet.Key, cancellationToken);
            return await wallet.InTurnAsync(() => StoreAsync(owner, seed));
        }

        return await wallet.InTurnAsync(() => Task.FromResult<Result<WalletView>>(wallet.View()));
    }

    private async Task<Result<WalletView>> StoreAsync(UserId owner, EncryptedSeed seed)
    {
        // Another may have been made while this one was.
        if (wallet.State.Owner is null)
        {
            var state = wallet.State;
            state.Owner = owner.Value;
            state.Address = seed.PublicKey;
            state.Key = seed;
            state.Status = WalletStatus.Opening;
            // In the statement that stores the key, before anybody is shown the address.
            ((IInboxState)state).Marks().Addresses.Add(new AddressMark(seed.PublicKey));
            wallet.Events.Raise(EventTypes.WalletOpened);
            var joining = _joining = new CancellationTokenSource();
            await wallet.SaveAsync();
            LogOpened(wallet.Key, seed.PublicKey);
            // Of an address that was made this moment, the ledger can know nothing.
            var request = new OpeningRequest(seed.PublicKey, Create: true, Assets);
            wallet.RunBeside(() => JoinAsync(joining, request));
        }
        else
        {
            services.Cipher.Forget(seed);
        }

        return wallet.View();
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

        if (_signed.Contains(operation.TransactionHash))
        {
            Activate(operation.Ledger << 32);
            LogActivated(wallet.Key, wallet.State.Address);
        }
        else
        {
            Stop();
            wallet.WakeSoon();
        }
    }

    private void Activate(long sequenceNumber)
    {
        wallet.State.Status = WalletStatus.Active;
        wallet.State.SequenceNumber = sequenceNumber;
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
                StartJoining(new OpeningRequest(wallet.State.Address, account is null, [.. Missing(account)]));
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
            var end = await HaveOpenedAsync(request, joining.Token);
            if (end is { Value.Move: OpeningMove.Opened })
            {
                // The inbox is about to tell; only if it does not, the ledger is asked.
                pause = resumeAfter;
            }
            else if (end.Error is { } error)
            {
                _sponsorsPassedOver += error.Code == PlatformFunding.UnfundedCode ? 1 : 0;
                LogDelayed(wallet.Key, error.Message);
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

    // What an operator has to mend, or a network that is away, is asked for less and less often: a second, two, four, up to a minute.
    private TimeSpan NextPause() => SoonWaker.Pause * (1 << Math.Min(_delays++, MaxDoublings));

    // Until the sponsor's transaction has been decided, or there is none.
    private async Task<Result<OpeningStep>> HaveOpenedAsync(OpeningRequest request, CancellationToken stop)
    {
        var sponsor = wallet.Grains.GetGrain<ISponsorGrain>(
            PlatformKeys.SponsorOf(wallet.Key, services.Platform.Value, _sponsorsPassedOver));
        var step = await sponsor.JoinAsync(request, stop);
        while (step is { Value.Move: OpeningMove.Wait or OpeningMove.Sign })
        {
            step = step.Value is { Move: OpeningMove.Sign, Envelope: { } envelope }
                ? await SignAsync(sponsor, envelope, stop)
                : await sponsor.JoinAsync(request, stop);
        }

        return step;
    }

    private async Task<Result<OpeningStep>> SignAsync(ISponsorGrain sponsor, string envelope, CancellationToken stop)
    {
        if (await services.Gate.CheckAsync(stop) is { } halted)
        {
            return halted;
        }

        var transaction = services.Transactions.Read(envelope);
        if (OpeningRules.Refusal(transaction, wallet.State.Address) is { } refusal)
        {
            LogNotSigned(wallet.Key, transaction.HashText, refusal);
            return new Error(ErrorKind.Refused, "opening_refused", refusal);
        }

        var signature = await services.Cipher.SignAsync(
            wallet.Key, wallet.State.Key!, transaction.Hash, $"wallet.open {wallet.Key}", stop);
        if (_signed.Count == MaxSigned)
        {
            _signed.RemoveAt(0);
        }

        _signed.Add(transaction.HashText);
        return await sponsor.SignAsync(wallet.State.Address, transaction.HashText, signature, stop);
    }

    [LoggerMessage(1014, LogLevel.Debug, "Opening of wallet {Wallet} was called off.")]
    private partial void LogStopped(string wallet);

    [LoggerMessage(1020, LogLevel.Information, "Wallet {Wallet} has the address {Address}; its account is being created.")]
    private partial void LogOpened(string wallet, string address);

    [LoggerMessage(1021, LogLevel.Information, "Wallet {Wallet} is active: the ledger has {Address}.")]
    private partial void LogActivated(string wallet, string address);

    [LoggerMessage(1022, LogLevel.Debug, "Opening of wallet {Wallet} waits: {Reason}")]
    private partial void LogDelayed(string wallet, string reason);

    [LoggerMessage(1025, LogLevel.Error, "Wallet {Wallet} does not sign {Hash}, which is to open its account: {Reason}")]
    private partial void LogNotSigned(string wallet, string hash, string reason);
}
