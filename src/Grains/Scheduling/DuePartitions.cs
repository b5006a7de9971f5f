using System.Globalization;

namespace StellarPay.Grains.Scheduling;

/// <summary>The partitions of the due index: <c>due_00</c> to <c>due_07</c>.</summary>
public static class DuePartitions
{
    /// <summary>How many there are.</summary>
    public const int Count = 8;

    private const string Prefix = "due_";

    /// <summary>The keys of all partitions' grains.</summary>
    public static IEnumerable<string> Keys() =>
        Enumerable.Range(0, Count).Select(n => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{n:D2}"));

    /// <summary>The number of the partition with this key.</summary>
    /// <exception cref="ArgumentException">There is no such partition.</exception>
    internal static int NumberOf(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(key.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number < Count
            ? number
            : throw new ArgumentException($"There is no due partition '{key}'.", nameof(key));
}
