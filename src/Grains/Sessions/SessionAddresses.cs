using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// A session's part in an account of its own: it has that opened where its payer asks for it, judges what the account has handed to the
/// merchant, and tells it when the session has ended. For one activation.
/// </summary>
internal sealed class SessionAddresses(IPaymentSessionContext session, PaymentAddressOptions options)
{
    // What is half of the price is a payer's, and goes at once; less than that is so where it is all that is missing.
    private const int MuchShare = 2;

    // One for all who ask while it is being opened.
    private Task<Error?>? _opening;

    private static readonly Error NotOffered = new(ErrorKind.Refused, "payment_address_not_offered",
        "This payment session has no address of its own to offer. It is paid by memo or muxed address.");

    private static readonly Error NotOpen = new(ErrorKind.Conflict, "payment_session_not_open",
        "The payment session has ended, or is about to: no address is opened for it any more.");

    private PaymentSessionState State => session.State;

    /// <summary>Whether an account of its own may be there of which it does not know yet.</summary>
    public bool MayBeUnknown => State is { OffersAddress: true, Own: null };

    /// <summary>Has the account opened, where it is not. Beside the turns.</summary>
    public async Task<Error?> OpenAsync(MerchantId caller, CancellationToken cancellationToken)
    {
        var order = await session.InTurnAsync(() => Task.FromResult(OrderOf(caller)));
        if (order is not { Value: not null })
        {
            return order?.Error;
        }

        var opening = _opening ??= OpenOnceAsync(caller);
        return await opening.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Has an account of its own read all that ledgers hold by now, in a turn: what that says of it is told by then. Whether nothing waits
    /// there that is to be judged.
    /// </summary>
    public async Task<bool> ReadAsync()
    {
        if (State is { Own: null, AsksAddress: false })
        {
            return true;
        }

        // It waits for nobody who waits for this session.
        var own = await session.Grains.GetGrain<IPaymentAddressGrain>(session.Key).ReadAsync();
        if (own is null)
        {
            // It was asked for, and none was made.
            State.AsksAddress = false;
            return true;
        }

        return !own.Awaits;
    }

    /// <summary>Tells the account, with the write under way, how little is missing, where most of the price was paid elsewhere.</summary>
    public void Flush()
    {
        if (State is not { Own: not null, Status: PaymentSessionStatus.Created })
        {
            return;
        }

        var (counted, left) = (State.Counted.Values.Sum(), Left());
        if (counted != State.ToldCounted && State.Locks.Any(
            each => left[each.Asset] < Math.Max(Dust.LimitStroops, State.EnoughOf(each) / MuchShare)))
        {
            State.ToldCounted = counted;
            ((IInboxState)State).Marks().Sent.Add(SentRow.Of(
                new LedgerOwner(PaymentAddressState.Name, session.Key), new SessionLack(left).ToJson()));
        }
    }

    /// <summary>Takes in what the account told.</summary>
    public void Take(OwnerRow row)
    {
        if (SweptReceipt.Find(row.Content) is { } swept)
        {
            if (!State.HasJudged(swept.Swept))
            {
                session.Book.Take(swept.Swept, swept.MovementTo(State.Address), session.Now, atOwnAddress: true);
            }
        }
        else if (AddressNews.Find(row.Content) is { } news)
        {
            Learn(news.Own);
        }
        else
        {
            throw new InvalidOperationException("an account tells its session of what came, and how it stands, and nothing else.");
        }
    }

    /// <summary>An operator gives up what it told. How it stands it tells again; what is the merchant's by now must be judged.</summary>
    public void PassOver(OwnerRow row)
    {
        if (SweptReceipt.Find(row.Content) is not null)
        {
            throw new InvalidOperationException(
                "the merchant has what came to the session's own address, and without the session's word nobody could spend it or give it "
                + "back. Have it tried again when what kept it from being taken in is mended.");
        }

        if (AddressNews.Find(row.Content) is { } news)
        {
            Learn(news.Own);
        }
    }

    /// <summary>Tells the account, with the write under way, that the session has ended.</summary>
    public void TellEnd()
    {
        if (State.Own is not null)
        {
            ((IInboxState)State).Marks().Sent.Add(SentRow.Of(
                new LedgerOwner(PaymentAddressState.Name, session.Key), new SessionEnded(session.Key).ToJson()));
        }
    }

    private async Task<Error?> OpenOnceAsync(MerchantId caller)
    {
        // What ends at once would end before anybody has noted it.
        await Task.Yield();
        try
        {
            var order = await session.InTurnAsync(() => BeginAsync(caller));
            if (order is not { Value: { } wanted })
            {
                return order?.Error;
            }

            var opening = await session.Grains.GetGrain<IPaymentAddressGrain>(session.Key).OpenAsync(wanted, CancellationToken.None);
            await session.InTurnAsync(() => opening.IsSuccess ? NoteAsync(opening.Value) : ForgetAsync());
            return opening.Error;
        }
        finally
        {
            _opening = null;
        }
    }

    // Null where there is one already.
    private Result<NewPaymentAddress>? OrderOf(MerchantId caller)
    {
        if (State.Merchant is null || State.Merchant != caller.Value)
        {
            return IPaymentSessionContext.NoSuchSession;
        }

        if (!State.OffersAddress || State.Clock is not null)
        {
            return NotOffered;
        }

        if (State.Own is not null)
        {
            return null;
        }

        if (State.Status != PaymentSessionStatus.Created || State.ExpiresAt - session.Now < TimeSpan.FromMinutes(options.LeastMinutes))
        {
            return NotOpen;
        }

        return new NewPaymentAddress(
            State.Merchant, State.Address, State.Locks.ToDictionary(each => each.Asset, State.EnoughOf, StringComparer.Ordinal),
            State.ExpiresAt, Left(), State.IsForAnybody);
    }

    private Dictionary<string, long> Left() => State.Locks.ToDictionary(
        each => each.Asset, each => State.EnoughOf(each) - State.Counted.GetValueOrDefault(each.Asset), StringComparer.Ordinal);

    // Stored before the account is asked for: whatever ends in between, the session knows that there may be one.
    private async Task<Result<NewPaymentAddress>?> BeginAsync(MerchantId caller)
    {
        var order = OrderOf(caller);
        if (order is { IsSuccess: true } && !State.AsksAddress)
        {
            (State.AsksAddress, State.ToldCounted) = (true, State.Counted.Values.Sum());
            await session.SaveAsync();
        }

        return order;
    }

    private async Task ForgetAsync()
    {
        if (State.AsksAddress)
        {
            State.AsksAddress = false;
            await session.SaveAsync();
        }
    }

    private async Task NoteAsync(string address)
    {
        // It may have told by itself meanwhile.
        if (State.Own is null)
        {
            Learn(new SessionAddress(address, PaymentAddressStatus.Opening));
            await session.SaveAsync();
        }
    }

    private void Learn(SessionAddress own)
    {
        var before = State.Own;
        (State.Own, State.AsksAddress) = (own, false);
        if (State.Status != PaymentSessionStatus.Created)
        {
            if (before is null)
            {
                // It ended meanwhile, and knew of no account that it could have told.
                TellEnd();
            }
        }
        else if ((own.Status, own.Awaits, own.IsHeldUp) != (before?.Status, before?.Awaits, before?.IsHeldUp))
        {
            // What pages show of it is otherwise by now: whoever sees the address while something is on its way would pay twice.
            session.Book.ChangeAddress();
        }
    }
}
