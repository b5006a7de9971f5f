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

    /// <summary>Makes the refund that an order asks for, or says why there is none.</summary>
    /// <param name="order">What is asked for.</param>
    /// <param name="feeIsReturned">Whether the platform gives its fee back.</param>
    /// <param name="now">The moment, by business time.</param>
    public Result<RefundRecord> Make(NewRefund order, bool feeIsReturned, DateTimeOffset now)
    {
        var made = order.Payment is { } place ? OfExcess(place, order.Amount) : OfCounted(order.Amount, feeIsReturned);
        if (made.IsSuccess)
        {
            var refund = made.Value;
            (refund.Number, refund.Payment, refund.CreatedAt) = (state.RefundCount + 1, order.Payment, now);
            (refund.Reason, refund.Metadata) = (order.Reason, order.Metadata);
        }

        return made;
    }

    private Result<RefundRecord> OfCounted(long? asked, bool feeIsReturned)
    {
        if (!IsPaid)
        {
            return new Error(ErrorKind.Conflict, "payment_session_not_paid",
                "Only a paid session's price can be refunded. Of another, name the payment whose money is to go back.", "payment_session");
        }

        var left = CountedWorth - Refunded;
        var amount = asked ?? left;
        if (left == 0 || amount > left)
        {
            return TooMuch;
        }

        // By what has left in all, so that rounding never adds up, and the last refund takes the rest.
        var (others, after) = (Live.Where(refund => refund.Payment is null).ToList(), Refunded + amount);
        var stroops = Share(Counted, after) - others.Sum(refund => refund.Stroops());
        var fee = feeIsReturned ? Share(state.Fee, after) - others.Sum(refund => refund.FeeStroops()) : 0;
        var legs = LegsOf(stroops);
        if (stroops < Ledger.Dust.LimitStroops)
        {
            return TooSmall;
        }

        return legs.IsSuccess
            ? new RefundRecord
            {
                Currency = state.Currency, Amount = amount, Asset = state.Asset!, Legs = [.. WithFee(legs.Value, stroops, fee)],
            }
            : legs.Error;
    }

    private long Share(long all, long worth) => worth == CountedWorth ? all : (long)((Int128)all * worth / CountedWorth);

    // Payers get theirs back newest first, never more than they brought.
    private Result<List<RefundLeg>> LegsOf(long stroops)
    {
        var legs = new List<RefundLeg>();
        foreach (var payment in Enumerable.Reverse(state.Payments).Where(payment => payment.Asset == state.Asset))
        {
            var rest = payment.CountedStroops - CountedBack(PlaceOf(payment));
            var part = Math.Min(stroops - legs.Sum(leg => leg.Stroops), rest);
            if (part > 0)
            {
                if (PayerOf(payment) is not { } payer)
                {
                    return NoPayer;
                }

                legs.Add(new RefundLeg(PlaceOf(payment), payer, part));
            }
        }

        return legs.Sum(leg => leg.Stroops) == stroops
            ? legs
            : new Error(ErrorKind.Refused, "refund_payers_unknown",
                $"So many small payments came that only {PaymentSessionBook.MostPayments} are kept; what the others brought cannot be refunded by the session.");
    }

    private long CountedBack(LedgerPlace payment) => Live.Where(refund => refund.Payment is null).SelectMany(refund => refund.Legs)
        .Where(leg => leg.Status != RefundStatus.Failed && leg.Payment == payment).Sum(leg => leg.Stroops);

    private static IEnumerable<RefundLeg> WithFee(List<RefundLeg> legs, long stroops, long fee)
    {
        var given = 0L;
        for (var at = 0; at < legs.Count; at++)
        {
            var part = at == legs.Count - 1 ? fee - given : (long)((Int128)fee * legs[at].Stroops / stroops);
            given += part;
            yield return legs[at] with { FeeStroops = part };
        }
    }

    private Result<RefundRecord> OfExcess(LedgerPlace place, long? asked)
    {
        if (state.Payments.Find(each => PlaceOf(each) == place) is not { } payment)
        {
            return new Error(ErrorKind.NotFound, "payment_not_found",
                "The session knows of no such payment. Send the 'operation_id' of one of its 'payments'.", "payment");
        }

        var left = ExcessOf(payment) - ExcessBack(place);
        var amount = asked ?? left;
        if (left == 0 || amount > left)
        {
            return TooMuch;
        }

        if (PayerOf(payment) is not { } payer)
        {
            return NoPayer;
        }

        return amount < Ledger.Dust.LimitStroops
            ? TooSmall
            : new RefundRecord
            {
                Currency = payment.Asset, Amount = amount, Asset = payment.Asset, Legs = [new RefundLeg(place, payer, amount)],
                IsHeld = payment.Verdict != SessionPaymentVerdict.Overpaid,
            };
    }

    private long ExcessOf(SessionPayment payment) => state.Status switch
    {
        // It counts towards the price as long as it can be paid.
        PaymentSessionStatus.Created => payment.Stroops - payment.CountedStroops,
        PaymentSessionStatus.Paid when payment.Asset == state.Asset => payment.Stroops - payment.CountedStroops,
        _ => payment.Stroops,
    };

    private long ExcessBack(LedgerPlace payment) => Live.Where(refund => refund.Payment == payment).Sum(refund => refund.Stroops());

    // Only a muxed source says who of many paid; the payment's memo speaks of us, never of him.
    private static string? PayerOf(SessionPayment payment) => payment.FromMuxed ?? payment.From;

    private static LedgerPlace PlaceOf(SessionPayment payment) => new(payment.Token, payment.Number);

    private static readonly Error TooMuch = new(ErrorKind.InvalidRequest, "refund_exceeds_payment",
        "The refund is more than what is left to refund.", "amount");

    private static readonly Error TooSmall = new(ErrorKind.InvalidRequest, "refund_too_small",
        "The refund is less than 0.0001 of the asset, which is not worth a transaction.", "amount");

    private static readonly Error NoPayer = new(ErrorKind.Refused, "refund_payer_unknown",
        "The ledger names nobody to whom this payment could be returned.");
}
