namespace Orleans.Configuration;

/// <summary>How silos watch each other; a process that is alone has nobody to watch.</summary>
public class ClusterMembershipOptions
{
    /// <summary>How often a silo writes that it is alive.</summary>
    public TimeSpan IAmAliveTablePublishTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a silo tries to join before its start fails.</summary>
    public TimeSpan MaxJoinAttemptTime { get; set; } = TimeSpan.FromMinutes(5);
}
