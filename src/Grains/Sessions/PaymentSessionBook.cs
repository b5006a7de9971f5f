using StellarPay.Grains.Events;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using EventId = StellarPay.Grains.Identifiers.EventId;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// Every change that a session goes through, with its events and with what it tells the merchant. It is paid once, whatever comes twice
/// or at once: what comes after its end is recorded and judged, and changes no status.
/// </summary>
internal sealed class PaymentSessionBook(string session, PaymentSessionState state, SessionVoice voice, MerchantFeeOptions fees)
{
    /// <summary>The most payments that are kept with the session; all of them are in its merchant's events.</summary>
    public const int MostPayments = 50;

    private const int PaymentEventsAtOnce = 20;
    private static readonly TimeSpan PaymentEventPause = TimeSpan.FromHours(1);

    private readonly List<(string Type, SessionPayment? Payment)> _raised = [];
    private readonly SessionVerdicts _verdicts = new(state);

    /// <summary>How many events the write under way has.</summary>
    public int Count => _raised.Count + _verdicts.Count;

    /// <summary>Makes it.</summary>
    public void Create(string merchant, MerchantFacts facts, NewPaymentSession order, SessionLock[] locks, DateTimeOffset now)
    {
        (state.Merchant, state.Address, state.Tier, state.Currency, state.Amount, state.Locks) =
            (merchant, facts.Address, facts.Tier, order.Currency, order.Amount, locks);
        (state.ToleranceBasisPoints, state.SuccessUrl, state.CancelUrl) =
            (order.ToleranceBasisPoints, order.SuccessUrl, order.CancelUrl);
        (state.Excess, state.IsPiece, state.OffersAddress, state.Origin) = (facts.Excess, order.IsPiece, order.OffersAddress, order.Origin);
        (state.CreatedAt, state.ExpiresAt) = (now, now + order.ExpiresIn);
        state.Details = order.Details is { } details ? new SaleDetails(details) : null;
        Raise(EventTypes.PaymentSessionCreated);
    }

    /// <summary>Somebody sees its page, the first time.</summary>
    public void View(DateTimeOffset now)
    {
        state.ViewedAt = now;
        Raise(EventTypes.PaymentSessionViewed);
    }

    /// <summary>Where else it can be paid has changed.</summary>
    public void ChangeAddress() => Raise(EventTypes.PaymentSessionAddressChanged);

    /// <summary>Judges something that came to its address in its name, or was assigned to it.</summary>
    public void Take(
        LedgerPlace place, LedgerOperation movement, DateTimeOffset now, UnmatchedReceipt? receipt = null, bool atOwnAddress = false)
    {
        if (movement.To != state.Address || movement.Amount is not { Stroops: > 0 } amount)
        {
            return;
        }

        var (asset, got) = (amount.Asset.Canonical, amount.Stroops);
        var counted = 0L;
        var verdict = VerdictOf(movement, asset, now);
        if (verdict == SessionPaymentVerdict.Counted)
        {
            var before = state.Counted.GetValueOrDefault(asset);
            counted = Math.Min(got, state.LockOf(asset)!.DueStroops - before);
            state.Counted[asset] = before + counted;
            verdict = counted < got ? SessionPaymentVerdict.Overpaid : verdict;
        }

        var isKept = verdict == SessionPaymentVerdict.Overpaid && state.KeepsOver();
        _verdicts.Tell(
            new SessionVerdict(
                session, asset, got, counted, Kept: isKept ? got - counted : 0, Held: isKept ? 0 : got - counted, Receipt: receipt),
            place, Dust.Is(got));
        var payment = Note(place, movement, asset, got, counted, verdict, now, atOwnAddress);
        Conclude(asset, payment, movement, isDust: Dust.Is(got), now);
    }

    /// <summary>Ends it unpaid: everything that the ledger holds up to its end has been judged.</summary>
    public void Expire() => End(PaymentSessionStatus.Expired, EventTypes.PaymentSessionExpired);

    /// <summary>Its merchant ends it.</summary>
    public void Cancel(string? reason, DateTimeOffset now)
    {
        (state.CanceledAt, state.CancellationReason) = (now, reason);
        End(PaymentSessionStatus.Canceled, EventTypes.PaymentSessionCanceled);
    }

    /// <summary>A late payment is accepted: the merchant, who holds it, is told that it pays another session; once.</summary>
    public void Accept(SessionPayment payment, SessionVerdict? verdict = null)
    {
        Raise(EventTypes.PaymentSessionAccepted, payment);
        if (verdict is not null)
        {
            _verdicts.Tell(verdict, new LedgerPlace(payment.Token, payment.Number), isDust: false);
        }
    }

    /// <summary>A payment stays held, though its merchant chose otherwise.</summary>
    public void Hold(LedgerPlace place, string why)
    {
        var at = state.Payments.FindIndex(each => Excesses.PlaceOf(each) == place);
        if (at >= 0)
        {
            state.Payments[at] = state.Payments[at] with { HeldReason = why };
            RaiseOfPayment(SessionFacts.None, EventTypes.PaymentSessionHeld, state.Payments[at]);
        }
    }

    /// <summary>It is there, and paid by what came too late for another.</summary>
    public void Begin(SessionPayment payment)
    {
        Raise(EventTypes.PaymentSessionCreated);
        Raise(EventTypes.PaymentSessionPaid, payment);
        if (payment.Verdict == SessionPaymentVerdict.Overpaid)
        {
            Raise(EventTypes.PaymentSessionOverpaid, payment);
        }
    }

    /// <summary>Puts what was raised into the outbox, and what the merchant is told into his inbox.</summary>
    /// <param name="now">When that happened.</param>
    public void Flush(DateTimeOffset now)
    {
        foreach (var (type, payment) in _raised)
        {
            state.Sequence++;
            state.Outbox.Add(new OutboxEvent(
                EventId.New(voice.Business).Value, type, now, session, state.Merchant,
                voice.Say(session, state, payment)));
        }

        _raised.Clear();
        _verdicts.Flush();
    }

    private SessionPaymentVerdict VerdictOf(LedgerOperation movement, string asset, DateTimeOffset now) => state.Status switch
    {
        _ when state.LockOf(asset) is null => SessionPaymentVerdict.WrongAsset,
        PaymentSessionStatus.Paid when asset != state.Asset => SessionPaymentVerdict.WrongAsset,
        PaymentSessionStatus.Paid => SessionPaymentVerdict.Overpaid,
        PaymentSessionStatus.Created when state.IsInTime(movement, now) => SessionPaymentVerdict.Counted,
        _ => SessionPaymentVerdict.Late,
    };

    // What there is of dust is in the sums, and in nobody's list.
    private SessionPayment? Note(
        LedgerPlace place, LedgerOperation movement, string asset, long got, long counted, SessionPaymentVerdict verdict,
        DateTimeOffset now, bool atOwnAddress)
    {
        if (Dust.Is(got))
        {
            return null;
        }

        var payment = new SessionPayment(
            place.Token, place.Number, movement.TransactionHash, movement.Ledger, movement.ClosedAt, movement.From ?? movement.Creator,
            movement.FromMuxed, asset, got, counted, verdict, DeliveredAt: state.Clock is null ? null : state.DeliveredAt(movement, now),
            AtOwnAddress: atOwnAddress, InnerHash: movement.InnerTransactionHash);
        state.PaymentCount++;
        if (state.Payments.Count == MostPayments)
        {
            // Whoever knows the memo can send much for little: of what is kept, the least gives way to what is more, but nothing of which
            // something is given back, or that was accepted.
            var least = state.Payments.Where(each => !IsNeeded(each)).MinBy(WeightOf);
            if (least is null || WeightOf(least).CompareTo(WeightOf(payment)) >= 0)
            {
                return payment;
            }

            state.Payments.Remove(least);
            // It is held, as what is not kept: a stranger's fifty must not keep what is more from being decided.
            state.Undecided.Remove(Excesses.PlaceOf(least));
        }

        payment = Excesses.Judge(state, payment);
        state.Payments.Add(payment);
        return payment;
    }

    // What counts first; then what it is of the price; then, of what has no price, how much it is.
    private (long Counted, decimal OfPrice, long Stroops) WeightOf(SessionPayment payment) => (
        payment.CountedStroops,
        state.LockOf(payment.Asset) is { } due ? (decimal)payment.Stroops / due.DueStroops : 0,
        payment.Stroops);

    private bool IsNeeded(SessionPayment payment)
    {
        var place = new LedgerPlace(payment.Token, payment.Number);
        return state.Accepted == place || payment.IsCredited || state.RefundAddresses.Exists(each => each.Payment == place)
            // What a payer claimed is needed while it is on its way; else strangers would fill the places with what comes back to them.
            || state.Refunds.Exists(refund => (!refund.IsClaimed || refund.Status == RefundStatus.Pending)
                && refund.Legs.Exists(leg => leg.Payment == place));
    }

    private void Conclude(string asset, SessionPayment? payment, LedgerOperation movement, bool isDust, DateTimeOffset now)
    {
        if (state.Status == PaymentSessionStatus.Created && state.Counted.GetValueOrDefault(asset) is > 0 and var counted
            && counted >= state.EnoughOf(state.LockOf(asset)!))
        {
            Settle(asset, payment, movement, now);
        }
        else if (!isDust && payment is { Verdict: SessionPaymentVerdict.Counted })
        {
            // In what it is being paid is what most of the price has come in; only what completes it decides. A stranger's little of
            // another asset must not keep its payer from paying.
            state.Asset = Furthest();
            RaiseOfPayment(SessionFacts.Underpaid, EventTypes.PaymentSessionUnderpaid, payment);
        }

        if (!isDust && payment is not null && FactOf(payment.Verdict) is var (fact, type) && fact != SessionFacts.None)
        {
            RaiseOfPayment(fact, type, payment);
        }
    }

    private string Furthest() => state.Locks
        .OrderByDescending(each => (Int128)state.Counted.GetValueOrDefault(each.Asset) * long.MaxValue / each.DueStroops).First().Asset;

    private void Settle(string asset, SessionPayment? payment, LedgerOperation movement, DateTimeOffset now)
    {
        // What was there before the session was assigned to it, and pays it now.
        var paidAt = state.Clock is not null ? state.DeliveredAt(movement, now)
            : movement.ClosedAt < state.CreatedAt ? now : movement.ClosedAt;
        (state.Status, state.Asset, state.PaidAt, state.PaidBy) =
            (PaymentSessionStatus.Paid, asset, paidAt, movement.TransactionHash);
        state.Facts &= ~SessionFacts.Underpaid;
        Raise(EventTypes.PaymentSessionPaid, payment);
        var counted = state.Counted[asset];
        state.Fee = MerchantFees.Of(counted, fees[state.Tier], state.LockOf(asset)!.UsdPrice);
        _verdicts.Tell(new SessionVerdict(session, asset, Settled: counted, Fee: state.Fee), about: null, isDust: false);
        Release(but: asset);
    }

    private void End(PaymentSessionStatus status, string type)
    {
        state.Status = status;
        Raise(type);
        Release(but: null);
    }

    private void Release(string? but)
    {
        foreach (var (asset, counted) in state.Counted.Where(each => each.Key != but && each.Value > 0))
        {
            _verdicts.Tell(new SessionVerdict(session, asset, Released: counted), about: null, isDust: false);
        }
    }

    private void RaiseOfPayment(SessionFacts fact, string type, SessionPayment payment)
    {
        state.Facts |= fact;
        RaiseSeldom(type, payment);
    }

    /// <summary>
    /// Says what strangers can bring about. Whoever knows the memo can send much for little: after some, one an hour is told, of
    /// everybody's hours.
    /// </summary>
    public void RaiseSeldom(string type, SessionPayment? payment = null)
    {
        var now = voice.Business.GetUtcNow();
        if (state.PaymentEvents < PaymentEventsAtOnce || state.PaymentEventAt is not { } last || now - last >= PaymentEventPause)
        {
            (state.PaymentEvents, state.PaymentEventAt) = (state.PaymentEvents + 1, now);
            Raise(type, payment);
        }
    }

    /// <summary>Says that something happened.</summary>
    public void Raise(string type, SessionPayment? payment = null) => _raised.Add((type, payment));

    private static (SessionFacts Fact, string Type) FactOf(SessionPaymentVerdict verdict) => verdict switch
    {
        SessionPaymentVerdict.Overpaid => (SessionFacts.Overpaid, EventTypes.PaymentSessionOverpaid),
        SessionPaymentVerdict.Late => (SessionFacts.Late, EventTypes.PaymentSessionLate),
        SessionPaymentVerdict.WrongAsset => (SessionFacts.WrongAsset, EventTypes.PaymentSessionWrongAsset),
        _ => (SessionFacts.None, ""),
    };
}
