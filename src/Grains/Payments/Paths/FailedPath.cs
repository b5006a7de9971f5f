using System.Security.Cryptography;
using System.Text;

namespace StellarPay.Grains.Payments;

/// <summary>
/// A way through the offers that the network recommends and the ledger refuses. Once may be chance, for offers come and go:
/// then any other is taken before it. Twice it is let be for a while. Property names in stored JSON are a contract.
/// </summary>
[GenerateSerializer, Alias("sp.FailedPath")]
internal sealed class FailedPath
{
    /// <summary>How many a wallet remembers.</summary>
    public const int Most = 8;

    /// <summary>How often it is tried in vain.</summary>
    public const int MostTries = 2;

    /// <summary>How long it is let be.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    private const int KeyLength = 16;

    /// <summary>Which way it is: a short hash, for a way of seven assets is long.</summary>
    [Id(0)] public string Key { get; set; } = "";

    /// <summary>The business time from which on it may be tried again.</summary>
    [Id(1)] public DateTimeOffset Until { get; set; }

    /// <summary>How often the ledger refused it in a row.</summary>
    [Id(2)] public int Tries { get; set; }

    /// <summary>Whether a result code says that the way itself is to blame, and not its price.</summary>
    public static bool IsCode(string? code) => code is "op_too_few_offers" or "op_cross_self";

    public static string KeyOf(string source, IEnumerable<string> hops, string destination) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('>', hops.Prepend(source).Append(destination)))))[..KeyLength];
}
