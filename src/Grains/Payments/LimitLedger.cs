namespace StellarPay.Grains.Payments;

/// <summary>What payments of one asset used of the daily limit in ten minutes.</summary>
[GenerateSerializer, Alias("sp.UsageBucket")]
internal sealed class UsageBucket
{
    [Id(0)] public string Asset { get; set; } = "";

    /// <summary>The bucket's first moment.</summary>
    [Id(1)] public DateTimeOffset From { get; set; }

    [Id(2)] public long Stroops { get; set; }
}

/// <summary>
/// The rolling 24-hour limit, counted in buckets of ten minutes: at most 145 of them an asset. A payment counts until
/// its whole bucket is older than 24 hours, so up to ten minutes longer than it must and never shorter.
/// </summary>
internal static class LimitLedger
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);
    private static readonly TimeSpan Width = TimeSpan.FromMinutes(10);

    /// <summary>Stroops of an asset that count against the limit now.</summary>
    public static long Used(IEnumerable<UsageBucket> buckets, string asset, DateTimeOffset now)
    {
        var used = 0L;
        foreach (var bucket in buckets)
        {
            if (bucket.Asset == asset && Counts(bucket, now))
            {
                used = checked(used + bucket.Stroops);
            }
        }

        return used;
    }

    /// <summary>Whether so many more stroops stay within the limit.</summary>
    public static bool Allows(
        IEnumerable<UsageBucket> buckets, string asset, long stroops, long limit, DateTimeOffset now) =>
        (Int128)Used(buckets, asset, now) + stroops <= limit;

    /// <summary>Counts a payment made at that time.</summary>
    public static void Reserve(List<UsageBucket> buckets, string asset, long stroops, DateTimeOffset at)
    {
        var from = BucketOf(at);
        var bucket = buckets.Find(b => b.Asset == asset && b.From == from);
        if (bucket is null)
        {
            bucket = new UsageBucket { Asset = asset, From = from };
            buckets.Add(bucket);
        }

        bucket.Stroops = checked(bucket.Stroops + stroops);
    }

    /// <summary>Takes back a payment that was counted at that time; nothing if its bucket has gone.</summary>
    public static void Release(List<UsageBucket> buckets, string asset, long stroops, DateTimeOffset at)
    {
        var from = BucketOf(at);
        var bucket = buckets.Find(b => b.Asset == asset && b.From == from);
        if (bucket is not null)
        {
            bucket.Stroops = Math.Max(0, bucket.Stroops - stroops);
        }
    }

    /// <summary>Drops the buckets that count no more.</summary>
    public static void Prune(List<UsageBucket> buckets, DateTimeOffset now) =>
        buckets.RemoveAll(b => !Counts(b, now) || b.Stroops == 0);

    private static bool Counts(UsageBucket bucket, DateTimeOffset now) => bucket.From + Width + Window > now;

    private static DateTimeOffset BucketOf(DateTimeOffset at) =>
        new(at.UtcTicks - (at.UtcTicks % Width.Ticks), TimeSpan.Zero);
}
