using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// A session's part in an account of its own: it has that opened where its payer asks for it, judges what the account has handed to the
/// merchant, and tells it when the session has ended. For one activation.
/// </summary>
internal sealed class SessionAddresses(IPaymentSessionContext session)
{
    // An account takes a ledger to be opened, and what comes to it another to be the merchant's.
    private static readonly TimeSpan LeastLeft = TimeSpan.FromMinutes(2);

    private static readonly Error NotOffered = new(ErrorKind.Refused, "payment_address_not_offered",
        "This payment session has no address of its own to offer. It is paid by memo or muxed address.");

    private static readonly Error NotOpen = new(ErrorKind.Conflict, "payment_session_not_open",
        "The payment session has ended, or is about to: no address is opened for it any more.");

    private PaymentSessionState State => session.State;

    /// <summary>Has the account opened, where it is not. Beside the turns.</summary>
    public async Task<Error?> OpenAsync(MerchantId caller, CancellationToken cancellationToken)
    {
        var order = await session.InTurnAsync(() => Task.FromResult(OrderOf(caller)));
        if (order is not { Value: { } wanted })
        {
            return order?.Error;
        }

        // Counted first: one that is counted and never opened costs the merchant a piece of his day, and the platform nothing.
        var counted = await session.Grains.GetGrain<IMerchantInternal>(caller.Value).TakeAddressAsync();
        if (!counted.IsSuccess)
        {
            return counted.Error;
        }

        var opening = await session.Grains.GetGrain<IPaymentAddressGrain>(session.Key).OpenAsync(wanted, cancellationToken);
        if (opening.IsSuccess)
        {
            await session.InTurnAsync(() => NoteAsync(opening.Value));
        }

        return opening.Error;
    }

    /// <summary>Takes in what the account told.</summary>
    public void Take(OwnerRow row)
    {
        if (SweptReceipt.Find(row.Content) is { } swept)
        {
            if (!session.Book.HasJudged(swept.Swept))
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

        if (State.Status != PaymentSessionStatus.Created || State.ExpiresAt - session.Now < LeastLeft)
        {
            return NotOpen;
        }

        return new NewPaymentAddress(
            State.Merchant, State.Address, State.Locks.ToDictionary(each => each.Asset, State.EnoughOf, StringComparer.Ordinal),
            State.ExpiresAt);
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
        var before = State.Own?.Status;
        State.Own = own;
        if (State.Status != PaymentSessionStatus.Created)
        {
            if (before is null)
            {
                // It ended meanwhile, and knew of no account that it could have told.
                TellEnd();
            }
        }
        else if (own.Status != before && own.Status != PaymentAddressStatus.Closed)
        {
            session.Book.ChangeAddress();
        }
    }
}
