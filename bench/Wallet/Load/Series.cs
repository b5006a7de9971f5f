using System.Collections.Concurrent;

namespace StellarPay.Bench.Wallet.Load;

/// <summary>What a load has measured: how long each thing took, and what went wrong.</summary>
internal sealed class Series
{
    private readonly Lock _lock = new();
    private readonly List<double> _milliseconds = [];
    private readonly ConcurrentDictionary<string, int> _errors = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _milliseconds.Count;
            }
        }
    }

    public IReadOnlyDictionary<string, int> Errors => _errors;

    public int Failed => _errors.Values.Sum();

    public void Add(TimeSpan took)
    {
        lock (_lock)
        {
            _milliseconds.Add(took.TotalMilliseconds);
        }
    }

    public void Fail(string why) => _errors.AddOrUpdate(why, 1, static (_, count) => count + 1);

    public void Clear()
    {
        lock (_lock)
        {
            _milliseconds.Clear();
        }
    }

    public Percentiles Sum()
    {
        lock (_lock)
        {
            var sorted = _milliseconds.Order().ToArray();
            return new Percentiles(At(sorted, 0.50), At(sorted, 0.95), At(sorted, 0.99));
        }
    }

    private static double At(double[] sorted, double share) =>
        sorted.Length == 0 ? 0 : Math.Round(sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))], 2);
}

/// <summary>Milliseconds within which a share of all was done.</summary>
internal sealed record Percentiles(double P50, double P95, double P99);
