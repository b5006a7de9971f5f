using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Merchants;

/// <summary>
/// What counted for sessions and was never booked, because the movement was closed or an operator gave the verdict up. The session does not
/// know: what it settles or releases later is less by that, or it would take what others' sessions have pending.
/// </summary>
internal static class UnbookedSales
{
    /// <summary>
    /// The most that a state keeps of each: an operator closes few, a session's sum is forgotten with its end, and a payment as soon as its
    /// session knows.
    /// </summary>
    public const int Most = 32;

    /// <summary>Remembers what counted and is never pending.</summary>
    /// <exception cref="InvalidOperationException">There are too many already.</exception>
    public static void Note(MerchantState state, SessionVerdict verdict)
    {
        if (verdict.Counted <= 0)
        {
            return;
        }

        var before = state.Unbooked.Find(each => IsOf(each, verdict));
        if (before is null && state.Unbooked.Count >= Most)
        {
            throw new InvalidOperationException($"{Most} sessions have verdicts that were passed over and are not at their end.");
        }

        state.Unbooked.RemoveAll(each => IsOf(each, verdict));
        state.Unbooked.Add(new UnbookedSale(verdict.Session, verdict.Asset, checked((before?.Stroops ?? 0) + verdict.Counted)));
    }

    /// <summary>
    /// Remembers a payment of which nothing is ever booked, until the session says that it knows: what it orders of it before would be paid
    /// of others' money.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are too many already.</exception>
    public static void NoteNeverBooked(MerchantState state, LedgerPlace payment, string session)
    {
        CheckRoom(state);
        state.NeverBooked.Add(new NeverBookedPayment(payment, session));
    }

    /// <summary>Remembers what is held still, though its session said that it is sold; until that says that it knows.</summary>
    /// <exception cref="InvalidOperationException">There are too many already.</exception>
    public static void NoteUnaccepted(MerchantState state, UnacceptedPayment payment)
    {
        CheckRoom(state);
        state.NeverAccepted.Add(payment);
    }

    /// <summary>A session knows what became of a payment: what it ordered before was told before.</summary>
    public static void Forget(MerchantState state, string session, LedgerPlace payment)
    {
        state.NeverBooked.RemoveAll(each => each.Payment == payment && each.Session == session);
        state.NeverAccepted.RemoveAll(each => each.Payment == payment && each.Session == session);
    }

    /// <summary>Forgets that of what is booked now, which its own session accepted once more.</summary>
    public static void NoteAccepted(MerchantState state, OwnerRow row, SessionVerdict verdict)
    {
        if (verdict.Credited > 0 && verdict.Session == row.Sender.Key)
        {
            state.NeverAccepted.RemoveAll(each => each.IsOwn && each.Payment == row.About && each.Session == verdict.Session);
        }
    }

    /// <summary>A verdict without what was never pending.</summary>
    public static SessionVerdict Without(MerchantState state, SessionVerdict verdict)
    {
        if (verdict is { Settled: <= 0, Released: <= 0 } || state.Unbooked.Find(each => IsOf(each, verdict)) is not { } sale)
        {
            return verdict;
        }

        state.Unbooked.RemoveAll(each => IsOf(each, verdict));
        var settled = Math.Max(0, verdict.Settled - sale.Stroops);
        return verdict with
        {
            Settled = settled,
            Fee = Math.Min(verdict.Fee, settled),
            Released = Math.Max(0, verdict.Released - sale.Stroops),
        };
    }

    /// <summary>Whether what is told is about a payment that is in nobody's books.</summary>
    public static bool WasPassedOver(MerchantState state, LedgerPlace? about) =>
        about is { } place && state.NeverBooked.Exists(each => each.Payment == place);

    /// <summary>
    /// Whether what a session tells of a payment is about what it never got: the payment is in nobody's books, or is held still for the
    /// session to which it came. That one may give it back, and its price, but not as what it has taken of it.
    /// </summary>
    public static bool IsOfNothing(MerchantState state, OwnerRow row, bool isOfTaken) => WasPassedOver(state, row.About)
        || state.NeverAccepted.Exists(each =>
            each.Payment == row.About && each.Session == row.Sender.Key && (!each.IsOwn || isOfTaken));

    /// <summary>What a row says, as far as it can be read.</summary>
    public static SessionVerdict? Read(OwnerRow row)
    {
        try
        {
            return SessionVerdict.Of(row.Content);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    // None is forgotten for another: its session may order something of it still.
    private static void CheckRoom(MerchantState state)
    {
        if (state.NeverBooked.Count + state.NeverAccepted.Count >= Most)
        {
            throw new InvalidOperationException(
                $"sessions of {Most} payments that were closed have not heard of it yet. They do within seconds; please try again.");
        }
    }

    private static bool IsOf(UnbookedSale sale, SessionVerdict verdict) => (sale.Session, sale.Asset) == (verdict.Session, verdict.Asset);
}
