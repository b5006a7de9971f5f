using System.Globalization;
using StellarPay.Grains.Events;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using EventId = StellarPay.Grains.Identifiers.EventId;

namespace StellarPay.Grains.Merchants;

/// <summary>
/// Every change that a merchant's books go through, with its events. What comes is unallocated until its session says what it was; an
/// event of the books names no user, and is for the journal.
/// </summary>
internal sealed class MerchantBook(string merchant, MerchantState state, TimeProvider business)
{
    private const string Payment = "payment";

    private readonly List<OutboxEvent> _raised = [];
    private Dictionary<string, long>? _dust;
    private Dictionary<string, long>? _topUps;

    /// <summary>How many events the write under way has.</summary>
    public int Count => _raised.Count + (_dust?.Count ?? 0) + (_topUps?.Count ?? 0);

    /// <summary>The account changed in a way that people are told of.</summary>
    public void Raise(string type) => Raise(type, new MerchantAccountEventData(
        merchant, state.Address, state.Status == MerchantAccountStatus.Active ? "active" : "opening", state.Suspended, state.Tier));

    /// <summary>Books what a movement brought or took.</summary>
    public void Move(LedgerPlace place, LedgerOperation movement)
    {
        if (movement.To == state.Address && movement.Amount is { Stroops: > 0 } received)
        {
            var book = BookOf(received.Asset.Canonical);
            book.Unallocated = checked(book.Unallocated + received.Stroops);
            state.Book(state.Address, movement, place, BookedKind.Received, received);
            Credited(place, movement, received);
        }

        if (movement.From == state.Address && (movement.SourceAmount ?? movement.Amount) is { Stroops: > 0 } sent)
        {
            // What the account pays was set aside for it. All else that leaves is what an issuer takes back: the merchant's loss, whatever
            // was sold for it.
            var book = BookOf(sent.Asset.Canonical);
            var paid = movement.Type == Payment ? Math.Min(sent.Stroops, book.Refunds) : 0;
            book.Refunds -= paid;
            book.Available = checked(book.Available - (sent.Stroops - paid));
            Journal(place, movement, BookedKind.Refunded, sent with { Stroops = paid });
            Journal(place, movement, BookedKind.OfPayer(movement), sent with { Stroops = sent.Stroops - paid });
            Left(EventTypes.MerchantSent, place, movement, sent, paid);
            Left(EventTypes.MerchantAdjusted, place, movement, sent, sent.Stroops - paid);
        }
    }

    /// <summary>Sets aside what is to be paid back, with what of the fee is given back for it; false where there is too little.</summary>
    public bool Reserve(RefundOrderRecord order)
    {
        var book = BookOf(order.Asset);
        var room = order.Receipt is not null ? book.Unallocated : order.IsHeld ? book.Held : checked(book.Available + order.FeeStroops);
        // What was clawed back, perhaps of just this, is missing of the merchant's own: nothing goes back of what is others'.
        if (order.FeeStroops > book.Fees || order.Stroops > room || (order.Receipt is not null && book.Available < 0))
        {
            return false;
        }

        Shift(book, order, 1);
        Raise(EventTypes.MerchantRefundReserved, DataOf(order));
        return true;
    }

    /// <summary>What came by the merchant's own memo or number is his: of a write the sum is told.</summary>
    public void TopUp(string asset, long stroops)
    {
        Credit(asset, stroops);
        _topUps ??= new Dictionary<string, long>(StringComparer.Ordinal);
        _topUps[asset] = checked(_topUps.GetValueOrDefault(asset) + stroops);
    }

    /// <summary>What named nobody is the merchant's own.</summary>
    public void TopUp(UnmatchedReceipt receipt)
    {
        Credit(receipt.Asset, receipt.Stroops);
        Raise(EventTypes.MerchantToppedUp, new MerchantToppedUpEventData(
            merchant, receipt.Id.Value, receipt.Asset, Amount.Format(receipt.Stroops)));
    }

    /// <summary>What was set aside is where it was before.</summary>
    public void Release(RefundOrderRecord order)
    {
        Shift(BookOf(order.Asset), order, -1);
        Raise(EventTypes.MerchantRefundReleased, DataOf(order));
    }

    /// <summary>Books what a transaction cost that the account paid for. The merchant makes none: somebody else may have its key.</summary>
    public void Pay(LedgerOutcome outcome)
    {
        if (outcome.FeeAccount == state.Address)
        {
            var book = BookOf(Asset.Native.Canonical);
            book.Available = checked(book.Available - outcome.FeeStroops);
            state.BookFee(state.Address, outcome);
        }
    }

    /// <summary>Books what a session said of what came.</summary>
    /// <exception cref="InvalidOperationException">It speaks of more than there is: it was told wrongly, or of a movement that is not booked.</exception>
    public void Judge(SessionVerdict verdict)
    {
        verdict = UnbookedSales.Without(state, verdict);
        var book = BookOf(verdict.Asset);
        if (verdict is { Received: < 0 } or { Counted: < 0 } or { Kept: < 0 } or { Held: < 0 } or { Settled: < 0 } or { Released: < 0 }
            || verdict is { Accepted: < 0 } or { Credited: < 0 } || verdict.Fee < 0 || verdict.Fee > verdict.Settled
            || verdict.Received != checked(verdict.Counted + verdict.Kept + verdict.Held))
        {
            throw new InvalidOperationException($"The verdict of {verdict.Session} does not add up.");
        }

        if (verdict.Received > book.Unallocated || checked(verdict.Accepted + verdict.Credited) > book.Held
            || checked(verdict.Settled + verdict.Released) > checked(book.Pending + verdict.Counted + verdict.Accepted))
        {
            throw new InvalidOperationException(
                $"{verdict.Session} judges {verdict.Received} stroops, accepts {verdict.Accepted + verdict.Credited}, settles "
                + $"{verdict.Settled} and releases {verdict.Released}; there are {book.Unallocated} unallocated, {book.Held} held and "
                + $"{book.Pending} pending.");
        }

        book.Unallocated -= verdict.Received;
        book.Pending = checked(book.Pending + verdict.Counted + verdict.Accepted - verdict.Settled - verdict.Released);
        book.Available = checked(book.Available + verdict.Kept + verdict.Credited + verdict.Settled - verdict.Fee);
        book.Held = checked(book.Held + verdict.Held + verdict.Released - verdict.Accepted - verdict.Credited);
        book.Fees = checked(book.Fees + verdict.Fee);
        Raise(EventTypes.MerchantAllocated, new MerchantAllocatedEventData(
            merchant, verdict.Session, verdict.Asset, Amount.Format(verdict.Received), Amount.Format(verdict.Counted),
            Amount.Format(verdict.Kept), Amount.Format(verdict.Held), Amount.Format(verdict.Settled), Amount.Format(verdict.Released),
            Amount.Format(verdict.Fee), Amount.Format(verdict.Accepted), Amount.Format(verdict.Credited)));
    }

    /// <summary>Records that what was told moves nothing: its movement was closed, or an operator gave it up.</summary>
    public void PassOver(OwnerRow row)
    {
        var verdict = UnbookedSales.Read(row);
        if (verdict is not null)
        {
            UnbookedSales.Note(state, verdict);
        }

        if (row.About is { } payment)
        {
            TellOf(payment, verdict, row);
        }

        Raise(EventTypes.MerchantVerdictPassedOver, new MerchantVerdictPassedOverEventData(
            merchant, row.Sender.Key, row.About is { } about ? IdOf(about) : null, row.IsMovementClosed, verdict?.Asset,
            Amount.Format(verdict?.Received ?? 0), Amount.Format(verdict?.Settled ?? 0), Amount.Format(verdict?.Released ?? 0)));
    }

    // Who was to be paid by it must know; and where it is held still, who may give it back.
    private void TellOf(LedgerPlace payment, SessionVerdict? verdict, OwnerRow row)
    {
        var sent = ((IInboxState)state).Marks().Sent;
        var isHeld = verdict is { Received: 0, IsAcceptance: true } && !row.IsMovementClosed
            && !UnbookedSales.WasPassedOver(state, payment);
        if (isHeld)
        {
            sent.Add(SentRow.Of(row.Sender, new UnacceptedNews(payment).ToJson()));
            UnbookedSales.NoteUnaccepted(state, new UnacceptedPayment(payment, verdict!.Session, verdict.Session == row.Sender.Key));
        }

        if (!isHeld || verdict!.Session != row.Sender.Key)
        {
            var told = verdict is { Accepted: > 0 } ? row.Sender with { Key = verdict.Session } : row.Sender;
            sent.Add(SentRow.Of(told, new UnbookedNews(payment).ToJson()));
            // Of a movement that was closed all that is ever told says so.
            if (!row.IsMovementClosed && (verdict is { Received: > 0 } || UnbookedSales.WasPassedOver(state, payment)))
            {
                UnbookedSales.NoteNeverBooked(state, payment, told.Key);
            }
        }
    }

    /// <summary>Puts what was raised into the outbox.</summary>
    public void Flush()
    {
        foreach (var (asset, stroops) in _dust ?? [])
        {
            Raise(EventTypes.MerchantReceived, new MerchantReceivedEventData(
                merchant, null, null, null, asset, Amount.Format(stroops), null, null, null, null));
        }

        foreach (var (asset, stroops) in _topUps ?? [])
        {
            Raise(EventTypes.MerchantToppedUp, new MerchantToppedUpEventData(merchant, null, asset, Amount.Format(stroops)));
        }

        (_dust, _topUps) = (null, null);
        state.Revision += 1;
        state.Outbox = [.. _raised];
        _raised.Clear();
    }

    private void Journal(LedgerPlace place, LedgerOperation movement, string kind, Amount amount)
    {
        if (amount.Stroops > 0)
        {
            state.Book(state.Address, movement, place, kind, amount);
        }
    }

    private void Left(string type, LedgerPlace place, LedgerOperation movement, Amount sent, long stroops)
    {
        if (stroops > 0)
        {
            Raise(type, new MerchantMovedEventData(
                merchant, IdOf(place), movement.TransactionHash, movement.Type, sent.Asset.Canonical, Amount.Format(stroops),
                movement.Ledger, movement.ClosedAt));
        }
    }

    // It is nobody's before, and no fee is taken: else his payers' money would be counted twice.
    private void Credit(string asset, long stroops)
    {
        var book = BookOf(asset);
        if (stroops > book.Unallocated)
        {
            throw new InvalidOperationException($"{stroops} stroops are to be a top-up; {book.Unallocated} are unallocated.");
        }

        book.Unallocated -= stroops;
        book.Available = checked(book.Available + stroops);
    }

    private static void Shift(AssetBook book, RefundOrderRecord order, int sign)
    {
        var isNobodys = order.Receipt is not null;
        book.Unallocated = checked(book.Unallocated - (isNobodys ? sign * order.Stroops : 0));
        book.Held = checked(book.Held - (order.IsHeld ? sign * order.Stroops : 0));
        book.Available = checked(book.Available - sign * ((order.IsHeld || isNobodys ? 0 : order.Stroops) - order.FeeStroops));
        book.Fees = checked(book.Fees - sign * order.FeeStroops);
        book.Refunds = checked(book.Refunds + sign * order.Stroops);
    }

    private MerchantRefundEventData DataOf(RefundOrderRecord order) => new(
        merchant, order.Refund, order.Leg, order.Asset, Amount.Format(order.Stroops),
        order.Receipt is not null ? "unallocated" : order.IsHeld ? "held" : "available", Amount.Format(order.FeeStroops));

    // Of dust of one asset the sum is told: a stranger does not get an event of ours for a stroop.
    private void Credited(LedgerPlace place, LedgerOperation movement, Amount received)
    {
        var asset = received.Asset.Canonical;
        if (Dust.Is(received.Stroops))
        {
            _dust ??= new Dictionary<string, long>(StringComparer.Ordinal);
            _dust[asset] = checked(_dust.GetValueOrDefault(asset) + received.Stroops);
            return;
        }

        Raise(EventTypes.MerchantReceived, new MerchantReceivedEventData(
            merchant, IdOf(place), movement.TransactionHash, movement.From ?? movement.Creator, asset, received.ToDecimalString(),
            movement.Memo, movement.MemoType, movement.Ledger, movement.ClosedAt));
    }

    private void Raise<T>(string type, T data) => _raised.Add(new OutboxEvent(
        EventId.New(business).Value, type, business.GetUtcNow(), merchant, Owner: null, EventJson.Write(data)));

    private AssetBook BookOf(string asset)
    {
        if (!state.Books.TryGetValue(asset, out var book))
        {
            state.Books[asset] = book = new AssetBook();
        }

        return book;
    }

    private static string IdOf(LedgerPlace place) =>
        string.Create(CultureInfo.InvariantCulture, $"{place.Token}-{place.Number}");
}
