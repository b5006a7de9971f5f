using StellarPay.Grains.Faults;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

internal sealed partial class WalletGrain
{
    // While something under way has somebody to do it, the wake-up that would replace that somebody can be later.
    private const int AttendedFactor = 3;

    private string? _faultPoint;

    private async Task SaveAsync(string? faultPoint = null, bool ends = true)
    {
        _faultPoint = faultPoint;
        await WriteAsync(ends);
        StartLooking();
    }

    protected override void Prepare()
    {
        _book.Prune(Now);
        State.DueAt = NextDue();
        _events.Flush();
        WalletRows.Put(State);
    }

    protected override void Stored() => _events.Stored();

    protected override async Task BeforeWriteAsync()
    {
        if (_faultPoint is { } point)
        {
            _faultPoint = null;
            await services.Faults.HitAsync(point, GrainKey);
        }

        await services.Faults.HitAsync(FaultPoint.WalletSaving, GrainKey);
    }

    protected override Task AfterWriteAsync() => services.Faults.HitAsync(FaultPoint.WalletSaved, GrainKey);

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
}
