using System.Text.Json.Serialization;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Claims;

/// <summary>What a payment by claimable balance is besides a payment. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.ClaimableRecord")]
internal sealed class ClaimableRecord
{
    /// <summary>From when on, by the network's clock, the payer can have it back.</summary>
    [Id(0)] public DateTimeOffset ReclaimableAfter { get; set; }

    /// <summary>Null before the balance is on the ledger.</summary>
    [Id(1)] public string? BalanceId { get; set; }

    /// <summary>Null before the balance is on the ledger.</summary>
    [Id(2)] public ClaimStatus? Status { get; set; }

    /// <summary>The business time at which to see whether it is still there; null where nothing is to be seen.</summary>
    [Id(3)] public DateTimeOffset? LookAt { get; set; }

    /// <summary>Whether the payer was told that it can be had back.</summary>
    [Id(4)] public bool Told { get; set; }

    /// <summary>In how many transactions the payer's claim was signed.</summary>
    [Id(5)] public int Signings { get; set; }

    /// <summary>Whether the payer's claim goes into a transaction by itself.</summary>
    [Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Alone { get; set; }

    /// <summary>Since when the network has not shown it, though the ledger said nothing of it; null where it has.</summary>
    [Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? MissedSince { get; set; }

    /// <summary>How often it was not shown since then.</summary>
    [Id(8), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Misses { get; set; }

    /// <summary>Whether anything can still become of it.</summary>
    [JsonIgnore] public bool IsOpen => Status is ClaimStatus.Open or ClaimStatus.Reclaiming;

    public ClaimableView ToView() => new(ReclaimableAfter, BalanceId, Status);
}
