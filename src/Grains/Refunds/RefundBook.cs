using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using EventId = StellarPay.Grains.Identifiers.EventId;

namespace StellarPay.Grains.Refunds;

/// <summary>
/// The refunds of a session: what is refundable is the session's to say, in one turn; the merchant who holds the money is told, and tells
/// how it ended. Touches nothing but the state.
/// </summary>
internal sealed class RefundBook(string session, PaymentSessionState state, SessionVoice voice)
{
    // Each is one that an operator closed.
    private const int MostUnbooked = 1_000;

    private readonly List<(string Type, RefundRecord Refund)> _raised = [];
    private readonly List<(RefundOrder Order, LedgerPlace? About)> _orders = [];

    /// <summary>How many events the write under way has.</summary>
    public int Count => _raised.Count;

    /// <summary>Whether the merchant has still something to tell.</summary>
    public bool AwaitsNews => state.Refunds.Exists(refund => refund.Status == RefundStatus.Pending);

    /// <summary>What of the session can be given back.</summary>
    public RefundPots Pots { get; } = new(state);

    /// <summary>Reserves a refund and orders it, or says why it cannot be.</summary>
    public Result<RefundRecord> Make(
        NewRefund order, bool feeIsReturned, DateTimeOffset now, IReadOnlySet<RefundPayee> unpayable, bool isByTestClock)
    {
        if (state.RefundCount == RefundId.MostOfSession)
        {
            return new Error(ErrorKind.Conflict, "refunds_too_many",
                $"A payment session has {RefundId.MostOfSession} refunds at most.");
        }

        var made = Pots.Make(order, feeIsReturned, now, unpayable);
        if (made.IsSuccess)
        {
            var refund = made.Value;
            state.RefundCount = refund.Number;
            refund.IsByTestClock = isByTestClock;
            state.Refunds.Add(refund);
            // What is of one payment is about it: where that is never booked, or never sold, nothing is there to be given back.
            _orders.Add((
                new RefundOrder(
                    IdOf(refund).Value, refund.Asset, refund.IsHeld,
                    [.. refund.Legs.Select(leg => new RefundOrderLeg(
                        leg.To, leg.Stroops, leg.FeeStroops, leg.Memo, Pots.IsDecided(leg.Payment)))],
                    // The merchant lives by no test clock.
                    state.Clock is null ? now : voice.Business.GetUtcNow(),
                    refund.Reason == RefundReasons.Automatic, IsOfExcess: refund.Payment is not null,
                    IsByTestClock: isByTestClock, IsClaimed: refund.IsClaimed,
                    IsLittle: refund is { IsClaimed: true, Payment: { } place } && !new RefundClaims(state, Pots).IsLarge(place)),
                refund.Payment ?? PaymentOf(refund)));
            _raised.Add((EventTypes.RefundCreated, refund));
        }

        return made;
    }

    /// <summary>When, by a session's test clock, a refund of it has waited too long for money; null for never.</summary>
    public static DateTimeOffset? PatienceEnds(PaymentSessionState state, TimeSpan patience) =>
        state.Refunds.Where(IsAwaited).Select(refund => (DateTimeOffset?)refund.CreatedAt + patience).Min();

    /// <summary>Tells the merchant of those that have waited too long, by the session's test clock. Whether there are any.</summary>
    public bool GiveUp(DateTimeOffset madeBy)
    {
        var late = state.Refunds.Where(refund => IsAwaited(refund) && refund.CreatedAt <= madeBy).ToList();
        foreach (var refund in late)
        {
            refund.IsGivenUp = true;
            ((IInboxState)state).Marks().Sent.Add(SentRow.Of(
                new LedgerOwner(MerchantState.Name, state.Merchant!), new RefundGivenUp(IdOf(refund).Value).ToJson()));
        }

        return late.Count > 0;
    }

    /// <summary>
    /// Tells the merchant that nothing more of a payment goes where it was to go: what is in no transaction yet fails, and is refundable
    /// again.
    /// </summary>
    public void GiveUp(LedgerPlace payment, string why)
    {
        foreach (var refund in state.Refunds.Where(refund => refund.Status == RefundStatus.Pending))
        {
            for (var at = 0; at < refund.Legs.Count; at++)
            {
                var leg = refund.Legs[at];
                if (leg.Status == RefundStatus.Pending && leg.Payment == payment)
                {
                    ((IInboxState)state).Marks().Sent.Add(SentRow.Of(
                        new LedgerOwner(MerchantState.Name, state.Merchant!),
                        new RefundGivenUp(IdOf(refund).Value, at, why).ToJson()));
                }
            }
        }
    }

    private static bool IsAwaited(RefundRecord refund) => refund is { Status: RefundStatus.Pending, IsByTestClock: true, IsGivenUp: false };

    /// <summary>Takes in what the merchant tells.</summary>
    /// <exception cref="InvalidOperationException">It speaks of no refund that is under way.</exception>
    public void Take(RefundNews news, DateTimeOffset now)
    {
        var refund = state.Refunds.Find(each => IdOf(each).Value == news.Refund);
        if (refund?.Legs.ElementAtOrDefault(news.Leg) is not { Status: RefundStatus.Pending } leg)
        {
            throw new InvalidOperationException($"{session} is told of leg {news.Leg} of {news.Refund}, which is not under way.");
        }

        if (news.Status == RefundStatus.Pending)
        {
            // Why the leg waits, or that it waits no more. The refund waits as long as one of them does.
            refund.Legs[news.Leg] = leg with { Failure = news.Failure };
            WaitOrNot(refund);
            return;
        }

        var before = refund.Stroops();
        refund.Legs[news.Leg] = leg with { Status = news.Status, TransactionHash = news.TransactionHash, Failure = news.Failure };
        if (news.Status == RefundStatus.Failed)
        {
            Shrink(refund, before);
        }

        if (refund.Legs.TrueForAll(each => each.Status != RefundStatus.Pending))
        {
            End(refund, now);
            if (refund is { Reason: RefundReasons.Automatic, Status: RefundStatus.Failed, Payment: { } place }
                && news.Failure is RefundReasons.AddressWaiting or RefundReasons.AddressWithdrawn or RefundReasons.Suspended
                && !state.Undecided.Contains(place))
            {
                // Nobody asks for it again: it goes where it is to go now, or is held for that.
                state.Undecided.Add(place);
                state.Delays = 0;
            }
        }
        else
        {
            WaitOrNot(refund);
        }
    }

    /// <summary>A payment that it has judged is in nobody's books: nothing of it can be given back.</summary>
    /// <exception cref="InvalidOperationException">There are too many already: what is told then waits for an operator.</exception>
    public void Take(UnbookedNews news)
    {
        if (state.Unbooked.Contains(news.Unbooked))
        {
            return;
        }

        // Who forgets one and says that he knows it would have it paid back of others' money.
        if (state.Unbooked.Count >= MostUnbooked)
        {
            throw new InvalidOperationException($"{MostUnbooked} of the session's payments are in nobody's books already.");
        }

        state.Unbooked.Add(news.Unbooked);
    }

    /// <summary>Takes in what an operator gave up, as far as it can be: of what has ended there is nothing to note.</summary>
    public void PassOver(RefundNews news, DateTimeOffset now)
    {
        var refund = state.Refunds.Find(each => IdOf(each).Value == news.Refund);
        if (refund?.Legs.ElementAtOrDefault(news.Leg) is { Status: RefundStatus.Pending })
        {
            Take(news, now);
        }
    }

    /// <summary>Puts what was raised into the outbox, and what is ordered into the merchant's inbox.</summary>
    /// <param name="now">When that happened.</param>
    public void Flush(DateTimeOffset now)
    {
        foreach (var (type, refund) in _raised)
        {
            state.Sequence++;
            state.Outbox.Add(new OutboxEvent(
                EventId.New(voice.Business).Value, type, now, session, state.Merchant,
                voice.Say(session, state, ViewOf(refund))));
        }

        var merchant = new LedgerOwner(MerchantState.Name, state.Merchant ?? "");
        foreach (var (order, about) in _orders)
        {
            ((IInboxState)state).Marks().Sent.Add(SentRow.Of(merchant, order.ToJson(), about));
        }

        _raised.Clear();
        _orders.Clear();
    }

    /// <summary>A refund as it is shown.</summary>
    public RefundView ViewOf(RefundRecord refund) => PaymentSessionViews.Of(session, state.Merchant!, refund);

    private RefundId IdOf(RefundRecord refund) => RefundId.Of(PaymentSessionId.Parse(session), refund.Number);

    private static LedgerPlace? PaymentOf(RefundRecord refund) =>
        refund.Legs.TrueForAll(leg => leg.Payment == refund.Legs[0].Payment) ? refund.Legs[0].Payment : null;

    private void WaitOrNot(RefundRecord refund)
    {
        var why = refund.Legs.Find(each => each is { Status: RefundStatus.Pending, Failure: not null })?.Failure;
        if (refund.PendingReason != why)
        {
            refund.PendingReason = why;
            _raised.Add((EventTypes.RefundUpdated, refund));
        }
    }

    private void End(RefundRecord refund, DateTimeOffset now)
    {
        refund.EndedAt = now;
        refund.PendingReason = null;
        refund.Status = refund.Legs.Exists(leg => leg.Status == RefundStatus.Succeeded) ? RefundStatus.Succeeded : RefundStatus.Failed;
        refund.FailureReason = refund.Status == RefundStatus.Failed ? refund.Legs[^1].Failure : null;
        _raised.Add((refund.Status == RefundStatus.Failed ? EventTypes.RefundFailed : EventTypes.RefundUpdated, refund));
    }

    // What a payer cannot be paid is given back to the pot. Of what others get, the refund stands; what failed as a whole keeps its amount.
    private static void Shrink(RefundRecord refund, long before)
    {
        if (refund.Stroops() is > 0 and var left)
        {
            var unit = Currencies.IsCode(refund.Currency) ? Currencies.UnitOf(refund.Currency) : 1;
            var amount = (long)((Int128)refund.Amount * left / before);
            refund.Amount = Math.Max(unit, amount - amount % unit);
        }
    }
}

/// <summary>Why a refund was made, waits or has failed, besides the network's own codes.</summary>
internal static class RefundReasons
{
    /// <summary>The merchant has too little of the asset.</summary>
    public const string InsufficientFunds = "insufficient_funds";

    /// <summary>The merchant had too many refunds to pay.</summary>
    public const string TooMany = "merchant_refunds_too_many";

    /// <summary>So many were made by merchants' settings that no more are: what is to go back is held.</summary>
    public const string TooManyAutomatic = "automatic_refunds_exceeded";

    /// <summary>So many were asked for by payers themselves that no more are made: their merchant can still.</summary>
    public const string TooManyClaimed = "claimed_refunds_exceeded";

    /// <summary>Why one was made for which nobody asked: by its merchant's setting.</summary>
    public const string Automatic = "automatic";

    /// <summary>Why one was made for which its payer asked.</summary>
    public const string Claimed = "requested_by_customer";

    /// <summary>An operator gave it up.</summary>
    public const string Closed = "closed_by_operator";

    /// <summary>The payer may not be paid.</summary>
    public const string Denied = "destination_denied";

    /// <summary>Where it goes was decided, and waits.</summary>
    public const string AddressWaiting = "refund_address_waiting";

    /// <summary>It was to go where its merchant had decided, who is suspended.</summary>
    public const string Suspended = "merchant_suspended";

    /// <summary>The ledger names nobody to whom it could be returned.</summary>
    public const string PayerUnknown = "refund_payer_unknown";

    /// <summary>It was not sent yet, and its merchant decided meanwhile that nothing more goes where it was to go.</summary>
    public const string AddressWithdrawn = "refund_address_withdrawn";
}
