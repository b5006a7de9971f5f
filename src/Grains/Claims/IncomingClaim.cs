using System.Text.Json.Serialization;

namespace StellarPay.Grains.Claims;

/// <summary>A claimable balance that a wallet may claim. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.IncomingClaim")]
internal sealed class IncomingClaim
{
    [Id(0)] public string BalanceId { get; set; } = "";

    /// <summary>The business time at which to look at it; null where it can be claimed now.</summary>
    [Id(1)] public DateTimeOffset? LookAt { get; set; }

    /// <summary>In how many transactions its claim was signed.</summary>
    [Id(2)] public int Signings { get; set; }

    /// <summary>The ledger that has its creation; 0 where that is not known.</summary>
    [Id(3)] public long Ledger { get; set; }

    /// <summary>How often the network did not show it: a replica may be behind.</summary>
    [Id(4)] public int Misses { get; set; }

    /// <summary>Whether it goes into a transaction by itself, because it may be what a shared one was refused for.</summary>
    [Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Alone { get; set; }

    /// <summary>How much it is; 0 where that is not known.</summary>
    [Id(6), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Stroops { get; set; }

    [JsonIgnore] public bool IsReady => LookAt is null;

    /// <summary>
    /// The least is remembered first: what can or may be claimed by now, then the soonest; the larger before the smaller.
    /// </summary>
    public (DateTimeOffset From, long Less) RankAt(DateTimeOffset now) =>
        (LookAt is { } later && later > now ? later : DateTimeOffset.MinValue, -Stroops);
}
