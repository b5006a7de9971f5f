using Microsoft.Extensions.Logging;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Wallets;

// Has the account opened by a sponsor, together with others. Beside the turns: reads the address and the key, which
// never change while the wallet is being opened, and writes nothing of the state. What comes of it, the follower tells,
// or a look at the ledger at the next wake-up.
internal sealed partial class WalletGrain
{
    private const int MaxSignedOpenings = 16;

    private readonly List<string> _signedOpenings = [];
    private CancellationTokenSource? _joining;
    private int _sponsorsPassedOver;

    // Whether somebody sees to it that what is under way goes on.
    private bool IsAttended => IsDriving || _joining is not null;

    private void StartJoining(OpeningRequest request)
    {
        if (_joining is null)
        {
            var joining = new CancellationTokenSource();
            _joining = joining;
            RunBeside(() => JoinAsync(joining, request));
        }
    }

    private void StopJoining()
    {
        _joining?.Cancel();
        _joining = null;
    }

    private async Task JoinAsync(CancellationTokenSource joining, OpeningRequest request)
    {
        var pause = RetryPause;
        try
        {
            var end = await HaveOpenedAsync(request, joining.Token);
            if (end is { Value.Move: OpeningMove.Opened })
            {
                // The follower is about to tell; only if it does not, the ledger is asked.
                pause = services.ResumeAfter;
            }
            else if (end.Error is { } error)
            {
                _sponsorsPassedOver += error.Code == PlatformFunding.UnfundedCode ? 1 : 0;
                LogOpeningDelayed(GrainKey, error.Message);
            }
        }
        catch (OperationCanceledException) when (joining.IsCancellationRequested)
        {
            LogRetryStopped(GrainKey);
        }
        catch (Exception exception)
        {
            LogOpeningDelayed(GrainKey, exception.Message);
        }
        finally
        {
            if (ReferenceEquals(_joining, joining))
            {
                _joining = null;
                WakeSoon(pause);
            }

            joining.Dispose();
        }
    }

    // Until the sponsor's transaction has been decided, or there is none.
    private async Task<Result<OpeningStep>> HaveOpenedAsync(OpeningRequest request, CancellationToken stop)
    {
        var sponsor = GrainFactory.GetGrain<ISponsorGrain>(
            PlatformKeys.SponsorOf(GrainKey, services.Platform, _sponsorsPassedOver));
        var step = await sponsor.JoinAsync(request, stop);
        while (step is { Value.Move: OpeningMove.Wait or OpeningMove.Sign })
        {
            step = step.Value is { Move: OpeningMove.Sign, Envelope: { } envelope }
                ? await SignOpeningAsync(sponsor, envelope, stop)
                : await sponsor.JoinAsync(request, stop);
        }

        return step;
    }

    private async Task<Result<OpeningStep>> SignOpeningAsync(ISponsorGrain sponsor, string envelope, CancellationToken stop)
    {
        if (await services.Gate.CheckAsync(stop) is { } halted)
        {
            return halted;
        }

        var transaction = services.Transactions.Read(envelope);
        if (OpeningRules.Refusal(transaction, State.Address) is { } refusal)
        {
            LogOpeningNotSigned(GrainKey, transaction.HashText, refusal);
            return new Error(ErrorKind.Refused, "opening_refused", refusal);
        }

        var signature = await services.Cipher.SignAsync(
            GrainKey, State.Key!, transaction.Hash, $"wallet.open {GrainKey}", stop);
        if (_signedOpenings.Count == MaxSignedOpenings)
        {
            _signedOpenings.RemoveAt(0);
        }

        _signedOpenings.Add(transaction.HashText);
        return await sponsor.SignAsync(State.Address, transaction.HashText, signature, stop);
    }

    // The ledger has created the account. If by what this activation signed, it has the trustlines too, and a sequence
    // number that follows from the ledger's (CAP-6: the ledger's number times 2^32); else the ledger has to be asked.
    private bool ActivateBy(LedgerOperation operation)
    {
        if (State.Status != WalletStatus.Opening || operation is not { Successful: true, Type: "create_account" }
            || operation.To != State.Address)
        {
            return false;
        }

        if (!_signedOpenings.Contains(operation.TransactionHash))
        {
            StopJoining();
            WakeSoon();
            return false;
        }

        Activate(operation.Ledger << 32);
        LogActivated(GrainKey, State.Address);
        return true;
    }

    [LoggerMessage(1025, LogLevel.Error, "Wallet {Wallet} does not sign {Hash}, which is to open its account: {Reason}")]
    private partial void LogOpeningNotSigned(string wallet, string hash, string reason);
}
