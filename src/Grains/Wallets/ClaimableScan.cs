using Microsoft.Extensions.Logging;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// What has become of claimable balances, and which there are. The network is asked beside the turns; a turn takes what was
/// seen.
/// </summary>
internal sealed partial class ClaimableScan(
    IWalletContext wallet, INetworkQuestions network, NetworkClock clock, ClaimRules rules, TimeSpan resumeAfter, ILogger logger)
{
    private const int MaxLooks = 50;

    // A scan longer than this, of 20,000 balances, goes on slowly: each has cost its maker half an XLM, and us a two-hundredth of
    // a question.
    private const int AnswersAtOnce = 20;

    // One of several replicas may not have a balance yet whose creation the follower has read from another.
    private const int MaxMisses = 3;

    // What is not shown for so long is gone, though the ledger's word of it was missed. Not shown once is a replica's fault.
    private static readonly TimeSpan GoneAfter = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestMissPause = TimeSpan.FromHours(6);

    // A balance that the owner can have back may still be claimed by its recipient.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromDays(7);

    private readonly List<Reading> _readings = [];
    private CancellationTokenSource? _reading;

    // What is due at once is looked at after the write that is under way; should that come to nothing, the wallet is woken a
    // little later.
    private const int AttendedFactor = 3;

    private WalletState State => wallet.State;

    private ClaimBook Book => wallet.Book.Claims;

    private DateTimeOffset Now => wallet.Now;

    /// <summary>When something is to be seen; null where nothing is.</summary>
    public static DateTimeOffset? DueAt(WalletState state, DateTimeOffset now, TimeSpan resumeAfter)
    {
        if (state.Status != WalletStatus.Active)
        {
            return null;
        }

        var due = state.Payments
            .Where(p => p.Claimable?.Status == ClaimStatus.Open).Select(p => p.Claimable!.LookAt)
            .Concat((state.Claims ?? []).Select(c => c.LookAt))
            .Append(state.SweepAt)
            .Min();
        return due <= now ? now + (AttendedFactor * resumeAfter) : due;
    }

    /// <summary>Whether anything is to be seen now.</summary>
    public static bool IsDue(WalletState state, DateTimeOffset now) => state.Status == WalletStatus.Active
        && (state.SweepAt <= now || state.Claims?.Exists(c => c.LookAt <= now) is true
            || state.Payments.Exists(p => p.Claimable is { Status: ClaimStatus.Open } c && c.LookAt <= now));

    /// <summary>Asks the network for what is due, unless it is being asked.</summary>
    public void Start()
    {
        if (_reading is not null || _readings.Count > 0 || State.Status != WalletStatus.Active)
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
            _reading = looking;
            var scan = sweeps ? ClaimScan.From(State.Scan, rules.Assets) : null;
            wallet.RunBeside(() => LookAsync(looking, balances, scan));
        }
    }

    /// <summary>Calls off the asking.</summary>
    public void Stop()
    {
        _reading?.Cancel();
        _reading = null;
    }

    // Reads the address, which never changes, and writes nothing of the state.
    private async Task LookAsync(CancellationTokenSource looking, string[] balances, ClaimScan? scan)
    {
        try
        {
            // The order matters: what is not there after this ledger is gone.
            var latest = await clock.GetAsync(looking.Token);
            var seen = new Dictionary<string, NetworkClaimable?>(StringComparer.Ordinal);
            foreach (var id in balances)
            {
                seen[id] = await network.GetClaimableAsync(id, State.Address, latest.ClosedAt, looking.Token);
            }

            var found = scan is null
                ? null
                : await network.ListClaimablesAsync(State.Address, scan.Asset, scan.Cursor, latest.ClosedAt, looking.Token);
            _readings.Add(new Reading(latest, seen, scan, found));
            Forget(looking);
            await wallet.InTurnAsync(wallet.WakeAsync);
        }
        catch (OperationCanceledException) when (looking.IsCancellationRequested)
        {
            LogLookingStopped(wallet.Key);
        }
        catch (Exception exception)
        {
            LogLookingFailed(wallet.Key, exception.Message);
            wallet.WakeSoon(resumeAfter);
        }
        finally
        {
            Forget(looking);
            looking.Dispose();
        }
    }

    private void Forget(CancellationTokenSource looking)
    {
        if (ReferenceEquals(_reading, looking))
        {
            _reading = null;
        }
    }

    /// <summary>What was seen, into the state. False where nothing was. In a turn.</summary>
    public bool TakeReadings()
    {
        foreach (var reading in _readings)
        {
            foreach (var (id, balance) in reading.Balances)
            {
                TakeOwn(id, balance, reading.Latest);
                TakeIncoming(id, balance, reading.Latest);
            }

            if (reading is { Scan: { } scan, Found: { } found })
            {
                TakeScan(scan, found, reading.Latest);
            }
        }

        var any = _readings.Count > 0;
        _readings.Clear();
        return any;
    }

    private void TakeOwn(string id, NetworkClaimable? balance, LedgerClose latest)
    {
        if (Book.FindByBalance(id) is not { Claimable: { Status: ClaimStatus.Open } claimable } payment)
        {
            return;
        }

        if (balance is null)
        {
            Miss(payment, claimable);
            return;
        }

        (claimable.MissedSince, claimable.Misses) = (null, 0);
        if (latest.ClosedAt < claimable.ReclaimableAfter)
        {
            claimable.LookAt = ClaimTimes.Ahead(Now, claimable.ReclaimableAfter - latest.ClosedAt);
        }
        else
        {
            Book.TellReclaimable(payment, Now + LookAgainAfter);
        }
    }

    // Whoever claims it, the inbox tells the payer, for he created it. What one replica does not show proves nothing.
    private void Miss(PaymentRecord payment, ClaimableRecord claimable)
    {
        claimable.MissedSince ??= Now;
        claimable.Misses++;
        if (claimable.Misses >= MaxMisses && Now - claimable.MissedSince >= GoneAfter)
        {
            Book.CloseClaimable(payment, ClaimStatus.Claimed);
            return;
        }

        var pause = resumeAfter * Math.Pow(4, Math.Min(claimable.Misses, 8));
        claimable.LookAt = Now + (pause < LongestMissPause ? pause : LongestMissPause);
    }

    private void TakeIncoming(string id, NetworkClaimable? balance, LedgerClose latest)
    {
        if (Book.Incoming.Find(id) is not { } claim)
        {
            return;
        }

        if (balance is null && (latest.Sequence < claim.Ledger || ++claim.Misses < MaxMisses))
        {
            claim.LookAt = Now + resumeAfter;
        }
        else if (balance is { ClaimableFrom: { } from } && rules.IsWorth(balance.Asset, balance.Stroops))
        {
            claim.Stroops = balance.Stroops;
            claim.LookAt = from <= latest.ClosedAt ? null : ClaimTimes.Ahead(Now, from - latest.ClosedAt);
        }
        else
        {
            Book.Incoming.Drop(id);
            // Should it have been there all the same, it is found again.
            if (balance is null)
            {
                Book.Incoming.AskAgain(Now + IncomingClaims.SweepPause, Now);
            }
        }
    }

    // As many as can be remembered; the scan goes on to its end, for what is worth most may come last.
    private void TakeScan(ClaimScan asked, NetworkClaimables found, LedgerClose latest)
    {
        State.Scan ??= asked;
        foreach (var balance in found.Balances)
        {
            if (balance.ClaimableFrom is { } from)
            {
                var lookAt = from <= latest.ClosedAt ? default(DateTimeOffset?) : ClaimTimes.Ahead(Now, from - latest.ClosedAt);
                Book.Incoming.Offer(balance.Id, balance.Asset, balance.Stroops, lookAt, Now);
            }
        }

        var again = State.Scan.Again;
        State.Scan = State.Scan.Next(found.Next, rules.Assets);
        State.SweepAt = State.Scan is null ? again
            : State.Scan.Answers < AnswersAtOnce ? Now
            : Now + IncomingClaims.RoomPause;
    }

    [LoggerMessage(1732, LogLevel.Debug, "Wallet {Wallet} stopped looking at claimable balances.")]
    private partial void LogLookingStopped(string wallet);

    [LoggerMessage(1733, LogLevel.Warning, "Wallet {Wallet} could not look at claimable balances: {Reason} It is tried again.")]
    private partial void LogLookingFailed(string wallet, string reason);

    private sealed record Reading(
        LedgerClose Latest, IReadOnlyDictionary<string, NetworkClaimable?> Balances, ClaimScan? Scan, NetworkClaimables? Found);
}
