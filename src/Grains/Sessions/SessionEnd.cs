using StellarPay.Grains.Network;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// What a session does when its time is over: by the system's clock, or by the test clock that it lives by. For one activation.
/// </summary>
/// <param name="session">The session.</param>
/// <param name="clock">Its clock.</param>
/// <param name="services">What it needs of the outside.</param>
/// <param name="drain">Takes in all that came, in a turn: up to where ledgers were read when nothing was left; null where something is.</param>
/// <param name="wake">Has it look, in a turn of its own.</param>
internal sealed class SessionEnd(
    IPaymentSessionContext session, SessionClock clock, PaymentSessionServices services, Func<Task<LedgerClose?>> drain,
    Func<Task> wake)
{
    /// <summary>For how long a refund waits for money.</summary>
    public TimeSpan Patience => TimeSpan.FromDays(services.Refunds.Value.WaitDays);

    private PaymentSessionState State => session.State;

    /// <summary>
    /// Looks, beside the turns, whether its test clock has gone past what was just stored as due: that moved on while it was being stored,
    /// found nobody due, and may stand now for ever.
    /// </summary>
    public async Task LookBehindAsync()
    {
        if (State.ClockDueAt is { } due && await clock.HasPassedAsync(State, due))
        {
            await wake();
        }
    }

    /// <summary>Ends it, in a turn, where that is due and can be proved.</summary>
    public async Task LookAsync()
    {
        await session.TakeRefundAddressesAsync(clock.IsGone ? DateTimeOffset.MaxValue : session.Now);

        await LookAtSigningsAsync();
        if (State.Clock is not null && session.Refunds.GiveUp(clock.IsGone ? DateTimeOffset.MaxValue : session.Now - Patience))
        {
            await session.SaveAsync();
        }

        if (State.Merchant is null || State.Status != PaymentSessionStatus.Created || !clock.IsOver(State))
        {
            if (State.DueAt <= session.SystemNow && !(SessionSignings.LookAt(State) <= session.SystemNow))
            {
                // The index must not name it again at once, and what cannot be decided is looked at ever less often.
                State.Delays++;
                await session.SaveAsync();
            }
        }
        else if (State.Clock is not null)
        {
            await EndByClockAsync();
        }
        else
        {
            await EndAsync();
        }
    }

    // What a wallet told and never told the end of, because that was lost, is over when it can be in no ledger any more. Where these are
    // not read yet nothing is written: while ledgers stand still thousands may wait for that, as for their end.
    private async Task LookAtSigningsAsync()
    {
        if (session.Signings.Awaits && State.Parked == 0 && await services.Clock.WatermarkAsync() is { } read
            && session.Signings.MayLapse(read))
        {
            await drain();
        }
    }

    // Only who has read all that the ledger holds up to its end knows that it was not paid. While ledgers stand still thousands may
    // wait for that, and ask for no more than one of them would; what is parked waits for an operator. An account of its own tells when all
    // that came there in time is with the merchant, before which nobody knows it here.
    private async Task EndAsync()
    {
        if (State.Parked > 0 || State.Own is { IsRead: false } || await services.Clock.WatermarkAsync() is not { } read
            || read <= State.ExpiresAt)
        {
            return;
        }

        if (State.AsksAddress && !await session.Addresses.ReadAsync())
        {
            return;
        }

        if (await drain() is { } emptyAt && emptyAt.ClosedAt > State.ExpiresAt && State.Parked == 0
            && State is { Status: PaymentSessionStatus.Created, Own: not { IsRead: false } })
        {
            session.Book.Expire();
            await session.SaveAsync();
        }
    }

    // All that had been read when its clock came to its end has been judged: then nothing came in time. What is parked waits for an
    // operator, and the clock does not wait for him.
    private async Task EndByClockAsync()
    {
        if (State.Parked == 0 && await drain() is { } emptyAt && emptyAt.Sequence >= State.EndLedger && State.Parked == 0)
        {
            if (State.Status == PaymentSessionStatus.Created)
            {
                End();
                await session.SaveAsync();
            }
        }
        else if (State.Parked > 0)
        {
            State.Delays++;
            await session.SaveAsync();
        }
    }

    private void End()
    {
        if (clock.IsGone)
        {
            session.Book.Cancel(SessionClock.Deleted, session.Now);
        }
        else
        {
            session.Book.Expire();
        }
    }
}
