namespace StellarPay.Grains.Faults;

/// <summary>What production uses: nothing happens anywhere.</summary>
internal sealed class NoFaultPoints : IFaultPoints
{
    public Task HitAsync(string point, string subject) => Task.CompletedTask;
}
