using Microsoft.Extensions.Logging;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    // What the network answered beside the turns; a turn takes it into the state.
    private readonly List<(string Hash, FlightAttempt Attempt)> _answers = [];

    private Driving? _driving;
    private CancellationTokenSource? _retry;

    private bool IsDriving => _driving is not null;

    private IWalletInternal Self => GrainFactory.GetGrain<IWalletInternal>(GrainKey);

    private IWalletGrain Waker => GrainFactory.GetGrain<IWalletGrain>(GrainKey);

    // A transaction goes to the network until the ledger decides.
    private void Drive(FlightRecord flight, bool sentBefore)
    {
        var transaction = flight.ToTransaction(State.Address);
        if (_driving?.Hash == transaction.Hash)
        {
            return;
        }

        StopDriving();
        var driving = new Driving(transaction.Hash, this, services.Faults, PaymentSignals.TracesOf(_book.Flying()));
        _driving = driving;
        RunBeside(() => DriveAsync(driving, transaction, sentBefore));
    }

    // Beside the turns: reads and writes nothing of the state.
    private async Task DriveAsync(Driving driving, SignedTransaction transaction, bool sentBefore)
    {
        using var span = PaymentTelemetry.Drive(transaction.Hash, driving.Traces);
        try
        {
            var report = await services.Driver.DriveAsync(transaction, sentBefore, driving, driving.Stop.Token);
            await driving.HitAsync();
            Forget(driving);
            await Self.AdvanceAsync(transaction.Hash, report);
        }
        catch (OperationCanceledException) when (driving.Stop.IsCancellationRequested)
        {
            LogDrivingStopped(transaction.Hash, GrainKey);
        }
        catch (Exception exception)
        {
            // The wake-up that the stored state asks for begins again.
            LogDrivingFailed(exception, transaction.Hash, GrainKey);
        }
        finally
        {
            Forget(driving);
            driving.Stop.Dispose();
        }
    }

    private void TakeAnswers()
    {
        foreach (var answer in Answers(State.Flight))
        {
            State.Flight!.Note(answer);
        }

        _answers.Clear();
    }

    private IEnumerable<FlightAttempt> Answers(FlightRecord? flight) => flight is null
        ? []
        : _answers.Where(a => flight.Hashes.Contains(a.Hash)).Select(a => a.Attempt with { Bid = flight.Hashes.IndexOf(a.Hash) });

    private void Forget(Driving driving)
    {
        if (ReferenceEquals(_driving, driving))
        {
            _driving = null;
        }
    }

    private void StopDriving()
    {
        _driving?.Stop.Cancel();
        _driving = null;
    }

    // Something that is needed was not to be had: a wake-up soon, if none is under way.
    private void WakeSoon(TimeSpan? pause = null)
    {
        if (_retry is not null || IsFaulted)
        {
            return;
        }

        var retry = new CancellationTokenSource();
        _retry = retry;
        RunBeside(() => WakeLaterAsync(retry, pause ?? RetryPause));
    }

    private async Task WakeLaterAsync(CancellationTokenSource retry, TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, services.Time, retry.Token);
            _retry = null;
            await Waker.WakeAsync();
        }
        catch (OperationCanceledException) when (retry.IsCancellationRequested)
        {
            LogRetryStopped(GrainKey);
        }
        catch (Exception exception)
        {
            LogWakeFailed(exception, GrainKey);
        }
        finally
        {
            if (ReferenceEquals(_retry, retry))
            {
                _retry = null;
            }

            retry.Dispose();
        }
    }

    protected override void StopBesideWork()
    {
        StopDriving();
        StopJoining();
        StopLooking();
        _retry?.Cancel();
        _retry = null;
    }

    [LoggerMessage(1010, LogLevel.Debug, "Driving of transaction {Hash} of wallet {Wallet} stopped.")]
    private partial void LogDrivingStopped(string hash, string wallet);

    [LoggerMessage(1011, LogLevel.Warning, "Driving of transaction {Hash} of wallet {Wallet} failed; a wake-up resumes it.")]
    private partial void LogDrivingFailed(Exception exception, string hash, string wallet);

    [LoggerMessage(1012, LogLevel.Debug, "A wake-up of wallet {Wallet} was called off.")]
    private partial void LogRetryStopped(string wallet);

    [LoggerMessage(1013, LogLevel.Warning, "A wake-up of wallet {Wallet} failed.")]
    private partial void LogWakeFailed(Exception exception, string wallet);

    private sealed class Driving(string hash, WalletGrain wallet, IFaultPoints faults, string[] traces) : ISubmissionWatch
    {
        public string Hash { get; } = hash;

        public string[] Traces { get; } = traces;

        public CancellationTokenSource Stop { get; } = new();

        public void Answered(SubmissionReport report) =>
            wallet._answers.Add((Hash, new FlightAttempt(wallet.Now, Bid: 0, report.Outcome, report.Code)));

        public async Task AcknowledgedAsync(SubmissionReport report)
        {
            await HitAsync();
            await wallet.Self.AdvanceAsync(Hash, report);
        }

        // The network has answered; the wallet does not know yet.
        public Task HitAsync() => faults.HitAsync(FaultPoint.PaymentSubmitted, wallet.GrainKey);
    }
}
