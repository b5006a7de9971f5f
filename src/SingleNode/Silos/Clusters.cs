namespace StellarPay.SingleNode;

/// <summary>Says by which names a silo or client finds its cluster in this process.</summary>
internal interface IClusterLocation
{
    /// <summary>The names; any one of them is enough to find it.</summary>
    IReadOnlyList<string> Names(Orleans.Configuration.ClusterOptions options);
}

/// <summary>The clusters of this process: hosts cannot see one another but through here, as processes through a network.</summary>
internal static class Clusters
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, Cluster> Known = [];

    public static Cluster JoinOrCreate(IReadOnlyList<string> names)
    {
        lock (Gate)
        {
            var cluster = names.Select(name => Known.GetValueOrDefault(name)).FirstOrDefault(each => each is not null)
                ?? new Cluster();
            foreach (var name in names)
            {
                Known[name] = cluster;
            }

            return cluster;
        }
    }

    public static Cluster? Find(IReadOnlyList<string> names)
    {
        lock (Gate)
        {
            return names.Select(name => Known.GetValueOrDefault(name)).FirstOrDefault(each => each is not null);
        }
    }

    /// <summary>Forgets a cluster whose last silo has gone.</summary>
    public static void ForgetIfEmpty(Cluster cluster)
    {
        lock (Gate)
        {
            if (cluster.Silos.IsEmpty)
            {
                foreach (var name in Known.Where(each => each.Value == cluster).Select(each => each.Key).ToArray())
                {
                    Known.Remove(name);
                }
            }
        }
    }
}
