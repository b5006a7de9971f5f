using System.Globalization;

namespace StellarPay.Bench.Limits;

/// <summary>Reads what the product tells of its rate limits, in Prometheus' text.</summary>
internal sealed class RateLimitMetrics(int port) : IDisposable
{
    private const string Bucket = "stellarpay_rate_limit_duration_seconds_bucket{";

    private readonly HttpClient _http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

    public async Task<DurationHistogram> ReadAsync(string limit)
    {
        var lines = (await _http.GetStringAsync("/metrics")).Split('\n');
        var buckets = lines
            .Where(line => line.StartsWith(Bucket, StringComparison.Ordinal)
                && line.Contains($"stellarpay_rate_limit_name=\"{limit}\"", StringComparison.Ordinal))
            .Select(line => (Bound: BoundOf(line), Count: CountOf(line)));
        return new DurationHistogram([.. buckets.OrderBy(bucket => bucket.Bound)]);
    }

    public void Dispose() => _http.Dispose();

    private static double BoundOf(string line)
    {
        var from = line.IndexOf("le=\"", StringComparison.Ordinal) + "le=\"".Length;
        var text = line[from..line.IndexOf('"', from)];
        return text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
    }

    // A time may stand behind it.
    private static long CountOf(string line) =>
        long.Parse(line[(line.IndexOf("} ", StringComparison.Ordinal) + 2)..].Split(' ')[0], CultureInfo.InvariantCulture);
}
