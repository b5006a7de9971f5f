using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Grains.Refunds;

/// <summary>
/// What of a session can be given back: what counted, once it is paid, in its price's currency; and of each payment what is beyond that
/// (over, late, in a wrong asset, of a session that ended unpaid), in its own asset. Reads the state, and changes nothing.
/// </summary>
internal sealed class RefundPots(PaymentSessionState state)
{
    private IEnumerable<RefundRecord> Live => state.Refunds.Where(refund => refund.Status != RefundStatus.Failed);

    private bool IsPaid => state.Status == PaymentSessionStatus.Paid;

    /// <summary>What counted, in ten-millionths of the price's currency: whole minor units of it.</summary>
    public long CountedWorth
    {
        get
        {
            var worth = IsPaid ? (long)((Int128)Counted * state.Amount / Due) : 0;
            return Currencies.IsCode(state.Currency) ? worth - worth % Currencies.UnitOf(state.Currency) : worth;
        }
    }

    /// <summary>What of that is given back, or about to be.</summary>
    public long Refunded => Live.Where(refund => refund.Payment is null).Sum(refund => refund.Amount);

    private long Counted => IsPaid ? state.Counted.GetValueOrDefault(state.Asset!) : 0;

    private long Due => Array.Find(state.Locks, each => each.Asset == state.Asset)!.DueStroops;

    /// <summary>What of a payment is given back, or about to be, in stroops.</summary>
    public long RefundedOf(LedgerPlace payment) => Live.SelectMany(refund => refund.Legs)
        .Where(leg => leg.Status != RefundStatus.Failed && leg.Payment == payment).Sum(leg => leg.Stroops);

    /// <summary>What of that has left: what waits still can be called off.</summary>
    public long PaidBackOf(LedgerPlace payment) => Live.SelectMany(refund => refund.Legs)
        .Where(leg => leg.Status == RefundStatus.Succeeded && leg.Payment == payment).Sum(leg => leg.Stroops);

    /// <summary>Whether what is given back of a payment goes where its merchant decided.</summary>
    public bool IsDecided(LedgerPlace payment) => DecisionOn(payment) is not null;

    /// <summary>What of a payment is beyond the price, late or in a wrong asset, and neither given back nor about to be.</summary>
    public long ExcessLeft(SessionPayment payment) => ExcessOf(payment) - ExcessBack(PlaceOf(payment));

    /// <summary>Whether something of that is about to be given back: it may yet fail.</summary>
    public bool IsGivingBack(LedgerPlace payment) =>
        state.Refunds.Exists(refund => refund.Payment == payment && refund.Status == RefundStatus.Pending);

    /// <summary>Makes the refund that an order asks for, or says why there is none.</summary>
    /// <param name="order">What is asked for.</param>
    /// <param name="feeIsReturned">Whether the platform gives its fee back.</param>
    /// <param name="now">The moment, by business time.</param>
    /// <param name="unpayable">Payers who cannot be paid: others get theirs all the same.</param>
    public Result<RefundRecord> Make(NewRefund order, bool feeIsReturned, DateTimeOffset now, IReadOnlySet<RefundPayee> unpayable)
    {
        var made = order.Payment is { } place ? OfExcess(place, order.Amount) : OfCounted(order.Amount, feeIsReturned, unpayable);
        if (made.IsSuccess)
        {
            var refund = made.Value;
            (refund.Number, refund.Payment, refund.CreatedAt) = (state.RefundCount + 1, order.Payment, now);
            (refund.Reason, refund.Metadata, refund.IsClaimed) = (order.Reason, order.Metadata, order.IsClaimed);
        }

        return made;
    }

    private Result<RefundRecord> OfCounted(long? asked, bool feeIsReturned, IReadOnlySet<RefundPayee> unpayable)
    {
        if (!IsPaid)
        {
            return new Error(ErrorKind.Conflict, "payment_session_not_paid",
                "Only a paid session's price can be refunded. Of another, name the payment whose money is to go back.", "payment_session");
        }

        var (before, left) = (Refunded, CountedWorth - Refunded);
        var amount = asked ?? left;
        if (left == 0 || amount > left)
        {
            return TooMuch;
        }

        // By what has left in all, so that rounding never adds up, and the last refund takes the rest.
        var others = Live.Where(refund => refund.Payment is null).ToList();
        var stroops = Share(Counted, before + amount) - others.Sum(refund => refund.Stroops());
        var legs = LegsOf(stroops, unpayable);
        var paid = legs.Sum(leg => leg.Stroops);
        if (stroops - paid >= Dust.LimitStroops)
        {
            if (asked is not null || paid == 0)
            {
                return state.Payments.Exists(payment => payment.Asset == state.Asset && Waits(payment)) ? Waiting : PayersUnknown;
            }

            // All that there is to refund is all that can be.
            amount = WorthOf(paid);
        }

        if (paid < Dust.LimitStroops || amount == 0)
        {
            return TooSmall;
        }

        // Share by share of what is given back from here on: what was not given back before is not made up for.
        var fee = feeIsReturned && state.Unbooked.Count == 0
            ? Math.Clamp(
                Share(state.Fee, before + amount) - Share(state.Fee, before), 0, state.Fee - others.Sum(refund => refund.FeeStroops()))
            : 0;
        // With what goes where the merchant said none is: he could give his sales back to himself, and would have had them for nothing.
        var toPayers = legs.Where(leg => DecisionOn(leg.Payment) is null).Sum(leg => leg.Stroops);
        fee = (long)((Int128)fee * toPayers / paid);
        return new RefundRecord
        {
            Currency = state.Currency, Amount = amount, Asset = state.Asset!, Legs = [.. WithFee(legs, toPayers, fee)],
        };
    }

    private long Share(long all, long worth) => worth == CountedWorth ? all : (long)((Int128)all * worth / CountedWorth);

    private long WorthOf(long stroops)
    {
        var worth = (long)((Int128)stroops * CountedWorth / Counted);
        return Currencies.IsCode(state.Currency) ? worth - worth % Currencies.UnitOf(state.Currency) : worth;
    }

    // Payers get theirs back newest first, never more than they brought. Of dust nobody knows who brought it: it stays with the merchant.
    private List<RefundLeg> LegsOf(long stroops, IReadOnlySet<RefundPayee> unpayable)
    {
        var legs = new List<RefundLeg>();
        foreach (var payment in Enumerable.Reverse(state.Payments).Where(payment => payment.Asset == state.Asset && IsBooked(payment)))
        {
            var rest = payment.CountedStroops - CountedBack(PlaceOf(payment));
            var part = Math.Min(stroops - legs.Sum(leg => leg.Stroops), rest);
            if (part > 0 && !Waits(payment) && PayeeOf(payment) is { } payee && !unpayable.Contains(payee))
            {
                legs.Add(new RefundLeg(PlaceOf(payment), payee.To, part, Memo: payee.Memo));
            }
        }

        return legs;
    }

    /// <summary>Whether the merchant has it: what an operator has closed is in nobody's books, and cannot be given back.</summary>
    public bool IsBooked(SessionPayment payment) => !state.Unbooked.Contains(PlaceOf(payment));

    private long CountedBack(LedgerPlace payment) => Live.Where(refund => refund.Payment is null).SelectMany(refund => refund.Legs)
        .Where(leg => leg.Status != RefundStatus.Failed && leg.Payment == payment).Sum(leg => leg.Stroops);

    private IEnumerable<RefundLeg> WithFee(List<RefundLeg> legs, long stroops, long fee)
    {
        var (given, left) = (0L, stroops);
        foreach (var leg in legs)
        {
            var takesPart = DecisionOn(leg.Payment) is null;
            left -= takesPart ? leg.Stroops : 0;
            var part = !takesPart ? 0 : left == 0 ? fee - given : (long)((Int128)fee * leg.Stroops / stroops);
            given += part;
            yield return leg with { FeeStroops = part };
        }
    }

    private Result<RefundRecord> OfExcess(LedgerPlace place, long? asked)
    {
        if (state.Payments.Find(each => PlaceOf(each) == place) is not { } payment || !IsBooked(payment))
        {
            return NoSuchPayment;
        }

        if (state.Accepted == place && !state.IsAcceptanceClosed)
        {
            return new Error(ErrorKind.Conflict, "payment_accepted",
                $"The payment was accepted, and has paid {state.AcceptedAs}: refund that session.", "payment");
        }

        var left = ExcessLeft(payment);
        var amount = asked ?? left;
        if (left == 0 || amount > left)
        {
            return TooMuch;
        }

        if (Waits(payment))
        {
            return Waiting;
        }

        if (PayeeOf(payment) is not { } payee)
        {
            return NoPayer;
        }

        return amount < Dust.LimitStroops
            ? TooSmall
            : new RefundRecord
            {
                Currency = payment.Asset, Amount = amount, Asset = payment.Asset,
                Legs = [new RefundLeg(place, payee.To, amount, Memo: payee.Memo)],
                // What counted is given back by its payment only where the session ended unpaid by it, and is held since.
                IsHeld = payment.IsHeld || payment.Verdict == SessionPaymentVerdict.Counted,
            };
    }

    /// <summary>What of a payment is beyond the price, late or in a wrong asset, or came for a session that ended unpaid.</summary>
    public long ExcessOf(SessionPayment payment) => state.Status switch
    {
        // It counts towards the price as long as it can be paid.
        PaymentSessionStatus.Created => payment.Stroops - payment.CountedStroops,
        PaymentSessionStatus.Paid when payment.Asset == state.Asset => payment.Stroops - payment.CountedStroops,
        _ => payment.Stroops,
    };

    private long ExcessBack(LedgerPlace payment) => Live.Where(refund => refund.Payment == payment).Sum(refund => refund.Stroops());

    /// <summary>
    /// Who can be paid it back: only a muxed source says who of many paid; the payment's memo speaks of us, never of him. A contract is no
    /// account: nothing can be paid to it.
    /// </summary>
    public static string? PayerOf(SessionPayment payment) =>
        payment.FromMuxed ?? (payment.From is { } from && from.StartsWith('G') ? from : null);

    /// <summary>Who is paid by a part of a refund, and whether anybody can say who he is.</summary>
    public RefundPayee PayeeOf(RefundLeg leg) => new(leg.To, leg.Memo, IsUnnamed: DecisionOn(leg.Payment) is null
        && state.Payments.Exists(payment => payment.AtOwnAddress && PlaceOf(payment) == leg.Payment));

    // Where its merchant decided that it goes; else whence it came, which says of nobody who he is that paid at a session's own address.
    private RefundPayee? PayeeOf(SessionPayment payment) =>
        DecisionOn(PlaceOf(payment)) is { } decided ? new RefundPayee(decided.Address, decided.Memo)
        : PayerOf(payment) is { } payer ? new RefundPayee(payer, IsUnnamed: payment.AtOwnAddress)
        : null;

    // It is decided because many pay from there, more often than not: what went there meanwhile would be lost.
    private bool Waits(SessionPayment payment) => DecisionOn(PlaceOf(payment)) is { IsInEffect: false };

    private RefundAddress? DecisionOn(LedgerPlace payment) => state.RefundAddresses.Find(each => each.Payment == payment);

    private static LedgerPlace PlaceOf(SessionPayment payment) => new(payment.Token, payment.Number);

    /// <summary>It knows of no such payment, or it is in nobody's books.</summary>
    public static Error NoSuchPayment { get; } = new(ErrorKind.NotFound, "payment_not_found",
        "The session knows of no such payment. Send the 'operation_id' of one of its 'payments'.", "payment");

    private static readonly Error TooMuch = new(ErrorKind.InvalidRequest, "refund_exceeds_payment",
        "The refund is more than what is left to refund.", "amount");

    private static readonly Error TooSmall = new(ErrorKind.InvalidRequest, "refund_too_small",
        "The refund is less than 0.0001 of the asset, which is not worth a transaction.", "amount");

    private static readonly Error PayersUnknown = new(ErrorKind.Refused, "refund_payers_unknown",
        $"So much cannot be paid back to who paid it: some of them cannot be paid, or more than {PaymentSessionBook.MostPayments} payments came. "
        + "Without an amount, all is refunded that can be. Where a payment's goes can be decided, too ('refund_addresses').");

    private static readonly Error Waiting = new(ErrorKind.Conflict, RefundReasons.AddressWaiting,
        "Where what is given back of the payment goes was decided, and does not hold: it waits still, or who decided it may no more. "
        + "Decide anew, or withdraw it for who paid to get it, where the ledger says who that is.");

    private static readonly Error NoPayer = new(ErrorKind.Refused, RefundReasons.PayerUnknown,
        "The ledger names nobody to whom this payment could be returned.");
}
