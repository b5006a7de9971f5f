using Orleans.Configuration;

namespace StellarPay.Silo.Hosting;

/// <summary>
/// How soon silos know that one of them has died. A dead silo is known within ten seconds: probes each second, three misses,
/// each bounded by two seconds when the network or the machine is slow. The votes fit any number of silos, for Orleans asks
/// for no more than half of those that are alive: with two silos the other one's is enough.
/// </summary>
internal static class ClusterLiveness
{
    public static void Configure(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(1);
        options.MinProbeTimeout = TimeSpan.FromSeconds(1);
        options.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        options.NumMissedProbesLimit = 3;
        options.NumVotesForDeathDeclaration = 2;

        // When every silo has died and one comes at another address, nobody is left to vote: it may declare them dead, and
        // join, once their last sign of life is three of these old. It looks at the table that often.
        options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
        options.NumMissedTableIAmAliveLimit = 3;
        options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        options.MaxJoinAttemptTime = TimeSpan.FromSeconds(60);
    }
}
