using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using EventId = StellarPay.Grains.Identifiers.EventId;

namespace StellarPay.Grains.Merchants.Receipts;

/// <summary>
/// What of a merchant's account names nobody: it stays unallocated, and is a row of a list until somebody decides. The list is not in the
/// state, for strangers write it; rows are entered and moved on by the write of the state. Touches nothing but the state.
/// </summary>
internal sealed class ReceiptBook(string merchant, MerchantState state, MerchantBook book, bool livemode, TimeProvider business)
{
    /// <summary>
    /// Of how many new receipts a day (UTC) each is told; after them one an hour is, and what is twice as much as all before: who knows
    /// the address can send much for little.
    /// </summary>
    public const int MostToldADay = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private readonly List<(string Type, UnmatchedReceipt Receipt)> _raised = [];
    private Dictionary<string, UnmatchedReceipt>? _dust;

    /// <summary>How many events the write under way has.</summary>
    public int Count => _raised.Count;

    private InboxMarks Marks => ((IInboxState)state).Marks();

    /// <summary>Takes in what came, after it was booked, where it is not for the one whom it names.</summary>
    public void Take(LedgerEntry entry)
    {
        // Whether it names anybody was decided where it was delivered: he was given it in the same statement, or nobody ever will be.
        if (entry is not { Movement: { } movement, Witness: null } || movement.To != state.Address
            || movement.Amount is not { Stroops: > 0 and var stroops } amount)
        {
            return;
        }

        var asset = amount.Asset.Canonical;
        if (IsTopUp(movement))
        {
            book.TopUp(asset, stroops);
        }
        else if (Dust.Is(stroops))
        {
            TakeDust(entry.Place, movement, asset, stroops);
        }
        else
        {
            var receipt = new UnmatchedReceipt(
                entry.Place, asset, stroops, 1, PayToNames.WhyNobody(movement), UnmatchedReceiptStatus.Unmatched, movement.ClosedAt,
                movement.Ledger, movement.TransactionHash, movement.From ?? movement.Creator, movement.FromMuxed, movement.Memo,
                movement.MemoType, movement.ToMuxed);
            Marks.Receipts.Add(receipt);
            if (IsTold(asset, stroops))
            {
                _raised.Add((EventTypes.UnmatchedReceiptCreated, receipt));
            }
        }
    }

    /// <summary>Gives it to a session, which is told in the same write.</summary>
    public UnmatchedReceipt Assign(UnmatchedReceipt receipt, PaymentSessionId session)
    {
        var assigned = Move(
            EventTypes.UnmatchedReceiptAssigned, receipt,
            receipt with { Status = UnmatchedReceiptStatus.Assigned, Session = session.Value, RefundTo = null, RefundFailure = null });
        Marks.Sent.Add(SentRow.Of(
            new LedgerOwner(PaymentSessionState.Name, session.Value), new ReceiptAssignment(assigned, merchant).ToJson()));
        return assigned;
    }

    /// <summary>The session will never judge it: it is to be decided again.</summary>
    public void TakeBack(ReceiptReturn news) => Move(
        EventTypes.UnmatchedReceiptUpdated, news.Unassigned,
        news.Unassigned with { Status = UnmatchedReceiptStatus.Unmatched, Session = null });

    /// <summary>It is the merchant's own money.</summary>
    public UnmatchedReceipt TopUp(UnmatchedReceipt receipt)
    {
        book.TopUp(receipt);
        return Move(
            EventTypes.UnmatchedReceiptToppedUp, receipt,
            receipt with { Status = UnmatchedReceiptStatus.Topup, RefundTo = null, RefundFailure = null });
    }

    /// <summary>It is set aside to go back to its sender; null where there is too little for that.</summary>
    public UnmatchedReceipt? Refund(UnmatchedReceipt receipt, string payer, DateTimeOffset now)
    {
        var refunding = Changed(receipt, receipt with
        {
            Status = UnmatchedReceiptStatus.Refunding, RefundTo = payer, RefundFailure = null, RefundHash = null,
        });
        var order = new RefundOrderRecord
        {
            Refund = receipt.Id.Value, To = payer, Asset = receipt.Asset, Stroops = receipt.Stroops, At = now, Receipt = refunding,
        };
        if (!book.Reserve(order))
        {
            return null;
        }

        order.IsReserved = true;
        state.RefundOrders.Add(order);
        Put(EventTypes.UnmatchedReceiptUpdated, receipt.Status, refunding);
        return refunding;
    }

    /// <summary>How its refund ended. One that failed is to be decided again.</summary>
    public void EndRefund(UnmatchedReceipt refunding, RefundStatus status, string? hash, string? failure)
    {
        if (status == RefundStatus.Succeeded)
        {
            Move(
                EventTypes.UnmatchedReceiptRefunded, refunding,
                refunding with { Status = UnmatchedReceiptStatus.Refunded, RefundHash = hash });
        }
        else if (status == RefundStatus.Failed)
        {
            Move(
                EventTypes.UnmatchedReceiptUpdated, refunding,
                refunding with { Status = UnmatchedReceiptStatus.Unmatched, RefundHash = hash, RefundFailure = failure });
        }
    }

    /// <summary>Puts what was raised into the outbox, and the sums of dust into the list.</summary>
    public void Flush()
    {
        if (_dust is not null)
        {
            Marks.Receipts.AddRange(_dust.Values);
            _dust = null;
        }

        foreach (var (type, receipt) in _raised)
        {
            state.Outbox.Add(new OutboxEvent(
                EventId.New(business).Value, type, business.GetUtcNow(), receipt.Id.Value, merchant,
                EventJson.Write(new UnmatchedReceiptEventData(
                    UnmatchedReceiptJson.Of(receipt, livemode), receipt.Sequence, livemode))));
        }

        _raised.Clear();
    }

    // By the merchant's own id as a text memo, or its number.
    private bool IsTopUp(LedgerOperation movement) =>
        PayToNames.Of(movement) is { } named && MerchantId.TryParse(merchant, out var id)
        && named.Number == id.Number && (named.Key is null || named.Key == merchant);

    // Of one asset there is one row, however much comes, until it is decided.
    private void TakeDust(LedgerPlace place, LedgerOperation movement, string asset, long stroops)
    {
        _dust ??= new Dictionary<string, UnmatchedReceipt>(StringComparer.Ordinal);
        _dust[asset] = _dust.TryGetValue(asset, out var before)
            ? before with
            {
                Stroops = checked(before.Stroops + stroops), Payments = before.Payments + 1, ClosedAt = movement.ClosedAt,
                Ledger = movement.Ledger,
            }
            : new UnmatchedReceipt(
                place, asset, stroops, 1, UnmatchedReason.Dust, UnmatchedReceiptStatus.Unmatched, movement.ClosedAt, movement.Ledger);
    }

    // What is twice as much as any that was told on the day is told in any case: little ones hide no great one, and doubling ends soon.
    private bool IsTold(string asset, long stroops)
    {
        var now = business.GetUtcNow();
        var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var (told, most) = state.ReceiptDay is { } last && last.Day == day ? (last.Tries, state.MostReceived ?? []) : (0, []);
        var before = most.GetValueOrDefault(asset);
        if (told >= MostToldADay && stroops / 2 < before && state.ReceiptToldAt is { } at && now - at < Pause)
        {
            return false;
        }

        most[asset] = Math.Max(before, stroops);
        (state.ReceiptDay, state.MostReceived, state.ReceiptToldAt) = (new RefundDay(day, told + 1), most, now);
        return true;
    }

    private UnmatchedReceipt Move(string type, UnmatchedReceipt before, UnmatchedReceipt after)
    {
        var changed = Changed(before, after);
        Put(type, before.Status, changed);
        return changed;
    }

    private UnmatchedReceipt Changed(UnmatchedReceipt before, UnmatchedReceipt after) => after with
    {
        Sequence = before.Sequence + 1,
        DecidedAt = after.Status == UnmatchedReceiptStatus.Unmatched ? null : business.GetUtcNow(),
    };

    private void Put(string type, UnmatchedReceiptStatus from, UnmatchedReceipt changed)
    {
        Marks.ReceiptMoves.Add(new ReceiptMove(from, changed));
        _raised.Add((type, changed));
    }
}
