using Microsoft.Extensions.Logging;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

// What has become of claimable balances, and which there are. The network is asked beside the turns; a turn takes what
// was seen.
internal sealed partial class WalletGrain
{
    private const int MaxLooks = 50;

    // One of several replicas may not have a balance yet whose creation the follower has read from another.
    private const int MaxMisses = 3;

    // A balance that the owner can have back may still be claimed by its recipient.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromDays(7);

    // For balances that cannot be claimed yet, and were too many to remember.
    private static readonly TimeSpan SweepAgainAfter = TimeSpan.FromDays(1);

    private readonly List<Sight> _sights = [];
    private CancellationTokenSource? _looking;

    // When something is to be seen. What is due at once is looked at after the write that is under way; should that come
    // to nothing, the wallet is woken a little later.
    private DateTimeOffset? ClaimsDue()
    {
        if (State.Status != WalletStatus.Active || _book is null)
        {
            return null;
        }

        var due = State.Payments
            .Where(p => p.Claimable?.Status == ClaimStatus.Open).Select(p => p.Claimable!.LookAt)
            .Concat((State.Claims ?? []).Select(c => c.LookAt))
            .Append(State.SweepAt)
            .Min();
        return due <= Now ? Now + (AttendedFactor * services.ResumeAfter) : due;
    }

    private void StartLooking()
    {
        if (_looking is not null || IsFaulted || _sights.Count > 0 || State.Status != WalletStatus.Active)
        {
            return;
        }

        string[] balances =
        [
            .. State.Payments
                .Where(p => p.Claimable is { Status: ClaimStatus.Open } c && c.LookAt <= Now).Select(p => p.Claimable!.BalanceId!)
                .Concat((State.Claims ?? []).Where(c => c.LookAt <= Now).Select(c => c.BalanceId))
                .Take(MaxLooks),
        ];
        var sweeps = State.SweepAt <= Now;
        if (balances.Length > 0 || sweeps)
        {
            var looking = new CancellationTokenSource();
            _looking = looking;
            RunBeside(() => LookAsync(looking, balances, sweeps));
        }
    }

    private void StopLooking()
    {
        _looking?.Cancel();
        _looking = null;
    }

    // Reads the address, which never changes, and writes nothing of the state.
    private async Task LookAsync(CancellationTokenSource looking, string[] balances, bool sweeps)
    {
        try
        {
            // The order matters: what is not there after this ledger is gone.
            var latest = await services.Clock.GetAsync(looking.Token);
            var seen = new Dictionary<string, NetworkClaimable?>(StringComparer.Ordinal);
            foreach (var id in balances)
            {
                seen[id] = await services.Gateway.GetClaimableAsync(id, State.Address, latest.ClosedAt, looking.Token);
            }

            var all = sweeps
                ? await services.Gateway.ListClaimablesAsync(State.Address, latest.ClosedAt, looking.Token)
                : null;
            _sights.Add(new Sight(latest, seen, all));
            Forget(looking);
            await Waker.WakeAsync();
        }
        catch (OperationCanceledException) when (looking.IsCancellationRequested)
        {
            LogLookingStopped(GrainKey);
        }
        catch (Exception exception)
        {
            LogLookingFailed(GrainKey, exception.Message);
            WakeSoon(services.ResumeAfter);
        }
        finally
        {
            Forget(looking);
            looking.Dispose();
        }
    }

    private void Forget(CancellationTokenSource looking)
    {
        if (ReferenceEquals(_looking, looking))
        {
            _looking = null;
        }
    }

    // What was seen, into the state. False where that changed nothing.
    private bool TakeSights()
    {
        foreach (var sight in _sights)
        {
            foreach (var (id, balance) in sight.Balances)
            {
                TakeOwn(id, balance, sight.Latest);
                TakeIncoming(id, balance, sight.Latest);
            }

            if (sight.All is { } all)
            {
                TakeAll(all, sight.Latest);
            }
        }

        var any = _sights.Count > 0;
        _sights.Clear();
        return any;
    }

    private void TakeOwn(string id, NetworkClaimable? balance, LedgerClose latest)
    {
        if (_book.FindByBalance(id) is not { Claimable: { Status: ClaimStatus.Open } claimable } payment)
        {
            return;
        }

        if (balance is null && latest.Sequence >= payment.Ledger)
        {
            _book.CloseClaimable(payment, ClaimStatus.Claimed);
        }
        else if (balance is null || latest.ClosedAt < claimable.ReclaimableAfter)
        {
            claimable.LookAt = balance is null
                ? Now + services.ResumeAfter
                : Now + (claimable.ReclaimableAfter - latest.ClosedAt);
        }
        else
        {
            _book.TellReclaimable(payment, Now + LookAgainAfter);
        }
    }

    private void TakeIncoming(string id, NetworkClaimable? balance, LedgerClose latest)
    {
        if (_book.FindClaim(id) is not { } claim)
        {
            return;
        }

        if (balance is null && (latest.Sequence < claim.Ledger || ++claim.Misses < MaxMisses))
        {
            claim.LookAt = Now + services.ResumeAfter;
        }
        else if (balance is { ClaimableFrom: { } from } && services.Claims.IsWorth(balance.Asset, balance.Stroops))
        {
            claim.LookAt = from <= latest.ClosedAt ? null : Now + (from - latest.ClosedAt);
        }
        else
        {
            _book.DropClaim(id);
        }
    }

    // Those that can be claimed now, as many as can be remembered; for the rest the network is asked again.
    private void TakeAll(IReadOnlyList<NetworkClaimable> all, LedgerClose latest)
    {
        State.SweepAt = null;
        foreach (var balance in all)
        {
            if (balance.ClaimableFrom is { } from && from <= latest.ClosedAt)
            {
                _book.Offer(balance.Id, balance.Asset, balance.Stroops, lookAt: null, Now);
            }
            else if (balance.ClaimableFrom is not null && services.Claims.IsWorth(balance.Asset, balance.Stroops)
                && _book.FindByBalance(balance.Id) is null && _book.FindClaim(balance.Id) is null)
            {
                State.SweepAt ??= Now + SweepAgainAfter;
            }
        }
    }

    [LoggerMessage(1732, LogLevel.Debug, "Wallet {Wallet} stopped looking at claimable balances.")]
    private partial void LogLookingStopped(string wallet);

    [LoggerMessage(1733, LogLevel.Warning, "Wallet {Wallet} could not look at claimable balances: {Reason} It is tried again.")]
    private partial void LogLookingFailed(string wallet, string reason);

    private sealed record Sight(
        LedgerClose Latest, IReadOnlyDictionary<string, NetworkClaimable?> Balances, IReadOnlyList<NetworkClaimable>? All);
}
