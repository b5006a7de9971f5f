using StellarPay.Grains.Access;

namespace StellarPay.Grains.Scheduling;

/// <summary>
/// A grain whose stored state names the business time at which it must next look at itself (<c>dueAt</c>). A wake-up
/// that comes late, twice or never does no harm: what is due is decided from state and time.
/// </summary>
[Alias("sp.IWakeable"), GrainsOnly]
public interface IWakeable : IGrainWithStringKey
{
    /// <summary>Does what is due now, and stores when it is due next.</summary>
    [Alias("Wake")]
    Task WakeAsync();
}
