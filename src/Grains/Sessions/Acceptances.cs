using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// What becomes of a late payment that its merchant accepts: the session that ended stays as it is and names another one, which is told in
/// the same write what it is to be, as the merchant is told what to book. Touches nothing but the state.
/// </summary>
internal sealed class Acceptances(
    string session, PaymentSessionState state, PaymentSessionBook book, RefundPots pots, MerchantFeeOptions fees, TimeProvider business)
{
    private string? _poked;

    /// <summary>
    /// Accepts a payment, or says why it cannot be. The session that is made of it, or this one where it is what was held beyond its
    /// price; the same for each time.
    /// </summary>
    public Result<PaymentSessionId> Accept(LedgerPlace place, DateTimeOffset now)
    {
        if (Refusal(place) is { } refusal)
        {
            return refusal;
        }

        if (state.Accepted == place)
        {
            return PaymentSessionId.Parse(state.AcceptedAs);
        }

        var payment = Find(place)!;
        if (IsBeyondPrice(payment))
        {
            return Credit(payment, place);
        }

        state.Accepted = place;
        state.Undecided.Remove(place);
        var (born, counted, fee) = Bear(payment, now);
        book.Accept(payment, new SessionVerdict(
            born.Value, payment.Asset, Settled: counted, Fee: fee, Accepted: counted,
            Credited: state.KeepsOver() ? payment.Stroops - counted : 0));
        return born;
    }

    /// <summary>Why a payment cannot be accepted; null where it can be, or was.</summary>
    public Error? Refusal(LedgerPlace place)
    {
        var payment = Find(place);
        if (payment is not null && IsBeyondPrice(payment))
        {
            return payment.IsCredited ? null
                : pots.IsGivingBack(place) ? IsBeingRefunded
                : pots.ExcessLeft(payment) > 0 ? null
                : Refunded;
        }

        return (state.Accepted, payment) switch
        {
            ({ } accepted, _) when accepted != place => new Error(ErrorKind.Conflict, "payment_session_accepted",
                $"Another late payment of the session was accepted already, as {state.AcceptedAs}. This one can be refunded.", "payment"),
            ({ }, _) when state.IsAcceptanceClosed => new Error(ErrorKind.Conflict, "payment_acceptance_closed",
                $"The payment was accepted as {state.AcceptedAs}, and an operator gave that up. It can be refunded.", "payment"),
            ({ }, _) => null,
            (_, null) => RefundPots.NoSuchPayment,
            (_, { } late) => Refusal(late, place),
        };
    }

    /// <summary>The session that was to be made has an id that is another's: it is made under a new one. What was booked is so.</summary>
    public void BearAnew(string taken, DateTimeOffset now)
    {
        // Where an operator gave up that it is sold nothing is to be made any more.
        if (state.AcceptedAs == taken && !state.IsAcceptanceClosed
            && state.Payments.Find(each => Excesses.PlaceOf(each) == state.Accepted) is { } payment)
        {
            Bear(payment, now);
            book.Accept(payment);
            if (state.Unbooked.Contains(Excesses.PlaceOf(payment)))
            {
                PassOn(new UnbookedNews(Excesses.PlaceOf(payment)));
            }
        }
    }

    /// <summary>The payment that was accepted is in nobody's books: the session that was made of it must know, whatever its id.</summary>
    public void Take(UnbookedNews news)
    {
        if (state.Accepted == news.Unbooked)
        {
            PassOn(news);
        }
    }

    private void PassOn(UnbookedNews news) => ((IInboxState)state).Marks().Sent.Add(SentRow.Of(
        new LedgerOwner(PaymentSessionState.Name, state.AcceptedAs!), news.ToJson()));

    // Has it made, under a new id, in the write under way.
    private (PaymentSessionId Born, long Counted, long Fee) Bear(SessionPayment payment, DateTimeOffset now)
    {
        var born = PaymentSessionId.New(business);
        (state.AcceptedAs, _poked) = (born.Value, born.Value);
        var due = state.LockOf(payment.Asset)!;
        var counted = Math.Min(payment.Stroops, due.DueStroops);
        var beyond = payment.Stroops - counted;
        var fee = MerchantFees.Of(counted, fees[state.Tier], due.UsdPrice);
        var judged = payment with
        {
            CountedStroops = counted,
            Verdict = beyond > 0 ? SessionPaymentVerdict.Overpaid : SessionPaymentVerdict.Counted,
            HeldReason = null,
        };
        ((IInboxState)state).Marks().Sent.Add(SentRow.Of(
            new LedgerOwner(PaymentSessionState.Name, born.Value),
            new SessionBirth(
                session, state.Merchant!, state.Address, state.Tier, state.Currency, state.Amount, state.Locks, state.ToleranceBasisPoints,
                state.SuccessUrl, state.CancelUrl, state.Details?.Sealed, judged, fee, now, state.Excess, state.IsPiece, state.Clock,
                state.Origin)
                .ToJson()));
        return (born, counted, fee);
    }

    /// <summary>Makes the session as another one says; where there is one of its id already, the other is told to choose another.</summary>
    /// <param name="birth">What it says.</param>
    /// <param name="isNamed">Whether it is named at its address: else its number is another's.</param>
    public void Take(SessionBirth birth, bool isNamed)
    {
        if (state.Merchant is not null)
        {
            ((IInboxState)state).Marks().Sent.Add(SentRow.Of(
                new LedgerOwner(PaymentSessionState.Name, birth.RecoveredFrom), new BirthRefusal(session).ToJson()));
            _poked = birth.RecoveredFrom;
            return;
        }

        (state.Excess, state.IsPiece, state.Clock, state.Origin) = (birth.Excess, birth.IsPiece, birth.Clock, birth.Origin);
        (state.Merchant, state.Address, state.Tier, state.Currency, state.Amount, state.Locks) =
            (birth.Merchant, birth.Address, birth.Tier, birth.Currency, birth.Amount, birth.Locks);
        (state.ToleranceBasisPoints, state.SuccessUrl, state.CancelUrl) =
            (birth.ToleranceBasisPoints, birth.SuccessUrl, birth.CancelUrl);
        state.Details = birth.Details is { } details ? new SaleDetails(details) : null;
        var payment = Excesses.Judge(state, birth.Payment);
        // Nothing is awaited of it any more.
        (state.CreatedAt, state.ExpiresAt, state.RecoveredFrom) = (birth.At, birth.At, birth.RecoveredFrom);
        (state.Status, state.Asset, state.PaidAt, state.PaidBy, state.Fee) =
            (PaymentSessionStatus.Paid, payment.Asset, payment.DeliveredAt ?? payment.ClosedAt, payment.TransactionHash, birth.Fee);
        state.Counted = new Dictionary<string, long> { [payment.Asset] = payment.CountedStroops };
        (state.Payments, state.PaymentCount) = ([payment], 1);
        state.Facts = payment.Verdict == SessionPaymentVerdict.Overpaid ? SessionFacts.Late | SessionFacts.Overpaid : SessionFacts.Late;
        if (isNamed)
        {
            // Whoever pays by its name all the same pays too much, and not nobody.
            ((IInboxState)state).Marks().PayTo.Add(new PayToMark(state.Address, PaymentSessionId.Parse(session).Number));
        }

        book.Begin(payment);
    }

    /// <summary>An operator gave up that a payment is sold: it is held as before.</summary>
    public void TakeBack(LedgerPlace place)
    {
        var at = state.Payments.FindIndex(each => Excesses.PlaceOf(each) == place);
        if (state.Accepted == place)
        {
            state.IsAcceptanceClosed = true;
        }
        else if (at >= 0 && state.Payments[at].IsCredited)
        {
            state.Payments[at] = state.Payments[at] with { IsHeld = true, IsCredited = false };
        }
        else
        {
            return;
        }

        book.Hold(place, RefundReasons.Closed);
    }

    /// <summary>The session that the write under way has made, or tells that its id is taken; null for none.</summary>
    public string? Flush()
    {
        var poked = _poked;
        _poked = null;
        return poked;
    }

    // What nobody has booked is not there.
    private SessionPayment? Find(LedgerPlace place) =>
        state.Unbooked.Contains(place) ? null : state.Payments.Find(each => Excesses.PlaceOf(each) == place);

    private static bool IsBeyondPrice(SessionPayment payment) =>
        payment.Verdict == SessionPaymentVerdict.Overpaid && (payment.IsHeld || payment.IsCredited);

    // What is beyond the price is the merchant's then, and bears no fee, as where he keeps it from the start.
    private PaymentSessionId Credit(SessionPayment payment, LedgerPlace place)
    {
        if (!payment.IsCredited)
        {
            var left = pots.ExcessLeft(payment);
            var credited = payment with { IsHeld = false, IsCredited = true, HeldReason = null };
            state.Undecided.Remove(place);
            state.Payments[state.Payments.FindIndex(each => Excesses.PlaceOf(each) == place)] = credited;
            book.Accept(credited, new SessionVerdict(session, payment.Asset, Credited: left));
        }

        return PaymentSessionId.Parse(session);
    }

    private static readonly Error Refunded = new(ErrorKind.Conflict, "payment_refunded",
        "Something of the payment was given back, or is about to be: it cannot pay for anything as well.", "payment");

    private static readonly Error IsBeingRefunded = new(ErrorKind.Conflict, "payment_refunded",
        "Something of the payment is about to be given back. When that has ended, what is left can be accepted.", "payment");

    private Error? Refusal(SessionPayment payment, LedgerPlace place) => payment switch
    {
        _ when state.Status == PaymentSessionStatus.Created || state.Parked > 0 => new Error(ErrorKind.Unavailable, "payment_session_busy",
            "What came for the payment session in time is being judged. Please try again in a moment."),
        { Verdict: SessionPaymentVerdict.WrongAsset } => new Error(ErrorKind.InvalidRequest, "payment_asset_not_taken",
            "The payment is in an asset for which the session has no price, so nobody can say that it pays it. It can be refunded.", "payment"),
        { Verdict: not SessionPaymentVerdict.Late } => new Error(ErrorKind.InvalidRequest, "payment_not_late",
            "Only what came after the session's end, or is held beyond its price, can be accepted.", "payment"),
        _ when payment.Stroops < state.EnoughOf(state.LockOf(payment.Asset)!) => new Error(ErrorKind.InvalidRequest, "payment_below_price",
            "The payment is less than the session's price, and a session is paid in full or not at all. It can be refunded.", "payment"),
        _ when pots.RefundedOf(place) > 0 => Refunded,
        // The session that is made of it knows nothing of the address.
        _ when state.RefundAddresses.Exists(each => each.Payment == place) => new Error(ErrorKind.Conflict, "payment_has_refund_address",
            "Where what is given back of the payment goes was decided. Withdraw that to accept it.", "payment"),
        _ => null,
    };
}
