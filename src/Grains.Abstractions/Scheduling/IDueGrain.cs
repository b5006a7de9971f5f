using Orleans.Concurrency;
using StellarPay.Grains.Access;

namespace StellarPay.Grains.Scheduling;

/// <summary>
/// One of the partitions that read the index of due grains and wake them, in the order of what is due. Keys are
/// <c>due_00</c> to <c>due_07</c>. A reminder keeps each alive.
/// </summary>
[Alias("sp.IDueGrain"), GrainsOnly]
public interface IDueGrain : IGrainWithStringKey
{
    /// <summary>Starts the partition's reminder and its timer. A repeat does no harm.</summary>
    [Alias("Start"), AlsoHosts]
    Task StartAsync();

    /// <summary>Sees to it that it sweeps. Waits for nothing; every silo calls it every few seconds.</summary>
    [Alias("Poke"), AlsoHosts]
    [OneWay]
    [AlwaysInterleave]
    Task PokeAsync();

    /// <summary>Wakes whatever is due now.</summary>
    /// <returns>How many grains were woken.</returns>
    [Alias("Sweep")]
    Task<int> SweepAsync();
}
