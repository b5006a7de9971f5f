using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Grains.Refunds;

/// <summary>
/// Where a session's merchant says where what he gives back goes: whether it can go there is asked beside the turns, and what is decided is
/// stored in one.
/// </summary>
internal sealed class RefundAddressDesk(
    IPaymentSessionContext session, RefundAddressCheck check, IRefundDeciders deciders, IIdempotencyIndex keys)
{
    /// <summary>Decides. From a call that interleaves, and never in a turn.</summary>
    public async Task<Result<PaymentSessionView>> DecideAsync(
        MerchantId caller, NewRefundAddress order, CancellationToken cancellationToken)
    {
        var found = await session.InTurnAsync(() => Task.FromResult(Find(caller, order)));
        if (!found.IsSuccess)
        {
            return found.Error;
        }

        // Whoever is suspended decides nothing about where money goes: that is a payout by another name.
        if (await session.Grains.GetGrain<IMerchantInternal>(caller.Value).GetFactsAsync() is { IsSuccess: false, Error: var stopped })
        {
            return stopped;
        }

        return await check.CheckAsync(caller.Value, order, found.Value, cancellationToken) is { } refusal
            ? refusal
            : await session.InTurnAsync(() => StoreAsync(caller, order));
    }

    /// <summary>Takes a decision back, in a turn.</summary>
    public async Task<Result<PaymentSessionView>> WithdrawAsync(MerchantId caller, LedgerPlace payment)
    {
        if (session.State.Merchant != caller.Value)
        {
            return IPaymentSessionContext.NoSuchSession;
        }

        return await SaveAsync(session.RefundAddresses.Withdraw(payment));
    }

    /// <summary>
    /// Has those decisions hold whose time has come, in a turn. Whoever made one may have left since, or see to other things: then it
    /// lapses.
    /// </summary>
    public async Task TakeEffectAsync(DateTimeOffset now)
    {
        var isChanged = false;
        foreach (var due in session.RefundAddresses.DueBy(now))
        {
            if (!await deciders.MayAsync(session.State.Merchant!, due.DecidedBy, CancellationToken.None))
            {
                session.RefundAddresses.Lapse(due.Payment);
                isChanged = true;
            }
        }

        isChanged |= session.RefundAddresses.TakeEffect(now);
        if (isChanged)
        {
            await session.SaveAsync();
        }
    }

    private Result<SessionPayment> Find(MerchantId caller, NewRefundAddress order) =>
        session.State.Merchant != caller.Value ? IPaymentSessionContext.NoSuchSession
        : RefundAddressRules.Check(order.Address, order.Memo) is { } malformed ? malformed
        : session.RefundAddresses.Find(order.Payment);

    private async Task<Result<PaymentSessionView>> StoreAsync(MerchantId caller, NewRefundAddress order)
    {
        if (session.State.Merchant != caller.Value)
        {
            return IPaymentSessionContext.NoSuchSession;
        }

        var decided = session.RefundAddresses.Decide(order, session.Now);
        // Also where it is so already: a repeat that comes when it is withdrawn decides nothing anew.
        if (decided.IsSuccess && order.KeyHash is { } hash)
        {
            decided = true;
            session.State.Keys.Add(new IdempotencyKeyEntry(
                hash, order.Fingerprint, session.Key, session.SystemNow + IdempotencyLedger.Lifetime, caller.Value));
        }

        try
        {
            return await SaveAsync(decided);
        }
        catch (Exception exception) when (keys.IsTaken(exception))
        {
            return IdempotencyLedger.InUse;
        }
    }

    private async Task<Result<PaymentSessionView>> SaveAsync(Result<bool> decided)
    {
        if (!decided.IsSuccess)
        {
            return decided.Error;
        }

        if (decided.Value)
        {
            await session.SaveAsync();
        }

        return PaymentSessionViews.Of(session.Key, session.State);
    }
}
