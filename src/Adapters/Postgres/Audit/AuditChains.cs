using System.Globalization;

namespace StellarPay.Adapters.Postgres.Audit;

/// <summary>The names of a service's chains.</summary>
public static class AuditChains
{
    /// <summary>How many there are. Part of what is stored: with another, a subject's entries would be spread over two chains.</summary>
    public const int Count = 32;

    /// <summary>All but the one of the checkpoints.</summary>
    public static IEnumerable<string> Of(string serviceId) => Enumerable.Range(0, Count).Select(number => Name(serviceId, number));

    /// <summary>The chain of a subject, such as <c>stellarpay/07</c>.</summary>
    public static string OfSubject(string serviceId, string subject)
    {
        // FNV-1a: the same on every machine and in every version, which string.GetHashCode is not.
        var hash = 2166136261u;
        foreach (var c in subject)
        {
            hash = unchecked((hash ^ c) * 16777619u);
        }

        return Name(serviceId, (int)(hash % Count));
    }

    /// <summary>The chain of the entries that name the heads of the others.</summary>
    public static string Checkpoints(string serviceId) => $"{serviceId}/checkpoints";

    private static string Name(string serviceId, int number) => string.Create(CultureInfo.InvariantCulture, $"{serviceId}/{number:D2}");
}
