using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Refunds;

/// <summary>
/// Where a session's merchant asks for refunds: what the outside knows is asked for beside the turns, and what is promised is decided and
/// stored in one.
/// </summary>
internal sealed class RefundDesk(
    IPaymentSessionContext session, RefundPayers payers, MerchantFeeOptions fees, IIdempotencyIndex keys, ClaimPace pace)
{
    private static readonly Error Busy = new(ErrorKind.Unavailable, "payment_session_busy",
        "Another refund of the payment session came between. Please try again.");

    private static readonly Error Suspended = new(ErrorKind.Forbidden, "merchant_suspended",
        "The merchant is suspended: as long as it is, nothing is given back to an address that it decided on.");

    private static readonly Error Decided = new(ErrorKind.Conflict, "payment_decided", "It was decided already what becomes of the payment.");

    private bool FeeIsReturned => fees[session.State.Tier].IsReturned;

    /// <summary>
    /// Gives back what a payer claims of a payment: the same refund however often he does, also where his merchant was first. From a call
    /// that interleaves, and never in a turn.
    /// </summary>
    public async Task<Result<RefundView>> ClaimAsync(
        MerchantId caller, LedgerPlace payment, bool isOwnAccount, CancellationToken cancellationToken)
    {
        if (await session.InTurnAsync(() => Task.FromResult(FindClaimed(caller, payment))) is { } before)
        {
            return before;
        }

        if (pace.Take() is { } tooOften)
        {
            return tooOften;
        }

        var made = await RefundAsync(caller, RefundClaims.OrderOf(payment, isOwnAccount), cancellationToken);
        return made.IsSuccess ? made : await session.InTurnAsync(() => Task.FromResult(FindClaimed(caller, payment))) ?? made;
    }

    /// <summary>Gives something back. From a call that interleaves, and never in a turn.</summary>
    public async Task<Result<RefundView>> RefundAsync(MerchantId caller, NewRefund order, CancellationToken cancellationToken)
    {
        // The merchant may be in the middle of a write, and the network is asked whether the payers can be paid.
        var merchant = await session.Grains.GetGrain<IMerchantInternal>(caller.Value).GetRefundsAsync(order.IsClaimed);
        if (!merchant.IsSuccess)
        {
            return merchant.Error;
        }

        if (order.IsClaimed && !await session.InTurnAsync(() => Task.FromResult(
            Claims.IsLarge(order.Payment!.Value) ? merchant.Value.MayBeClaimed : merchant.Value.MayLittleBeClaimed)))
        {
            return RefundClaims.TooMany;
        }

        // Who cannot be paid is left out, and keeps nobody from his part; so others may be asked about who come in his place.
        var asked = new HashSet<RefundPayee>();
        var unpayable = new HashSet<RefundPayee>();
        Error? refused = null;
        while (true)
        {
            var (planned, unknown) = await session.InTurnAsync(() => PlanAsync(caller, order, asked, unpayable));
            if (!planned.IsSuccess)
            {
                return refused ?? planned.Error;
            }

            if (unknown.Length == 0)
            {
                return await session.InTurnAsync(() => MakeAsync(caller, order, asked, unpayable));
            }

            foreach (var (payer, refusal) in await CheckAsync(
                caller, order, unknown, planned.Value.Asset, merchant.Value.IsSuspended, cancellationToken))
            {
                asked.Add(payer);
                if (refusal?.Kind is ErrorKind.Unavailable or ErrorKind.RateLimited)
                {
                    return refusal;
                }

                refused ??= refusal;
                if (refusal is not null)
                {
                    unpayable.Add(payer);
                }
            }

            if (order.Payment is not null && refused is not null)
            {
                return refused;
            }
        }
    }

    // What a suspended merchant owes to payers goes on. Where it said itself that money goes is its own decision, as a payout is.
    private async Task<IReadOnlyList<(RefundPayee Payer, Error? Refusal)>> CheckAsync(
        MerchantId caller, NewRefund order, RefundPayee[] payees, string asset, bool isSuspended, CancellationToken cancellationToken)
    {
        RefundPayee[] decided = isSuspended ? [.. payees.Where(session.RefundAddresses.Names)] : [];
        return
        [
            .. decided.Select(payee => (payee, (Error?)Suspended)),
            .. await payers.CheckAsync(caller.Value, [.. payees.Except(decided)], asset, order.IsClaimed, cancellationToken),
        ];
    }

    // With the payees of whom nobody has asked yet whether they can be paid. A refund address whose time has come is not to wait until
    // somebody wakes the session for it.
    private async Task<(Result<RefundRecord> Planned, RefundPayee[] Unknown)> PlanAsync(
        MerchantId caller, NewRefund order, HashSet<RefundPayee> asked, IReadOnlySet<RefundPayee> unpayable)
    {
        if (session.State.Merchant == caller.Value)
        {
            await session.TakeRefundAddressesAsync(session.Now);
        }

        var planned = Plan(caller, order, unpayable);
        return (planned, planned.IsSuccess ? [.. PayeesOf(order, planned.Value).Except(asked)] : []);
    }

    private Result<RefundRecord> Plan(MerchantId caller, NewRefund order, IReadOnlySet<RefundPayee> unpayable) =>
        session.State.Merchant != caller.Value ? IPaymentSessionContext.NoSuchSession
        : RefusalOf(order) is { } refused ? refused
        : session.Refunds.Pots.Make(order, FeeIsReturned, session.Now, unpayable);

    private RefundClaims Claims => new(session.State, session.Refunds.Pots);

    // What a payer may not have without his merchant's word.
    private Error? RefusalOf(NewRefund order) =>
        order.IsClaimed ? Claims.RefusalOf(order.Payment!.Value) : null;

    // Null where something of it is to be given back, or can be asked for.
    private Result<RefundView>? FindClaimed(MerchantId caller, LedgerPlace payment)
    {
        if (session.State.Merchant != caller.Value)
        {
            return IPaymentSessionContext.NoSuchSession;
        }

        return Claims.FindWhole(payment) is { } refund ? (Result<RefundView>)session.Refunds.ViewOf(refund) : null;
    }

    private async Task<Result<RefundView>> MakeAsync(
        MerchantId caller, NewRefund order, HashSet<RefundPayee> asked, IReadOnlySet<RefundPayee> unpayable)
    {
        if (Plan(caller, order, unpayable) is { IsSuccess: true } again && !PayeesOf(order, again.Value).All(asked.Contains))
        {
            // It is others who are to be paid now, and nobody has asked whether they can be.
            return Busy;
        }

        if (RefusalOf(order) is { } refused)
        {
            return refused;
        }

        var isAutomatic = order.Reason == RefundReasons.Automatic;
        if (isAutomatic && !session.State.Undecided.Contains(order.Payment!.Value))
        {
            return Decided;
        }

        var made = session.Refunds.Make(order, FeeIsReturned, session.Now, unpayable, session.LivesByTestClock);
        if (!made.IsSuccess)
        {
            return made.Error;
        }

        if (isAutomatic)
        {
            // By the write that makes it nobody is to make it again.
            session.State.Undecided.Remove(order.Payment!.Value);
        }

        var view = session.Refunds.ViewOf(made.Value);
        session.State.Listed.Add(new ListedObject(caller.Value, RefundKeys.ListName, view.Id.Value, session.Now));
        if (order.IdempotencyKey is { } key)
        {
            session.State.Keys.Add(new IdempotencyKeyEntry(
                RefundKeys.HashOf(key), order.Fingerprint, view.Id.Value, session.SystemNow + RefundKeys.Lifetime, caller.Value,
                session.SystemNow));
        }

        try
        {
            await session.SaveAsync();
            return view;
        }
        catch (Exception exception) when (keys.IsTaken(exception))
        {
            return IdempotencyLedger.InUse;
        }
    }

    private IEnumerable<RefundPayee> PayeesOf(NewRefund order, RefundRecord refund) => refund.Legs
        .Select(leg => session.Refunds.Pots.PayeeOf(leg) with
        {
            IsUnconfirmed = order is { IsClaimed: true, IsOwnAccount: false } && !session.Refunds.Pots.IsDecided(leg.Payment),
        })
        .Distinct();
}
