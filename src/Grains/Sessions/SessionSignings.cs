using System.Globalization;
using StellarPay.Grains.Events;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// The fact that a session is about to be paid: a wallet here has signed what completes it. It lasts until the ledger has that, the wallet
/// says that nothing came of it, or all ledgers are read that may have it: what is told and lost keeps it from nothing. Touches nothing
/// but the state.
/// </summary>
internal sealed class SessionSignings(PaymentSessionState state, PaymentSessionBook book)
{
    /// <summary>The most wallets that are known of at once: it lasts as long as one does.</summary>
    public const int MostAtOnce = 5;

    /// <summary>
    /// How many are noted of a session at most. Who pays with success does so once; who signs again and again what cannot succeed keeps its
    /// merchant from cancelling no longer than these are valid.
    /// </summary>
    public const int Most = 10;

    // A ledger's time and the follower's: then it is told anyway, if at all.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    /// <summary>Whether it is so.</summary>
    public bool Any => state.Signed.Count > 0;

    /// <summary>Why it is not cancelled while it is so: what is paid in good faith must not come too late.</summary>
    public Error CannotCancel => new(ErrorKind.Conflict, "payment_session_processing", string.Create(
        CultureInfo.InvariantCulture,
        $"A wallet here has signed what pays the payment session. What becomes of it is known a moment after {state.Signed.Max(each => each.Until).UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} at the latest: please try again."));

    /// <summary>Takes in what a wallet told.</summary>
    public void Take(OwnerRow row)
    {
        if (SigningNews.Find(row.Content) is { } news)
        {
            Begin(row.Sender.Key, news);
        }
        else if (SigningEnd.Find(row.Content) is { } end)
        {
            Remove(each => each.Wallet == row.Sender.Key && each.Hash == end.EndedHash);
        }
        else
        {
            throw new InvalidOperationException("a wallet tells a session of what it has signed, and of its end, and nothing else.");
        }
    }

    /// <summary>The ledger brings something for the session: what that was to it is told as such.</summary>
    public void Arrived(LedgerOperation movement) => state.Signed.RemoveAll(
        each => each.Hash == movement.TransactionHash || each.Hash == movement.InnerTransactionHash);

    /// <summary>All that ledgers hold up to a moment is judged: what had to be in one by then is in none. Whether there was such.</summary>
    public bool Lapse(DateTimeOffset readUntil) => Remove(each => each.Until < readUntil);

    /// <summary>Whether the ledgers up to a moment may end one that nobody told the end of.</summary>
    public bool MayLapse(DateTimeOffset readUntil) => state.Signed.Exists(each => each.Until < readUntil);

    /// <summary>It has ended, and is about to be nothing more.</summary>
    public void Clear() => state.Signed.Clear();

    /// <summary>When to look whether it is over still; null where there is nothing to look at.</summary>
    public static DateTimeOffset? LookAt(PaymentSessionState state, DateTimeOffset now)
    {
        if (state.Signed.Count == 0)
        {
            return null;
        }

        var first = state.Signed.Min(each => each.Until) + Grace;
        return first > now ? first : now + Again;
    }

    private void Begin(string wallet, SigningNews news)
    {
        var known = state.Signed.FindIndex(each => each.Wallet == wallet);
        if (state.Status != PaymentSessionStatus.Created || state.Signings >= Most || !Completes(news)
            || (known < 0 && state.Signed.Count >= MostAtOnce))
        {
            return;
        }

        state.Signings++;
        var signed = new SignedPayment(wallet, news.SignedHash, news.Until);
        if (known >= 0)
        {
            // It has one transaction at a time: the one before is decided.
            state.Signed[known] = signed;
            return;
        }

        state.Signed.Add(signed);
        if (state.Signed.Count == 1)
        {
            book.RaiseSeldom(EventTypes.PaymentSessionProcessing);
        }
    }

    // A part keeps nobody from cancelling: it is its payer's to have back whether it comes before that or after.
    private bool Completes(SigningNews news) => Array.Exists(state.Locks, due => news.Amounts.TryGetValue(due.Asset, out var stroops)
        && (Int128)state.Counted.GetValueOrDefault(due.Asset) + stroops >= state.EnoughOf(due));

    private bool Remove(Predicate<SignedPayment> which)
    {
        if (state.Signed.RemoveAll(which) == 0)
        {
            return false;
        }

        if (state.Signed.Count == 0 && state.Status == PaymentSessionStatus.Created)
        {
            // Always, that no page shows for ever what was: there are no more of these than were noted.
            book.Raise(EventTypes.PaymentSessionPaymentFailed);
        }

        return true;
    }
}
