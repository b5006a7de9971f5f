using StellarPay.Grains.Accounts;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// The balances that others have set aside for a wallet, and when to ask the network for more. Anybody can make as many as he
/// likes: few are remembered, and those that are worth most. Touches nothing but the state.
/// </summary>
internal sealed class IncomingClaims(WalletState state, ClaimRules rules)
{
    /// <summary>The most balances of others that are remembered; the network is asked for the rest later.</summary>
    public const int Most = 50;

    // In how many transactions a claim goes that fail for others' fault before it goes by itself.
    private const int MostShared = 2;

    /// <summary>How long a balance is let be that could not be claimed.</summary>
    public static readonly TimeSpan ClaimPause = TimeSpan.FromHours(1);

    /// <summary>How soon the network is asked for the rest when those remembered are through; not more often, whoever sends.</summary>
    public static readonly TimeSpan RoomPause = TimeSpan.FromMinutes(1);

    /// <summary>The longest until it is asked for those that cannot be claimed yet, and were too many to remember.</summary>
    public static readonly TimeSpan SweepPause = TimeSpan.FromDays(1);

    /// <summary>Those that can be claimed now, the largest first.</summary>
    public IEnumerable<IncomingClaim> Ready =>
        (state.Claims ?? []).Where(claim => claim.IsReady).OrderByDescending(claim => claim.Stroops);

    /// <summary>
    /// Those that go into the next transaction. Those that came back from one go before those that never went, so that whoever
    /// sets more aside in the meantime hinders none of them; and each time half as many together, until one goes by itself.
    /// </summary>
    public IReadOnlyList<IncomingClaim> Next()
    {
        var ready = Ready.OrderByDescending(claim => claim.Signings).ToList();
        if (ready is not [var first, ..])
        {
            return [];
        }

        var together = first.Alone ? 1 : Math.Max(1, SubmissionBook.MaxOperations >> first.Signings);
        return
        [
            .. ready.TakeWhile(claim => claim == first || (claim.Alone == first.Alone && claim.Signings == first.Signings))
                .Take(together),
        ];
    }

    public IncomingClaim? Find(string balanceId) => state.Claims?.Find(c => c.BalanceId == balanceId);

    /// <summary>
    /// Remembers a balance that this wallet may claim. Of more than can be remembered, those that can be claimed go before those
    /// that cannot yet, and the larger before the smaller; for the rest the network is asked again later.
    /// </summary>
    public ClaimOffer Offer(
        string balanceId, string asset, long stroops, DateTimeOffset? lookAt, DateTimeOffset now, long ledger = 0)
    {
        if (!rules.IsWorth(asset, stroops) || Find(balanceId) is not null
            || state.Payments.Exists(p => p.Claimable?.BalanceId == balanceId))
        {
            return ClaimOffer.Nothing;
        }

        var offered = new IncomingClaim { BalanceId = balanceId, LookAt = lookAt, Ledger = ledger, Stroops = stroops };
        state.Claims ??= [];
        if (state.Claims.Count < Most)
        {
            state.Claims.Add(offered);
            return ClaimOffer.Remembered;
        }

        var last = state.Claims.MaxBy(claim => claim.RankAt(now))!;
        if (offered.RankAt(now).CompareTo(last.RankAt(now)) >= 0)
        {
            AskAgain(lookAt, now);
            return ClaimOffer.Full;
        }

        state.Claims.Remove(last);
        state.Claims.Add(offered);
        AskAgain(last.LookAt, now);
        return ClaimOffer.Displaced;
    }

    /// <summary>The network is to be asked what there is to be claimed, around a moment; null as soon as there is room.</summary>
    public void AskAgain(DateTimeOffset? at, DateTimeOffset now)
    {
        var (soonest, latest) = (now + ClaimPause, now + SweepPause);
        var again = at is null || at < soonest ? soonest : at > latest ? latest : at.Value;
        if (state.Scan is not null || state.SweepAt <= now)
        {
            // It is being asked, and then again.
            state.Scan ??= ClaimScan.From(null, rules.Assets);
            state.Scan.Again = Sooner(state.Scan.Again, again);
        }
        else
        {
            state.SweepAt = Sooner(state.SweepAt, again);
        }
    }

    /// <summary>A balance will never be claimed by this wallet, or has been.</summary>
    public void Drop(string balanceId)
    {
        state.Claims?.RemoveAll(c => c.BalanceId == balanceId);
        state.Claims = state.Claims is [] ? null : state.Claims;
    }

    /// <summary>Claims are on the ledger: when all are that can be, there is room for more.</summary>
    public void Landed(DateTimeOffset now)
    {
        var soon = now + RoomPause;
        if (Ready.Any())
        {
            return;
        }

        if (state.Scan is { Again: not null } scan)
        {
            scan.Again = Sooner(scan.Again, soon);
        }
        else if (state.Scan is null && state.SweepAt > soon)
        {
            state.SweepAt = soon;
        }
    }

    /// <summary>The ledger refused a claim, or the transaction that it was in.</summary>
    public void Refuse(IncomingClaim claim, bool blamed, string code, DateTimeOffset now)
    {
        // A frozen balance is not tried again by itself; whoever scans may find it again when it is thawed.
        if (blamed && (code == ClaimBook.DoesNotExist || FrozenEntries.IsCode(code)
            || (code != SubmissionBook.Succeeded && claim.Signings >= SubmissionBook.MaxSignings)))
        {
            Drop(claim.BalanceId);
        }
        else if (blamed ? code != SubmissionBook.Succeeded : claim.Signings % SubmissionBook.MaxSignings == 0)
        {
            claim.LookAt = now + ClaimPause;
        }
        else if (blamed && claim.Signings >= MostShared)
        {
            // Whoever sets aside what cannot be claimed, again and again, sinks no more than this.
            claim.Alone = true;
        }
    }

    /// <summary>
    /// Somebody has set a balance aside. What can be claimed at once is, unseen: the ledger says to the claim whether it is there.
    /// </summary>
    public void TakeCreated(LedgerOperation operation, DateTimeOffset now)
    {
        var place = Array.IndexOf(operation.Claimants ?? [], state.Address);
        if (place < 0)
        {
            return;
        }

        var lookAt = default(DateTimeOffset?);
        if (operation.ClaimableFrom is not { } times)
        {
            lookAt = now;
        }
        else if (times[place] is not { } from)
        {
            return;
        }
        else if (from > operation.ClosedAt)
        {
            lookAt = ClaimTimes.Ahead(now, from - operation.ClosedAt);
        }

        var amount = operation.Amount!.Value;
        Offer(operation.BalanceId!, amount.Asset.Canonical, amount.Stroops, lookAt, now, operation.Ledger);
    }

    private static DateTimeOffset Sooner(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;
}
