namespace StellarPay.EndToEnd.Tests.Hostile;

/// <summary>How long it took until each of several payments or deposits was settled.</summary>
internal sealed class SettleTimes(IReadOnlyCollection<TimeSpan> times)
{
    private readonly TimeSpan[] _sorted = [.. times.Order()];

    public int Count => _sorted.Length;

    public TimeSpan P50 => At(0.50);

    public TimeSpan P99 => At(0.99);

    public override string ToString() => $"{Count} settled, p50 {P50.TotalMilliseconds:0} ms, p99 {P99.TotalMilliseconds:0} ms";

    private TimeSpan At(double part) => _sorted[Math.Max(0, (int)Math.Ceiling(part * _sorted.Length) - 1)];
}
