namespace StellarPay.Bench.Limits;

/// <summary>How often something lasted at most so long: counts by upper bounds in seconds, each with those below it.</summary>
internal sealed record DurationHistogram(IReadOnlyList<(double Bound, long Count)> Buckets)
{
    private const double MicrosecondsPerSecond = 1_000_000;

    public long Count => Buckets.Count == 0 ? 0 : Buckets[^1].Count;

    /// <summary>What came after another was read.</summary>
    public DurationHistogram Since(DurationHistogram before)
    {
        var earlier = before.Buckets.ToDictionary(bucket => bucket.Bound, bucket => bucket.Count);
        return new DurationHistogram(
            [.. Buckets.Select(bucket => (bucket.Bound, bucket.Count - earlier.GetValueOrDefault(bucket.Bound)))]);
    }

    /// <summary>What a part of all did not exceed, in microseconds; evenly between the bounds, and at most the last of them.</summary>
    public double At(double part)
    {
        var rank = part * Count;
        var (below, floor) = (0L, 0d);
        foreach (var (bound, count) in Buckets)
        {
            if (count >= rank && count > below)
            {
                var seconds = double.IsInfinity(bound) ? floor : floor + ((bound - floor) * (rank - below) / (count - below));
                return Math.Round(seconds * MicrosecondsPerSecond, 1);
            }

            (below, floor) = (count, bound);
        }

        return 0;
    }
}
