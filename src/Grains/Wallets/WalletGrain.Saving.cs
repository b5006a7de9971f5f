using Microsoft.Extensions.Logging;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    // While something under way has somebody to do it, the wake-up that would replace that somebody can be later.
    private const int AttendedFactor = 3;

    private bool _unsound;
    private bool _served;

    // A write failed: what is in memory may or may not be what is stored. This activation serves nobody any more.
    private void RequireSound()
    {
        _served = true;
        if (_unsound)
        {
            DeactivateOnIdle();
            throw new OrleansException("The wallet could not be stored. Please try again.");
        }
    }

    private async Task SaveAsync(string? faultPoint = null)
    {
        try
        {
            _book.Prune(Now);
            State.DueAt = NextDue();
            _events.Flush();
            if (faultPoint is not null)
            {
                await services.Faults.HitAsync(faultPoint, _key);
            }

            await services.Faults.HitAsync(FaultPoint.WalletSaving, _key);
            await storage.WriteStateAsync();
            _events.Stored();
            State.Outbox = [];
            State.Keys = [];
            await services.Faults.HitAsync(FaultPoint.WalletSaved, _key);
            StartLooking();
        }
        catch (Exception exception)
        {
            _unsound = true;
            StopBackgroundWork();
            DeactivateOnIdle();
            LogSaveFailed(exception, _key);
            throw;
        }
    }

    private DateTimeOffset? NextDue()
    {
        DateTimeOffset? due = null;
        foreach (var payment in State.Payments)
        {
            if (payment.Status == PaymentStatus.Pending && (due is null || payment.ExpiresAt < due))
            {
                due = payment.ExpiresAt;
            }
        }

        var claimsDue = ClaimsDue();
        due = due is null || claimsDue < due ? claimsDue : due;
        var underWay = State.Status == WalletStatus.Opening || _book.IsFlying || _book.HasQueued || HasClaimsToSign
            || State.NextKey is not null;
        if (underWay)
        {
            var resume = ResumeAt();
            due = due is { } earlier && earlier < resume ? earlier : resume;
        }

        return due;
    }

    // A flight has somebody as soon as it is stored. A wake-up that is set and comes a little early does no harm, and
    // leaving it as it is spares the database its index.
    private DateTimeOffset ResumeAt()
    {
        var resume = Now + (IsAttended || _book.IsFlying ? AttendedFactor * services.ResumeAfter : services.ResumeAfter);
        return State.DueAt is { } set && set > Now + services.ResumeAfter && set < resume ? set : resume;
    }

    [LoggerMessage(1001, LogLevel.Error, "Wallet {Wallet} could not be stored; its activation ends.")]
    private partial void LogSaveFailed(Exception exception, string wallet);
}
