using StellarPay.Grains.Accounts;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Sessions;

namespace StellarPay.Grains.Merchants;

/// <summary>
/// What a merchant is to pay back: set aside as soon as there is enough, before anything else that he pays; paid by his account; and told
/// to the session that asked for it. Touches nothing but the state.
/// </summary>
internal sealed class RefundOrders(MerchantState state, MerchantBook book, ReceiptBook receipts, RefundOptions options) : ISubmissionParty
{
    /// <summary>How many of them one write changes at most.</summary>
    public const int MostAtOnce = 200;

    // The number was used already, or its time was over before a ledger took it: nobody's fault, and nothing was charged.
    private static readonly string[] Blameless = ["tx_bad_seq", "tx_too_late"];

    private readonly RefundDays _days = new(state, options);

    /// <summary>How many of them the write under way changes.</summary>
    public int Changes { get; private set; }

    /// <summary>What can be signed now, oldest first.</summary>
    public IEnumerable<RefundOrderRecord> Ready => state.RefundOrders.Where(order => order.IsReserved && !Stands(order));

    /// <summary>Whether something waits to be signed that may be today.</summary>
    public bool Waits(DateTimeOffset now) => _days.TriesLeft(now) > 0 && Ready.Any();

    /// <summary>When something is to be looked at, where nothing is under way; null for never.</summary>
    public DateTimeOffset? DueAt(DateTimeOffset now, TimeSpan soon)
    {
        var next = state.RefundOrders.Where(order => order is { IsReserved: false, IsByTestClock: false })
            .Select(order => order.At + Patience).Order().Cast<DateTimeOffset?>()
            .FirstOrDefault();
        DateTimeOffset? work =
            Standing.Any() ? now + soon
            : !Ready.Any() ? null
            : _days.TriesLeft(now) > 0 ? now + soon : RefundDays.Of(now).AddDays(1);
        return next is null ? work : work is null || next < work ? next : work;
    }

    /// <summary>Takes in what a session orders.</summary>
    public void Take(RefundOrder order, DateTimeOffset now)
    {
        if (order.Legs is not { Length: > 0 } || order.Legs.Any(leg => leg is not { Stroops: > 0, FeeStroops: >= 0 }))
        {
            throw new InvalidOperationException($"{order.Refund} asks for nothing.");
        }

        if (_days.Waiting(order.IsClaimed) + order.Legs.Length > options.MostWaiting + MostAtOnce)
        {
            // So many were asked for at the same moment that who asked could not be told.
            GiveUp(order, RefundReasons.TooMany);
            return;
        }

        if (_days.Refuse(order, now) is { } tooMany)
        {
            GiveUp(order, tooMany);
            return;
        }

        Changes += order.Legs.Length;
        for (var leg = 0; leg < order.Legs.Length; leg++)
        {
            var (to, stroops, fee, memo, isDecided) = order.Legs[leg];
            var record = new RefundOrderRecord
            {
                Refund = order.Refund, Leg = leg, To = to, Asset = order.Asset, Stroops = stroops, FeeStroops = fee,
                IsHeld = order.IsHeld, At = order.At, IsByTestClock = order.IsByTestClock, Memo = memo,
                IsDecided = isDecided, IsClaimed = order.IsClaimed,
            };
            if (Stands(record))
            {
                Tell(record, RefundStatus.Failed, failure: RefundReasons.Suspended);
            }
            else
            {
                state.RefundOrders.Add(record);
            }
        }
    }

    /// <summary>Tells the session that what it orders, and an operator gave up, is paid to nobody.</summary>
    public void PassOver(RefundOrder order) => GiveUp(order, RefundReasons.Closed);

    /// <summary>
    /// Sets aside what there is enough for, oldest first, some at once; one that is too large keeps no smaller one waiting. How many were
    /// changed.
    /// </summary>
    public int Reserve()
    {
        var changed = 0;
        foreach (var order in state.RefundOrders.Where(order => !order.IsReserved && !Stands(order)))
        {
            if (changed == MostAtOnce)
            {
                break;
            }

            if (book.Reserve(order))
            {
                order.IsReserved = true;
                changed++;
                if (order.IsToldToWait)
                {
                    Tell(order, RefundStatus.Pending);
                }
            }
            else if (!order.IsToldToWait)
            {
                order.IsToldToWait = true;
                changed++;
                Tell(order, RefundStatus.Pending, failure: RefundReasons.InsufficientFunds);
            }
        }

        return changed;
    }

    /// <summary>Forgets how much the write changes that is under way: it goes out.</summary>
    public void Flush() => Changes = 0;

    /// <summary>
    /// Ends some of what has waited for money too long, and of what is to go where a suspended merchant decided: it would take places and
    /// money from those who are owed. Whether there was any.
    /// </summary>
    public bool GiveUp(DateTimeOffset now)
    {
        var standing = Standing.Take(MostAtOnce).ToList();
        standing.ForEach(order => GiveUp(order, RefundReasons.Suspended));
        var late = state.RefundOrders.Where(order => order is { IsReserved: false, IsByTestClock: false } && order.At + Patience <= now)
            .Take(MostAtOnce - standing.Count).ToList();
        late.ForEach(order => End(order, RefundStatus.Failed, failure: RefundReasons.InsufficientFunds));
        return standing.Count + late.Count > 0;
    }

    /// <summary>
    /// Ends what of a refund waits for money still, since its session says so. Also what was set aside, where it is not to go where it was
    /// to.
    /// </summary>
    public void GiveUp(RefundGivenUp refund)
    {
        var orders = state.RefundOrders
            .Where(order => order.Refund == refund.GivesUp && (refund.Leg is null || order.Leg == refund.Leg)).ToList();
        foreach (var order in orders)
        {
            if (refund.Why is { } why)
            {
                GiveUp(order, why);
            }
            else if (!order.IsReserved)
            {
                End(order, RefundStatus.Failed, failure: RefundReasons.InsufficientFunds);
            }
        }
    }

    /// <summary>What was never signed may not be paid.</summary>
    public void Deny(RefundOrderRecord order) => Fail(order, RefundReasons.Denied, hash: null);

    /// <summary>What goes into the next transaction: the oldest, and all that can go with it.</summary>
    public IReadOnlyList<RefundOrderRecord> NextBatch(DateTimeOffset now)
    {
        var most = Math.Min(SubmissionBook.MaxOperations, _days.TriesLeft(now));
        return Ready.FirstOrDefault() switch
        {
            _ when most <= 0 => [],
            null => [],
            { Alone: true } first => [first],
            // A transaction has one memo: what has another names somebody else by it.
            { Memo: var memo } => [.. Ready.Where(order => !order.Alone && order.Memo == memo).Take(most)],
        };
    }

    public void Signed(Submission submission)
    {
        var orders = In(submission);
        orders.ForEach(order => order.Tries++);
        _days.Try(orders.Count, submission.SignedAt);
    }

    /// <summary>What was set aside stays so until the movements are booked.</summary>
    public void Landed(Submission submission, Landing landing) =>
        In(submission).ForEach(order => End(order, RefundStatus.Succeeded, landing.TransactionHash ?? submission.PresentHash()));

    /// <summary>
    /// Whose own operation is to blame fails for good, and one that was alone; the others wait again, until they have been tried often
    /// enough.
    /// </summary>
    public void Refused(Submission submission, Refusal refusal)
    {
        var orders = In(submission);
        foreach (var order in orders)
        {
            var own = refusal.OperationCodes?[submission.IndexOf(order.Subject())];
            var isBlameless = own is null or SubmissionBook.Succeeded;
            if (order.GivenUp is { } why && isBlameless)
            {
                Fail(order, why, refusal.Report.TransactionHash);
            }
            else if (refusal.Unpaid)
            {
                // Nothing of it was tried.
                order.Tries--;
            }
            else if (!isBlameless)
            {
                Fail(order, own!, refusal.Report.TransactionHash ?? submission.PresentHash());
            }
            else if (refusal is { OperationCodes: null, Report.Ledger: null } && Blameless.Contains(refusal.Code))
            {
                order.Tries--;
            }
            else if (orders.Count == 1 && order.Tries >= SubmissionBook.MaxSignings)
            {
                Fail(order, refusal.Code, refusal.Report.TransactionHash);
            }
            else
            {
                // What others spoil again and again, and what nobody says of who spoilt it, is tried by itself.
                order.Alone |= refusal.OperationCodes is null || order.Tries >= SubmissionBook.MaxSignings;
            }
        }
    }

    // What is to end since its merchant is suspended; what is in a transaction ends with that.
    private IEnumerable<RefundOrderRecord> Standing => state.RefundOrders.Where(order => Stands(order) && order.GivenUp is null);

    // Where money goes by a suspended merchant's word is his own decision, as a payout is: also what he asked for before he was.
    private bool Stands(RefundOrderRecord order) => order.IsDecided && state.Suspended;

    private void GiveUp(RefundOrderRecord order, string why)
    {
        if (!order.IsReserved)
        {
            End(order, RefundStatus.Failed, failure: why);
        }
        else if (state.Submission?.Operations.Exists(each => each.Subject == order.Subject()) == true)
        {
            // It is this transaction or none.
            order.GivenUp = why;
        }
        else
        {
            Fail(order, why, hash: null);
        }
    }

    private TimeSpan Patience => TimeSpan.FromDays(options.WaitDays);

    private List<RefundOrderRecord> In(Submission submission) =>
        [.. submission.Operations.Select(o => state.RefundOrders.Find(order => order.Subject() == o.Subject)).OfType<RefundOrderRecord>()];

    private void Fail(RefundOrderRecord order, string code, string? hash)
    {
        book.Release(order);
        End(order, RefundStatus.Failed, hash, code);
    }

    private void GiveUp(RefundOrder order, string why)
    {
        for (var leg = 0; leg < order.Legs.Length; leg++)
        {
            Tell(new RefundOrderRecord { Refund = order.Refund, Leg = leg }, RefundStatus.Failed, failure: why);
        }
    }

    private void End(RefundOrderRecord order, RefundStatus status, string? hash = null, string? failure = null)
    {
        state.RefundOrders.Remove(order);
        Changes++;
        Tell(order, status, hash, failure);
    }

    private void Tell(RefundOrderRecord order, RefundStatus status, string? hash = null, string? failure = null)
    {
        if (order.Receipt is { } receipt)
        {
            receipts.EndRefund(receipt, status, hash, failure);
            return;
        }

        var session = new LedgerOwner(PaymentSessionState.Name, RefundId.Parse(order.Refund).Session.Value);
        ((IInboxState)state).Marks().Sent.Add(
            SentRow.Of(session, new RefundNews(order.Refund, order.Leg, status, hash, failure).ToJson()));
    }
}
