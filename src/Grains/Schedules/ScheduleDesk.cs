namespace StellarPay.Grains.Schedules;

/// <summary>
/// The places from which a silo's books ask wallets for payments, first come, first served. A book takes one at a time and gives it
/// back after each payment: whoever has many schedules waits behind everybody's next payment, and nobody behind all of theirs.
/// </summary>
internal sealed class ScheduleDesk
{
    /// <summary>How many are asked at once.</summary>
    public const int Places = 64;

    private readonly SemaphoreSlim _free = new(Places, Places);

    /// <summary>Waits for a place; it is given back when it is disposed of.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return new Place(_free);
    }

    private sealed class Place(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
