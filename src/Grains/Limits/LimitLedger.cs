using StellarPay.Grains.Payments;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Limits;

/// <summary>What payments used of a limit in one bucket of time.</summary>
[GenerateSerializer, Alias("sp.UsageBucket")]
internal sealed class UsageBucket
{
    /// <summary>The bucket's first moment.</summary>
    [Id(0)] public DateTimeOffset From { get; set; }

    /// <summary>Units of the reference currency.</summary>
    [Id(1)] public long Units { get; set; }
}

/// <summary>A span of time that a limit looks back over, and how finely it is counted.</summary>
internal sealed record LimitWindow(TimeSpan Length, TimeSpan Width)
{
    /// <summary>At most 73 buckets.</summary>
    public static readonly LimitWindow Day = new(TimeSpan.FromHours(24), TimeSpan.FromMinutes(20));

    /// <summary>At most 61 buckets.</summary>
    public static readonly LimitWindow Month = new(TimeSpan.FromDays(30), TimeSpan.FromHours(12));

    public DateTimeOffset BucketOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % Width.Ticks), TimeSpan.Zero);

    /// <summary>
    /// A bucket counts until the whole of it is older than the window: up to a bucket's width longer than it must, and
    /// never shorter.
    /// </summary>
    public bool Counts(UsageBucket bucket, DateTimeOffset now) => bucket.From + Width + Length > now;
}

/// <summary>
/// The rolling limits of a wallet. A payment is counted, in both windows, by what it was worth when it was quoted; what
/// that was is stored with it, so that taking it back is exact however rates have moved.
/// </summary>
internal static class LimitLedger
{
    /// <summary>What counts against the limit of a window now.</summary>
    public static Int128 Used(IEnumerable<UsageBucket> buckets, LimitWindow window, DateTimeOffset now)
    {
        Int128 used = 0;
        foreach (var bucket in buckets)
        {
            if (window.Counts(bucket, now))
            {
                used += bucket.Units;
            }
        }

        return used;
    }

    /// <summary>What is left of a limit; nothing where more is used than it allows.</summary>
    public static long Left(IEnumerable<UsageBucket> buckets, LimitWindow window, long limit, DateTimeOffset now)
    {
        var left = limit - Used(buckets, window, now);
        return left > 0 ? (long)left : 0;
    }

    /// <summary>Counts a payment at the time when it was quoted.</summary>
    public static void Reserve(WalletState state, PaymentRecord payment) => Reserve(state, payment.CreatedAt, payment.LimitUnits);

    /// <summary>Counts what was promised at a moment.</summary>
    public static void Reserve(WalletState state, DateTimeOffset at, long units)
    {
        Add(state.DayUsage, LimitWindow.Day, at, units);
        Add(state.MonthUsage, LimitWindow.Month, at, units);
    }

    /// <summary>Takes back what was counted for a payment; nothing where its bucket has gone.</summary>
    public static void Release(WalletState state, PaymentRecord payment) => Release(state, payment.CreatedAt, payment.LimitUnits);

    /// <summary>Takes back what was counted at a moment; nothing where its bucket has gone.</summary>
    public static void Release(WalletState state, DateTimeOffset at, long units)
    {
        Remove(state.DayUsage, LimitWindow.Day, at, units);
        Remove(state.MonthUsage, LimitWindow.Month, at, units);
    }

    /// <summary>Counts a payment by something else than it was counted by.</summary>
    public static void Correct(WalletState state, PaymentRecord payment, long units)
    {
        Release(state, payment);
        payment.LimitUnits = units;
        Reserve(state, payment);
    }

    /// <summary>Drops the buckets that count no more.</summary>
    public static void Prune(WalletState state, DateTimeOffset now)
    {
        state.DayUsage.RemoveAll(b => b.Units == 0 || !LimitWindow.Day.Counts(b, now));
        state.MonthUsage.RemoveAll(b => b.Units == 0 || !LimitWindow.Month.Counts(b, now));
    }

    private static void Add(List<UsageBucket> buckets, LimitWindow window, DateTimeOffset at, long units)
    {
        var from = window.BucketOf(at);
        var bucket = buckets.Find(b => b.From == from);
        if (bucket is null)
        {
            bucket = new UsageBucket { From = from };
            buckets.Add(bucket);
        }

        bucket.Units = checked(bucket.Units + units);
    }

    private static void Remove(List<UsageBucket> buckets, LimitWindow window, DateTimeOffset at, long units)
    {
        var from = window.BucketOf(at);
        if (buckets.Find(b => b.From == from) is { } bucket)
        {
            bucket.Units = Math.Max(0, bucket.Units - units);
        }
    }
}
