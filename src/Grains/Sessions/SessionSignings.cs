using System.Globalization;
using StellarPay.Grains.Events;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// The fact that a session is about to be paid: what wallets here have signed completes it. It lasts until the ledger has that, the wallet
/// says that nothing came of it, or all ledgers are read that may have it: what is told and lost keeps it from nothing. Touches nothing
/// but the state.
/// </summary>
internal sealed class SessionSignings(PaymentSessionState state, PaymentSessionBook book, TimeProvider time)
{
    /// <summary>The most that are known of at once, largest first.</summary>
    public const int MostAtOnce = 8;

    /// <summary>How often a wallet may sign what comes to nothing: more of it is not noted.</summary>
    public const int MostVain = 2;

    // Of so many that is remembered; the time bounds what all of them can do.
    private const int MostVainWallets = 20;

    // How often it is told at once; then one an hour, as what strangers can bring about.
    private const int MostTold = 20;
    private static readonly TimeSpan ToldPause = TimeSpan.FromHours(1);

    /// <summary>
    /// For how long, all times together, a session is kept from being cancelled: two of one wallet that come to nothing, each waited for as
    /// long as it is valid, leave enough for one that comes.
    /// </summary>
    public static readonly TimeSpan MostTime = TimeSpan.FromMinutes(15);

    // Until something is signed anew, as a rule.
    private static readonly TimeSpan AgainWithin = TimeSpan.FromSeconds(15);

    // A ledger's time and the follower's: then it is told anyway, if at all.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Whether it is so, by what has come up to now.</summary>
    public bool Any => IsAboutToBePaid(state);

    /// <summary>Whether it keeps the session from being cancelled: what came to nothing must not do so for ever.</summary>
    public bool Refuses => Any && !(state.SigningMarks is { Since: { } since } marks
        && marks.VainTime + (time.GetUtcNow() - since) > MostTime);

    /// <summary>Whether anything is waited for, be it enough or not.</summary>
    public bool Awaits => state.Signed.Count > 0;

    /// <summary>Why it is not cancelled while it is so: what is paid in good faith must not come too late.</summary>
    public Error CannotCancel => new(ErrorKind.Conflict, "payment_session_processing", string.Create(
        CultureInfo.InvariantCulture,
        $"A wallet here has signed what pays the payment session. What becomes of it is known a moment after {state.Signed.Max(each => each.Until).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} at the latest: please try again."));

    /// <summary>Whether what is signed, and is not there, completes the price with what is, alone or together.</summary>
    public static bool IsAboutToBePaid(PaymentSessionState state) => state.Status == PaymentSessionStatus.Created
        && state.Signed.Count > 0 && Array.Exists(state.Locks, due => ComingIn(state, due) is var coming && coming > 0
            && state.Counted.GetValueOrDefault(due.Asset) + coming >= state.EnoughOf(due));

    /// <summary>Takes in what a wallet told.</summary>
    /// <param name="row">That.</param>
    /// <param name="readUntil">Up to when all that ledgers hold is judged; null where nobody knows.</param>
    public void Take(OwnerRow row, DateTimeOffset? readUntil)
    {
        if (SigningNews.Find(row.Content) is { } news)
        {
            Begin(row.Sender.Key, news, readUntil);
        }
        else if (SigningEnd.Find(row.Content) is { } end)
        {
            End(row.Sender.Key, end);
        }
        else
        {
            throw new InvalidOperationException("a wallet tells a session of what it has signed, and of its end, and nothing else.");
        }

        Tell();
    }

    /// <summary>
    /// The ledger brings something for the session: what that was to it is told as such. The rest of its transaction comes yet.
    /// </summary>
    public void Arrived(LedgerOperation movement)
    {
        var at = state.Signed.FindIndex(each => each.Hash == movement.TransactionHash || each.Hash == movement.InnerTransactionHash);
        if (at < 0 || movement.Amount is not { } amount)
        {
            return;
        }

        var rest = new Dictionary<string, long>(state.Signed[at].Amounts);
        var asset = amount.Asset.Canonical;
        rest[asset] = rest.GetValueOrDefault(asset) - amount.Stroops;
        if (rest[asset] <= 0)
        {
            rest.Remove(asset);
        }

        if (rest.Count > 0)
        {
            state.Signed[at] = state.Signed[at] with { Amounts = rest };
        }
        else
        {
            state.Signed.RemoveAt(at);
        }
    }

    /// <summary>All that ledgers hold up to a moment is judged: what had to be in one by then is in none. Whether there was such.</summary>
    public bool Lapse(DateTimeOffset readUntil)
    {
        var over = state.Signed.FindAll(each => each.Until < readUntil);
        over.ForEach(InVain);
        Tell();
        return over.Count > 0;
    }

    /// <summary>Whether the ledgers up to a moment may end one that nobody told the end of.</summary>
    public bool MayLapse(DateTimeOffset readUntil) => state.Signed.Exists(each => each.Until < readUntil);

    /// <summary>It has ended, and is about to be nothing more.</summary>
    public void Clear()
    {
        state.Signed.Clear();
        state.SigningMarks = null;
    }

    /// <summary>
    /// When to look whether it is over still; null where there is nothing to look at, or nothing can be known before an operator has seen
    /// to what is parked. By what is stored alone: no write puts it off.
    /// </summary>
    public static DateTimeOffset? LookAt(PaymentSessionState state) =>
        state.Signed.Count == 0 || state.Parked > 0 ? null : state.Signed.Min(each => each.Until) + Grace;

    /// <summary>Tells, after each change, that it is about to be paid, or is so no more and was not.</summary>
    public void Tell()
    {
        if (state.Status != PaymentSessionStatus.Created || Any == (state.SigningMarks?.Since is not null))
        {
            return;
        }

        var (marks, now) = (state.SigningMarks ??= new SigningMarks(), time.GetUtcNow());
        if (marks.Since is { } since)
        {
            marks.Since = null;
            marks.VainTime += now > since ? now - since : TimeSpan.Zero;
            if (marks.IsTold)
            {
                // Of what was told, always: no page shows for ever what was.
                marks.IsTold = false;
                book.Raise(EventTypes.PaymentSessionPaymentFailed);
            }

            return;
        }

        marks.Since = now;
        if (marks.Told < MostTold || marks.ToldAt is not { } last || now - last >= ToldPause)
        {
            (marks.IsTold, marks.Told, marks.ToldAt) = (true, marks.Told + 1, now);
            book.Raise(EventTypes.PaymentSessionProcessing);
        }
    }

    private static Int128 ComingIn(PaymentSessionState state, SessionLock due) =>
        state.Signed.Aggregate((Int128)0, (sum, each) => sum + each.Amounts.GetValueOrDefault(due.Asset));

    private void Begin(string wallet, SigningNews news, DateTimeOffset? readUntil)
    {
        // First, whatever becomes of the new one: what stood for the same payments comes to nothing.
        var before = state.Signed.FindAll(
            each => each.Wallet == wallet && (each.Hash == news.SignedHash || news.Replaced?.Contains(each.Hash) == true));
        before.ForEach(each => state.Signed.Remove(each));
        var amounts = news.Amounts.Where(each => state.LockOf(each.Key) is not null && !Dust.Is(each.Value)).ToDictionary();
        if (state.Status != PaymentSessionStatus.Created || amounts.Count == 0 || news.Until < readUntil
            || state.Payments.Exists(payment => payment.CameBy(news.SignedHash)))
        {
            // It has ended, or this has: all that was known of it is judged.
            return;
        }

        var isVain = news.Replaced is null && state.SigningMarks?.Vain.GetValueOrDefault(wallet) >= MostVain;
        if (before.Count == 0 && (isVain || !HasRoomFor(amounts)))
        {
            return;
        }

        state.Signed.Add(new SignedPayment(wallet, news.SignedHash, news.Until, amounts));
    }

    private void End(string wallet, SigningEnd end)
    {
        var at = state.Signed.FindIndex(each => each.Wallet == wallet && each.Hash == end.EndedHash);
        if (at < 0)
        {
            return;
        }

        var soon = time.GetUtcNow() + AgainWithin;
        if (!end.Again)
        {
            InVain(state.Signed[at]);
        }
        else if (soon < state.Signed[at].Until)
        {
            // What is signed anew at once neither ends nor begins anything; what is not holds nobody up.
            state.Signed[at] = state.Signed[at] with { Until = soon };
        }
    }

    // The least gives way to what is more.
    private bool HasRoomFor(Dictionary<string, long> amounts)
    {
        if (state.Signed.Count < MostAtOnce)
        {
            return true;
        }

        var least = state.Signed.MinBy(each => ShareOf(each.Amounts))!;
        return ShareOf(amounts) > ShareOf(least.Amounts) && state.Signed.Remove(least);
    }

    private decimal ShareOf(Dictionary<string, long> amounts) =>
        amounts.Max(each => state.LockOf(each.Key) is { } due ? (decimal)each.Value / due.DueStroops : 0);

    private void InVain(SignedPayment signed)
    {
        state.Signed.Remove(signed);
        var vain = (state.SigningMarks ??= new SigningMarks()).Vain;
        if (vain.TryGetValue(signed.Wallet, out var times) || vain.Count < MostVainWallets)
        {
            vain[signed.Wallet] = times + 1;
        }
    }
}
