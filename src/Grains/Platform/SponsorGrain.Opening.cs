using Microsoft.Extensions.Logging;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Platform;

// The work, beside the turns: gather, have signed, store, submit until the ledger decides, and again.
internal sealed partial class SponsorGrain
{
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SigningPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly OpeningGroups _groups = new();
    private List<OpeningApplicant> _group = [];
    private CancellationTokenSource? _working;
    private string? _neverSent;
    private long _lastSequence;

    private void EnsureWorking()
    {
        if (_working is not null || _unsound)
        {
            return;
        }

        var working = new CancellationTokenSource();
        _working = working;
        // On the grain's own scheduler; without the caller's context, which ends with the call.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Factory.StartNew(
                () => WorkAsync(working), CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Current);
        }
    }

    // Whoever waits for an answer looks elsewhere: at the ledger, and then at the next activation.
    private void StopWorking()
    {
        _working?.Cancel();
        _working = null;
        Dismiss([.. _applicants.Keys], new OpeningStep(OpeningMove.Again));
    }

    private async Task WorkAsync(CancellationTokenSource working)
    {
        var stop = working.Token;
        try
        {
            while (!stop.IsCancellationRequested && (State.Batch is not null || _waiting.Count > 0))
            {
                try
                {
                    await StepAsync(stop);
                }
                catch (Exception exception) when (!_unsound && !stop.IsCancellationRequested)
                {
                    LogStepFailed(exception, Name, exception.Message);
                    TakeBack();
                    await Task.Delay(Pause, services.Time, stop);
                }
            }
        }
        catch (Exception exception) when (_unsound || stop.IsCancellationRequested)
        {
            LogStopped(Name, exception.Message);
        }
        finally
        {
            if (ReferenceEquals(_working, working))
            {
                _working = null;
            }

            working.Dispose();
        }
    }

    private async Task StepAsync(CancellationToken stop)
    {
        if (State.Batch is { } batch)
        {
            await DriveAsync(batch, stop);
        }
        else
        {
            await Task.Delay(GatherTime, services.Time, stop);
            // A wallet that has stopped asking is gone; it comes back as a new one.
            Forget([.. _waiting.Where(applicant => applicant.Calls == 0)]);
            _group = _groups.Take(_waiting);
            await OpenTogetherAsync(stop);
        }
    }

    private async Task OpenTogetherAsync(CancellationToken stop)
    {
        if (_group.Count == 0)
        {
            return;
        }

        if (await services.Gate.CheckAsync(stop) is { } halted)
        {
            TakeBack();
            Dismiss([.. _waiting.Select(applicant => applicant.Address)], halted);
            return;
        }

        var key = await EnsureKeyAsync(stop);
        if (await AccountAsync(key, stop) is not { } sponsor)
        {
            return;
        }

        var maxTime = (await services.Gateway.GetLatestLedgerAsync(stop)).ClosedAt + services.OpeningValid;
        // A node that lags behind may tell an older number than the one that our last transaction used.
        var sequence = checked(Math.Max(sponsor.Sequence, _lastSequence) + 1);
        if (await HaveSignedAsync(key.PublicKey, sequence, maxTime, stop) is not { } transaction)
        {
            return;
        }

        await services.Faults.HitAsync(FaultPoint.OpeningPersisting, Name);
        var own = await services.Cipher.SignAsync(
            Name, key, transaction.Hash, $"account.create {transaction.HashText}", stop);
        var envelope = services.Transactions.AddSignatures(
            transaction, [(key.PublicKey, own), .. _group.Select(member => (member.Address, member.Signature!))]);
        string[] members = [.. _group.Select(member => member.Address)];
        _neverSent = transaction.HashText;
        await StoreAsync(state =>
            state.Batch = new SponsorBatch(envelope, transaction.HashText, maxTime, key.PublicKey, sequence, members));
        _group = [];
        LogOpening(Name, members.Length, transaction.HashText);
        await services.Faults.HitAsync(FaultPoint.OpeningSigned, Name);
    }

    // The sponsor's account, with XLM for the group, or for as many of it as there is XLM for; null where for none.
    private async Task<NetworkAccount?> AccountAsync(EncryptedSeed key, CancellationToken stop)
    {
        var account = await services.Gateway.GetAccountAsync(key.PublicKey, stop);
        if (services.Funding.IsLow(account))
        {
            await services.Funding.EnsureAsync(Name, key.PublicKey, stop);
            account = await services.Gateway.GetAccountAsync(key.PublicKey, stop);
        }

        var available = account?.AvailableStroops ?? 0;
        var affordable = _group.TakeWhile(member => (available -= OpeningGroups.ReserveOf(member.Request)) >= 0).Count();
        if (affordable == 0)
        {
            // Every wallet that waits here may try another sponsor.
            TakeBack();
            Dismiss([.. _waiting.Select(applicant => applicant.Address)], PlatformFunding.Unfunded(Name, key.PublicKey));
            return null;
        }

        _waiting.InsertRange(0, _group.Skip(affordable));
        _group.RemoveRange(affordable, _group.Count - affordable);
        return account;
    }

    // The group's transaction, when all have signed it. Who does not sign in time is left out, and the others sign anew.
    private async Task<UnsignedTransaction?> HaveSignedAsync(
        string address, long sequence, DateTimeOffset maxTime, CancellationToken stop)
    {
        while (_group.Count > 0)
        {
            var transaction = services.Transactions.Opening(
                new OpeningOrder(address, sequence, [.. _group.Select(member => member.Request)], maxTime));
            var step = new OpeningStep(OpeningMove.Sign, transaction.Envelope.ToXdrBase64(), transaction.HashText);
            _signing = transaction.HashText;
            _signed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _group.ForEach(member => member.Ask(step));
            try
            {
                await _signed.Task.WaitAsync(SigningPatience, services.Time, stop);
                _signing = null;
                return transaction;
            }
            catch (TimeoutException)
            {
                var absent = _group.Where(member => member.Signature is null).ToArray();
                LogAbsent(Name, absent.Length, _group.Count, transaction.HashText);
                _group.RemoveAll(absent.Contains);
                Dismiss(absent.Select(member => member.Address), new OpeningStep(OpeningMove.Again));
            }
        }

        _signing = null;
        return null;
    }

    private async Task DriveAsync(SponsorBatch batch, CancellationToken stop)
    {
        var report = await services.Driver.DriveAsync(
            new SignedTransaction(batch.Source, batch.Envelope, batch.Hash, batch.SequenceNumber, batch.MaxTime),
            sentBefore: _neverSent != batch.Hash, watch: null, stop);
        _neverSent = null;
        await services.Faults.HitAsync(FaultPoint.OpeningDecided, Name);
        var succeeded = report.Outcome == SubmissionOutcome.Succeeded;
        if (succeeded)
        {
            _groups.Succeeded(batch.Members);
        }
        else if (report.Code is not (SubmissionDriver.TooLate or SubmissionDriver.BadSequence))
        {
            LogFailed(Name, batch.Members.Length, batch.Hash, report.Code);
            _groups.Failed(batch.Members);
        }

        if (succeeded || report.Ledger is not null)
        {
            _lastSequence = batch.SequenceNumber;
        }

        await StoreAsync(state => state.Batch = null);
        Dismiss(batch.Members, new OpeningStep(
            succeeded ? OpeningMove.Opened : OpeningMove.Again, TransactionHash: batch.Hash));
    }

    // Nothing came of the group's transaction; its accounts wait again, before the others.
    private void TakeBack()
    {
        _group.ForEach(member => member.Reset());
        _waiting.InsertRange(0, _group);
        _group = [];
        _signing = null;
    }

    private void Forget(IReadOnlyCollection<OpeningApplicant> gone)
    {
        foreach (var applicant in gone)
        {
            _waiting.Remove(applicant);
            _applicants.Remove(applicant.Address);
        }
    }

    [LoggerMessage(1221, LogLevel.Debug, "Sponsor {Sponsor} opens {Count} accounts by transaction {Hash}.")]
    private partial void LogOpening(string sponsor, int count, string hash);

    [LoggerMessage(1222, LogLevel.Warning, "Sponsor {Sponsor}: the opening of {Count} accounts by transaction {Hash} failed ({Code}); smaller groups follow.")]
    private partial void LogFailed(string sponsor, int count, string hash, string? code);

    [LoggerMessage(1223, LogLevel.Information, "Sponsor {Sponsor}: {Absent} of {Count} accounts did not sign {Hash} in time; it is made anew without them.")]
    private partial void LogAbsent(string sponsor, int absent, int count, string hash);

    [LoggerMessage(1224, LogLevel.Warning, "Sponsor {Sponsor}: account {Address} handed in what is not its signature of {Hash}.")]
    private partial void LogBadSignature(string sponsor, string address, string hash);

    [LoggerMessage(1225, LogLevel.Warning, "Sponsor {Sponsor} is held up: {Reason} It tries again.")]
    private partial void LogStepFailed(Exception exception, string sponsor, string reason);

    [LoggerMessage(1226, LogLevel.Debug, "Sponsor {Sponsor} stops: {Reason}")]
    private partial void LogStopped(string sponsor, string reason);
}
