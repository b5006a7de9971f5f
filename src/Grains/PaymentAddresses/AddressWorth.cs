using StellarPay.Grains.Ledger;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>
/// What of that which came to an account of a session's own is worth a transaction, and what goes with the next one. Reads the state, and
/// changes nothing.
/// </summary>
internal sealed class AddressWorth(PaymentAddressState state)
{
    /// <summary>After so many transactions that came to nothing the session's end waits for what a payer sends, and for no less.</summary>
    public const int MostFailures = 10;

    /// <summary>After so many tries of an asset that the merchant cannot take, within almost a day, nobody waits for it any more.</summary>
    public const int MostTries = 14;

    /// <summary>Less XLM than this is kept by itself, or waited for, only where it is worth it.</summary>
    public const long LeastXlm = 1_000_000;

    // What is less than a hundredth of the price goes with something else, or with the account: each transaction costs the platform a fee.
    private const int WorthShare = 100;

    // What is half of the price is a payer's.
    private const int MuchShare = 2;

    // Of XLM with which somebody creates the account again that was given up: less is taken to the merchant once a day.
    private const long RecreatedWorth = 50_000_000;

    /// <summary>Whether the account is not needed any more. Once it was given up it never is again.</summary>
    public bool IsClosing(DateTimeOffset now) => state.Status == PaymentAddressStatus.Closed || state.IsOver || state.ExpiresAt <= now
        || state.Enough.Any(each => state.Received.GetValueOrDefault(each.Key) >= each.Value);

    /// <summary>Whether a transaction is on the ledger of which not all has been taken in.</summary>
    public bool IsBehind => state.Submission is null && state.Receipts.Exists(each => each.Sweep is not null);

    /// <summary>Whether such a transaction gave the account up: nothing of it is sent any more.</summary>
    public bool IsLeaving => state.Submission is null && state.Receipts.Exists(each => each is { Sweep: not null, Merges: true });

    /// <summary>
    /// Whether something came that is on its way to the merchant, or should be: also where he cannot take it for now. Not what strangers
    /// sent beyond what is sent on of that in a day: with it they would hide the address from its payer, and keep the session from being
    /// cancelled.
    /// </summary>
    public bool Awaits => state.Receipts.Exists(each => each.Sweep is not null && !Dust.Is(each.Stroops))
        || Sendable().Any(each => !IsInVain(each.Key) && Is(each, state.LittleAfter is null ? IsWorthOf : IsMuchOf));

    /// <summary>Whether all that may yet pay the session is with the merchant, or he could not take it for too long.</summary>
    public bool IsRead => state.IsPastEnd && !state.Receipts.Where(IsInTime).GroupBy(each => each.Asset).Any(HoldsEnd);

    /// <summary>Whether something is worth a transaction of its own, and can be sent now.</summary>
    public bool IsWorth(DateTimeOffset now) => Sendable().Any(each => CanGo(each.Key, now) && Is(each, IsWorthOf));

    /// <summary>
    /// Whether that is what a payer sends, and not what a stranger does to cost the platform its fee; nor is it what the merchant could not
    /// take, which is tried again and again, nor what came to an account that was given up: it is late whatever happens.
    /// </summary>
    public bool IsMuch => state.Status != PaymentAddressStatus.Closed
        && Sendable().Any(each => !state.Blocked.ContainsKey(each.Key) && Is(each, IsMuchOf));

    /// <summary>
    /// Whether the account can be given up now, or what is here be sent before: what the merchant cannot take holds the account.
    /// </summary>
    public bool CanClose(DateTimeOffset now) => !IsTooLittleToCome(now)
        && (state.Receipts.Count == 0 || Waiting().Any(each => CanGo(each.Key, now)
            && (!IsHeldUp || state.Blocked.ContainsKey(each.Key) || Is(each, IsKept))));

    /// <summary>Whether something is here that the merchant could not take when it was tried last.</summary>
    public bool IsHeldUp => state.Receipts.Exists(each => state.Blocked.ContainsKey(each.Asset));

    /// <summary>When something of what is here can be sent again that cannot now; null where there is no such.</summary>
    public DateTimeOffset? NextAt(DateTimeOffset now)
    {
        DateTimeOffset? blocked = state.Blocked.Values.Where(each => each.Until > now).Min(each => (DateTimeOffset?)each.Until);
        var little = state.LittleAfter > now && (IsClosing(now) || IsWorth(now)) ? state.LittleAfter : null;
        var again = IsTooLittleToCome(now) ? state.RecreatedAfter : null;
        return new[] { blocked, little, again }.Min();
    }

    /// <summary>
    /// What goes with the next transaction. What the merchant could not take goes by itself when its time has come: it fails alone, and
    /// holds nothing else. Then it goes first, but behind what payers send: nobody's stroops hold it up.
    /// </summary>
    public AddressReceipt[] Next(bool isClosing, DateTimeOffset now)
    {
        AddressReceipt[] free =
        [
            .. state.Receipts.Where(each => each.Sweep is null && !state.Blocked.ContainsKey(each.Asset)
                && (isClosing || state.Enough.ContainsKey(each.Asset))),
        ];
        if (free.GroupBy(each => each.Asset).Any(each => Is(each, IsMuchOf)))
        {
            return free;
        }

        var again = state.Blocked
            .Where(each => each.Value.Until <= now && state.Receipts.Exists(one => one.Sweep is null && one.Asset == each.Key))
            .OrderBy(each => each.Value.Until).Select(each => each.Key).FirstOrDefault();
        return again is null ? free : [.. state.Receipts.Where(each => each.Sweep is null && each.Asset == again)];
    }

    /// <summary>
    /// How much of each is paid by an operation, where the account can spend so much XLM. Of an account that somebody else created the
    /// network holds a reserve back, which leaves with the account: that is of what nobody in particular sent, and then of the most.
    /// </summary>
    public static (AddressReceipt Receipt, long Stroops)[] Parts(AddressReceipt[] next, long spendable)
    {
        var native = next.Where(each => each.Asset == Asset.Native.Canonical).ToArray();
        var missing = Math.Max(0, native.Sum(each => each.Stroops) - Math.Max(0, spendable));
        var cuts = new Dictionary<AddressReceipt, long>();
        foreach (var receipt in native.OrderByDescending(each => each.IsSum).ThenByDescending(each => each.Stroops))
        {
            cuts[receipt] = Math.Min(missing, receipt.Stroops);
            missing -= cuts[receipt];
        }

        return
        [
            .. next.Select(each => (Receipt: each, Stroops: each.Stroops - cuts.GetValueOrDefault(each))).Where(part => part.Stroops > 0),
        ];
    }

    /// <summary>Whether something is kept by itself, with who sent it: else each bit of a stranger's would be an operation.</summary>
    public bool IsKept(string asset, long stroops) =>
        IsWorthOf(asset, stroops) || (asset == Asset.Native.Canonical && stroops >= LeastXlm);

    /// <summary>What is told apart of receipts whose sender is not kept: what came in time, and what did not.</summary>
    public bool IsInTime(AddressReceipt receipt) => receipt.ClosedAt <= state.ExpiresAt;

    private IEnumerable<IGrouping<string, AddressReceipt>> Waiting() =>
        state.Receipts.Where(each => each.Sweep is null).GroupBy(each => each.Asset);

    // What the network holds back as the reserve of an account that somebody else created goes with the account's end: until then it can
    // only wait, and hides nothing.
    private IEnumerable<IGrouping<string, AddressReceipt>> Sendable() => state.Receipts
        .Where(each => each is { Sweep: null, Index: not AddressReceipt.WithTheAccount }).GroupBy(each => each.Asset);

    // Nobody knows whether, and when, he can take it.
    private bool IsInVain(string asset) => state.Blocked.GetValueOrDefault(asset)?.Tries >= MostTries;

    private static bool Is(IGrouping<string, AddressReceipt> receipts, Func<string, long, bool> what) =>
        what(receipts.Key, receipts.Sum(receipt => receipt.Stroops));

    // What the session does not take goes with the account's end.
    private bool IsWorthOf(string asset, long stroops) => state.Enough.TryGetValue(asset, out var enough)
        && (stroops >= Math.Max(Dust.LimitStroops, enough / WorthShare) || Completes(asset, stroops));

    private bool IsMuchOf(string asset, long stroops) =>
        IsWorthOf(asset, stroops) && (Completes(asset, stroops) || stroops >= state.Enough[asset] / MuchShare);

    // With what was paid elsewhere, at the merchant's own address.
    private bool Completes(string asset, long stroops) => state.Left.TryGetValue(asset, out var left) && left > 0 && stroops >= left;

    private bool CanGo(string asset, DateTimeOffset now) => !(state.Blocked.GetValueOrDefault(asset)?.Until > now);

    private bool IsTooLittleToCome(DateTimeOffset now) => state.RecreatedAfter > now
        && state.Balances.GetValueOrDefault(Asset.Native.Canonical) < RecreatedWorth;

    // Of what came in time. Also what goes to him with the account, and would be worth nothing alone; but not what is put off.
    private bool HoldsEnd(IGrouping<string, AddressReceipt> receipts) => state.Enough.ContainsKey(receipts.Key) && !IsInVain(receipts.Key)
        && (Is(receipts, IsMuchOf)
            || (state.LittleAfter is null && state.Failures < MostFailures && !Dust.Is(receipts.Sum(each => each.Stroops))));
}
