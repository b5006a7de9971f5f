using System.Collections.Concurrent;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.World;

// What grains ask it.
internal sealed partial class FakeNetwork
{
    private const long FriendbotGives = 100_000_000_000;

    public Task<SubmissionReport> SubmitAsync(string envelope, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _submitted.Add(envelope);
            if (Down)
            {
                return Task.FromResult(new SubmissionReport(SubmissionOutcome.Unknown));
            }

            if (_pending.Contains(envelope))
            {
                return Task.FromResult(new SubmissionReport(SubmissionOutcome.Pending));
            }

            if (_withoutXlm.Contains(FeeSourceOf(envelope)))
            {
                return Task.FromResult(new SubmissionReport(SubmissionOutcome.Terminal, "tx_insufficient_balance"));
            }

            var answer = _answers.TryDequeue(out var next) ? next : Answer.Normally;
            var report = Submit(envelope, answer);
            Signal();
            return Task.FromResult(report);
        }
    }

    public Task<SubmissionReport> SubmitWithoutWaitingAsync(string envelope, CancellationToken cancellationToken) =>
        SubmitAsync(envelope, cancellationToken);

    public Task<FoundTransaction?> FindTransactionAsync(string hash, CancellationToken cancellationToken) => Ask(() =>
    {
        if (!_pendingHeld)
        {
            ApplyPending();
        }

        return LooksAreStale ? null : Ledger.Applied.Values.FirstOrDefault(t => t.Hash == hash || t.InnerHash == hash) is { } found
            ? new FoundTransaction(found.Code is null, found.Ledger, found.Code, found.OperationCodes, found.Hash)
            : null;
    });

    public Task<LedgerClose> GetLatestLedgerAsync(CancellationToken cancellationToken) => Ask(() =>
    {
        Ledger.Close();
        Signal();
        return new LedgerClose(Ledger.Sequence, Ledger.ClosedAt);
    });

    public async Task<NetworkAccount?> GetAccountAsync(string address, CancellationToken cancellationToken)
    {
        if (BeforeAccount is { } before)
        {
            await before(address);
        }

        return await AccountAsync(address, cancellationToken);
    }

    private Task<NetworkAccount?> AccountAsync(string address, CancellationToken cancellationToken) => Ask(() =>
    {
        AccountsAsked.Enqueue(address);
        return Ledger.Accounts.TryGetValue(address, out var account)
            ? new NetworkAccount(
                account.Sequence, account.Native, 0,
                [
                    .. account.Trustlines.Select(t => new NetworkTrustline(
                        t.Key, t.Value.Balance, t.Value.Limit, 0, t.Value.Authorized, t.Value.LastModified)),
                ],
                account.MemoRequired, account.Reserve, account.Sequence == 0 ? 0 : Ledger.Sequence)
            : null;
    });

    public Task<NetworkClaimable?> GetClaimableAsync(
        string id, string claimant, DateTimeOffset now, CancellationToken cancellationToken) =>
        Ask(() =>
        {
            ClaimablesAsked++;
            return ClaimablesAreStale ? null : Ledger.Claimables.GetValueOrDefault(id)?.For(claimant, now);
        });

    public Task<NetworkClaimables> ListClaimablesAsync(
        string claimant, string asset, string? cursor, DateTimeOffset now, CancellationToken cancellationToken) => Ask(() =>
        {
            ClaimablesListed++;
            var all = Ledger.Claimables.Values
                .Where(balance => balance.Asset == asset && balance.Claimants.Any(c => c.Destination.ToString() == claimant))
                .SkipWhile(balance => cursor is not null && balance.Id != cursor).Skip(cursor is null ? 0 : 1)
                .Select(balance => balance.For(claimant, now)).Take(ClaimablesInPage + 1).ToArray();
            return new NetworkClaimables(
                [.. all.Take(ClaimablesInPage)], all.Length > ClaimablesInPage ? all[ClaimablesInPage - 1].Id : null);
        });

    public Task<Result<string>> FundAsync(string address, CancellationToken cancellationToken) => Ask<Result<string>>(() =>
    {
        // As friendbot does: it makes an account, fills up one that has spent, and refuses all others.
        if (Ledger.Accounts.TryGetValue(address, out var account) && account.Native >= FriendbotGives)
        {
            return new Error(ErrorKind.Refused, "friendbot_refused", "Friendbot refused: op_already_exists");
        }

        Ledger.Accounts.TryAdd(address, new FakeAccount { Sequence = Ledger.Sequence << 32 });
        Ledger.Pay(Friendbot, address, "native", FriendbotGives);
        Signal();
        return FriendbotIsAskedTwice
            ? new Error(ErrorKind.Refused, "friendbot_refused", "Friendbot refused: op_already_exists")
            : "funded";
    });

    private SubmissionReport Submit(string envelope, Answer answer)
    {
        switch (answer)
        {
            case Answer.TimeOutWithoutApplying or Answer.NeverApply:
                return new SubmissionReport(SubmissionOutcome.Unknown, "timeout");
            case Answer.TooManyRequests:
                return new SubmissionReport(SubmissionOutcome.RetrySameEnvelope, "rate_limited", RetryAfter: TimeSpan.FromMilliseconds(10));
            case Answer.PendingThenApplied:
                _pending.Add(envelope);
                return new SubmissionReport(SubmissionOutcome.Pending);
            case Answer.PendingForEver:
                return new SubmissionReport(SubmissionOutcome.Pending);
            case Answer.BadSequence:
                return new SubmissionReport(SubmissionOutcome.Rebuild, FakeLedger.BadSequence);
            case Answer.RefuseForGood:
                return new SubmissionReport(SubmissionOutcome.Terminal, "tx_bad_auth");
            case Answer.Frozen:
                return new SubmissionReport(SubmissionOutcome.Terminal, "tx_frozen_key_accessed");
            case Answer.UnknownCode:
                return new SubmissionReport(SubmissionOutcome.Held, "tx_of_the_future");
        }

        var (refusal, applied) = Ledger.Apply(envelope);
        if (answer == Answer.TimeOutAfterApplying)
        {
            return new SubmissionReport(SubmissionOutcome.Unknown, "timeout");
        }

        if (applied is null)
        {
            return refusal switch
            {
                FakeLedger.BadSequence => new SubmissionReport(SubmissionOutcome.Rebuild, refusal),
                FakeLedger.InsufficientFee => new SubmissionReport(
                    SubmissionOutcome.FeeTooLow, refusal, FeeNeededStroops: Ledger.MinimumFee),
                _ => new SubmissionReport(SubmissionOutcome.Terminal, refusal),
            };
        }

        return applied.Code is null
            ? new SubmissionReport(SubmissionOutcome.Succeeded, Ledger: applied.Ledger)
            : new SubmissionReport(SubmissionOutcome.Terminal, applied.Code, OperationCodes: applied.OperationCodes);
    }

    // A transaction that the network has is on the next ledger, whatever becomes of those who sent it.
    private void ApplyPending()
    {
        foreach (var envelope in _pending)
        {
            Ledger.Apply(envelope);
        }

        _pending.Clear();
        Signal();
    }

    private Task<T> Ask<T>(Func<T> answer)
    {
        lock (_lock)
        {
            if (Down)
            {
                AskedInVain++;
                return Task.FromException<T>(new NetworkUnavailableException());
            }

            return Task.FromResult(answer());
        }
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
