using StellarPay.Grains.Events;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using EventId = StellarPay.Grains.Identifiers.EventId;

namespace StellarPay.Grains.Refunds;

/// <summary>
/// Where what is given back of a session's payments goes, by its merchant's decisions: one of each payment, which waits for a day, so that
/// whoever it wrongs can have it taken back. Until then nothing of it is given back; without one it goes to who paid. Touches nothing but
/// the state.
/// </summary>
internal sealed class RefundAddressBook(string session, PaymentSessionState state, RefundBook refunds, SessionVoice voice)
{
    /// <summary>How many such decisions a session has in a day (UTC), withdrawn ones among them: each is told to people.</summary>
    public const int MostADay = 20;

    /// <summary>For how long a decision waits before it holds.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromHours(24);

    /// <summary>For how long where no customer can be told of it: then the business's people alone can see what is wrong.</summary>
    public static readonly TimeSpan WaitUnheard = TimeSpan.FromHours(72);

    private readonly List<(string Type, LedgerPlace Payment)> _raised = [];

    private static readonly Error TooMany = new(ErrorKind.Conflict, "refund_addresses_too_many",
        $"A payment session has {MostADay} decisions on refund addresses in a day at most.");

    private static readonly Error Refunded = new(ErrorKind.Conflict, "payment_refunded",
        "Nothing of the payment is left that could be given back.", "payment");

    // Why something is held that goes back as soon as it is known where to.
    private static readonly HashSet<string> Reasons = new(
        [
            RefundPayers.Required, RefundPayers.Unusable, RefundReasons.PayerUnknown, RefundReasons.AddressWaiting, RefundReasons.Suspended,
        ],
        StringComparer.Ordinal);

    // Why something is held for which the address alone was the reason: nothing goes there while its merchant is suspended.
    private static readonly HashSet<string> ReasonsOfAddress = new(
        [RefundReasons.AddressWaiting, RefundReasons.Suspended], StringComparer.Ordinal);

    /// <summary>When the next decision holds that waits; null for none.</summary>
    public static DateTimeOffset? NextOf(PaymentSessionState state) => state.RefundAddresses
        .Where(each => each.IsAwaited()).Select(each => (DateTimeOffset?)each.EffectiveAt).Min();

    /// <summary>Whether somebody is paid there by a decision that holds.</summary>
    public bool Names(RefundPayee payee) =>
        state.RefundAddresses.Exists(each => each.IsInEffect && new RefundPayee(each.Address, each.Memo) == payee);

    /// <summary>The payment of which a decision speaks, or why nothing can be decided of it.</summary>
    public Result<SessionPayment> Find(LedgerPlace place)
    {
        if (state.Unbooked.Contains(place) || state.Payments.Find(each => Excesses.PlaceOf(each) == place) is not { } payment)
        {
            return RefundPots.NoSuchPayment;
        }

        return state.Accepted == place && !state.IsAcceptanceClosed
            ? new Error(ErrorKind.Conflict, "payment_accepted",
                $"The payment was accepted, and has paid {state.AcceptedAs}: it is given back of that session.", "payment")
            : payment;
    }

    /// <summary>Decides; whether that says anything new, or why it cannot be.</summary>
    public Result<bool> Decide(NewRefundAddress order, DateTimeOffset now)
    {
        var found = Find(order.Payment);
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        var at = state.RefundAddresses.FindIndex(each => each.Payment == order.Payment);
        if (at >= 0 && state.RefundAddresses[at] is { IsLapsed: false } present && present.Address == order.Address
            && present.Memo == order.Memo)
        {
            return false;
        }

        // What was asked for and has not left is given up below, and goes where it is decided now.
        if (found.Value.Stroops - refunds.Pots.PaidBackOf(order.Payment) < Dust.LimitStroops)
        {
            return Refunded;
        }

        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var before = state.RefundAddressDay is { } last && last.Day == day ? last.Tries : 0;
        if (before >= MostADay)
        {
            return TooMany;
        }

        state.RefundAddressDay = new RefundDay(day, before + 1);
        var decided = new RefundAddress(
            order.Payment, order.Address, order.Memo, order.DecidedBy.Value, now, now + (order.IsCustomerTold ? Wait : WaitUnheard));
        // What was decided before holds no more; and what was asked for before anything was decided would go to nobody, more often than
        // not.
        refunds.GiveUp(
            order.Payment,
            at >= 0 && state.RefundAddresses[at].IsInEffect ? RefundReasons.AddressWithdrawn : RefundReasons.AddressWaiting);
        if (at >= 0)
        {
            state.RefundAddresses[at] = decided;
        }
        else
        {
            state.RefundAddresses.Add(decided);
        }

        _raised.Add((EventTypes.RefundAddressSet, order.Payment));
        return true;
    }

    /// <summary>Takes a decision back; whether there was one, or why none could be.</summary>
    public Result<bool> Withdraw(LedgerPlace place)
    {
        if (state.RefundAddresses.Find(each => each.Payment == place) is not { } before)
        {
            return Find(place) is { IsSuccess: false, Error: var unknown } ? unknown : false;
        }

        state.RefundAddresses.Remove(before);
        if (before.IsInEffect)
        {
            refunds.GiveUp(place, RefundReasons.AddressWithdrawn);
        }

        GiveBack(place, ReasonsOfAddress);
        _raised.Add((EventTypes.RefundAddressWithdrawn, place));
        return true;
    }

    /// <summary>Those that wait, and whose time has come.</summary>
    public RefundAddress[] DueBy(DateTimeOffset now) =>
        [.. state.RefundAddresses.Where(each => each.IsAwaited() && each.EffectiveAt <= now)];

    /// <summary>
    /// Has one never hold, since whoever decided it may no more. That is no withdrawal: nobody says that what is given back goes to the
    /// payer, so it goes nowhere until somebody says where.
    /// </summary>
    public void Lapse(LedgerPlace place)
    {
        var at = state.RefundAddresses.FindIndex(each => each.Payment == place);
        state.RefundAddresses[at] = state.RefundAddresses[at] with { IsLapsed = true };
        _raised.Add((EventTypes.RefundAddressLapsed, place));
    }

    /// <summary>
    /// Has those hold whose time has come. What was to go back by the merchant's setting, and is held since nobody knew where to, is to be
    /// decided once more. Whether there were any.
    /// </summary>
    public bool TakeEffect(DateTimeOffset now)
    {
        var isAny = false;
        for (var at = 0; at < state.RefundAddresses.Count; at++)
        {
            var each = state.RefundAddresses[at];
            if (each.IsAwaited() && each.EffectiveAt <= now)
            {
                isAny = true;
                state.RefundAddresses[at] = each with { IsInEffect = true };
                GiveBack(each.Payment, Reasons);
                _raised.Add((EventTypes.RefundAddressActive, each.Payment));
            }
        }

        return isAny;
    }

    /// <summary>Puts what was raised into the outbox.</summary>
    public void Flush(DateTimeOffset now)
    {
        foreach (var (type, place) in _raised)
        {
            state.Sequence++;
            state.Outbox.Add(new OutboxEvent(
                EventId.New(voice.Business).Value, type, now, session, state.Merchant,
                voice.Say(session, state, state.Payments.Find(each => Excesses.PlaceOf(each) == place))));
        }

        _raised.Clear();
    }

    // What was to go back by the merchant's setting, and was held for a reason that is none any more.
    private void GiveBack(LedgerPlace place, HashSet<string> reasons)
    {
        var at = state.Payments.FindIndex(each => Excesses.PlaceOf(each) == place);
        if (at >= 0 && state.Payments[at] is { HeldReason: { } reason } held && reasons.Contains(reason)
            && refunds.Pots.ExcessLeft(held) > 0 && Find(place).IsSuccess && !state.Undecided.Contains(place))
        {
            state.Payments[at] = held with { HeldReason = null };
            state.Undecided.Add(place);
            state.Delays = 0;
        }
    }
}
