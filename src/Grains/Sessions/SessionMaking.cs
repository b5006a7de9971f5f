using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// Makes a session for its merchant: what has to be asked for is asked for beside the turns, and the session is stored in one, with its
/// name at the merchant's address and the request's idempotency key.
/// </summary>
internal sealed class SessionMaking(
    IPaymentSessionContext session, PaymentSessionServices services, IIdempotencyIndex keys, SessionClock clock, SessionEnd end)
{
    private static readonly Error Exists =
        new(ErrorKind.Conflict, "session_exists", "There is a session of this id or number already. Another id is to be tried.");

    private PaymentSessionState State => session.State;

    /// <summary>Makes it. From a call that interleaves, and never in a turn.</summary>
    public async Task<Result<PaymentSessionView>> MakeAsync(
        MerchantId caller, NewPaymentSession order, CancellationToken cancellationToken)
    {
        // Beside the turns: the merchant may be in the middle of a write, and rates may have to be asked for.
        var merchant = await session.Grains.GetGrain<IMerchantInternal>(caller.Value).GetFactsAsync();
        if (!merchant.IsSuccess)
        {
            return merchant.Error;
        }

        if (merchant.Value.Decision < order.Decision)
        {
            return IPaymentSessionContext.TermsAreOld;
        }

        var locks = await services.Prices.LockAsync(order, cancellationToken);
        if (!locks.IsSuccess)
        {
            return locks.Error;
        }

        var made = await session.InTurnAsync(() => StoreAsync(caller, merchant.Value, order, locks.Value));
        if (made.IsSuccess && order.TestClock is not null)
        {
            // The clock may have begun to move meanwhile, and passed its end before it was there to be found.
            await session.InTurnAsync(end.LookAsync);
        }

        return made;
    }

    private async Task<Result<PaymentSessionView>> StoreAsync(
        MerchantId merchant, MerchantFacts facts, NewPaymentSession order, SessionLock[] locks)
    {
        if (State.Merchant is not null)
        {
            return Exists;
        }

        if (await clock.LookAsync(merchant.Value, order.TestClock) is { } refusal)
        {
            return refusal;
        }

        State.Clock = order.TestClock;
        session.Book.Create(merchant.Value, facts, order, locks, session.Now);
        // Named at the merchant's address in the statement that stores the session, before anybody is told of it.
        ((IInboxState)State).Marks().PayTo.Add(new PayToMark(facts.Address, PaymentSessionId.Parse(session.Key).Number));
        if (order.IdempotencyKey is { } key)
        {
            State.Keys.Add(new IdempotencyKeyEntry(
                PaymentSessionKeys.HashOf(key), order.Fingerprint, session.Key,
                session.SystemNow + IdempotencyLedger.Lifetime, merchant.Value));
        }

        try
        {
            await session.SaveAsync();
            return PaymentSessionViews.Of(session.Key, State);
        }
        catch (Exception exception) when (keys.IsTaken(exception))
        {
            return IdempotencyLedger.InUse;
        }
        catch (Exception exception) when (services.Inbox.IsNumberTaken(exception))
        {
            return Exists;
        }
    }
}
