using Orleans.Concurrency;
using StellarPay.Grains.Access;

namespace StellarPay.Grains.Network;

/// <summary>What the hosts of silos tell the follower (<see cref="IFollowerGrain"/>), by the same key.</summary>
[Alias("sp.IFollowerInternal"), GrainsOnly]
public interface IFollowerInternal : IGrainWithStringKey
{
    /// <summary>Starts the reminder that keeps it alive, and the reading. A repeat does no harm.</summary>
    [Alias("Start"), AlsoHosts]
    Task StartAsync();

    /// <summary>Sees to it that it reads. Sets a flag and waits for nothing; every silo calls it every few seconds.</summary>
    [Alias("Poke"), AlsoHosts]
    [OneWay]
    [AlwaysInterleave]
    Task PokeAsync();
}
