namespace StellarPay.Grains.Faults;

/// <summary>
/// Places in the code at which a test or the demo may make the process die or an exception fly. In production an
/// implementation that does nothing.
/// </summary>
public interface IFaultPoints
{
    /// <summary>Says that execution is at a point of <see cref="FaultPoint"/> for a thing with that id.</summary>
    Task HitAsync(string point, string subject);
}
