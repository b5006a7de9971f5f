using StellarPay.Grains.Keys;

namespace StellarPay.Grains.Platform;

/// <summary>A fee account as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.FeeAccountState")]
internal sealed class FeeAccountState
{
    [Id(0)] public EncryptedSeed? Key { get; set; }
}

/// <summary>A sponsor account as it is stored. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.SponsorState")]
internal sealed class SponsorState
{
    [Id(0)] public EncryptedSeed? Key { get; set; }

    /// <summary>The transaction that is out, while the ledger has not decided.</summary>
    [Id(1)] public SponsorLease? Lease { get; set; }
}

/// <summary>A transaction that a sponsor has signed for a new account.</summary>
/// <param name="Address">The new account.</param>
/// <param name="Envelope">Signed by the sponsor alone, in base64 XDR.</param>
/// <param name="Hash">Its hash in lower-case hex.</param>
/// <param name="MaxTime">The last moment, by the network's clock, at which a ledger may apply it.</param>
[GenerateSerializer, Immutable, Alias("sp.SponsorLease")]
internal sealed record SponsorLease(
    [property: Id(0)] string Address,
    [property: Id(1)] string Envelope,
    [property: Id(2)] string Hash,
    [property: Id(3)] DateTimeOffset MaxTime);
