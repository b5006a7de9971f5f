using StellarPay.Grains.Network;

namespace StellarPay.Grains.Refunds;

/// <summary>A refund as its session stores it: a row of its own. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.RefundRecord")]
internal sealed class RefundRecord
{
    /// <summary>Which of the session's refunds it is, from 1.</summary>
    [Id(0)] public int Number { get; set; }

    /// <summary>The payment whose excess it is; null where it is of what counted.</summary>
    [Id(1)] public LedgerPlace? Payment { get; set; }

    /// <summary>In what the amount is: the price's currency, or the excess's asset.</summary>
    [Id(2)] public string Currency { get; set; } = "";

    /// <summary>How much of that, in ten-millionths.</summary>
    [Id(3)] public long Amount { get; set; }

    /// <summary>In what it is paid, in canonical form.</summary>
    [Id(4)] public string Asset { get; set; } = "";

    /// <summary>What each payer gets.</summary>
    [Id(5)] public List<RefundLeg> Legs { get; set; } = [];

    /// <summary>Whether the merchant has it among what is held for payers; else it is of what he may spend.</summary>
    [Id(6)] public bool IsHeld { get; set; }

    [Id(7)] public RefundStatus Status { get; set; }

    [Id(8)] public string? Reason { get; set; }

    [Id(9)] public string? PendingReason { get; set; }

    [Id(10)] public string? FailureReason { get; set; }

    [Id(11)] public DateTimeOffset CreatedAt { get; set; }

    [Id(12)] public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The merchant's notes, encrypted.</summary>
    [Id(13)] public string? Metadata { get; set; }

    /// <summary>Whether a test clock says when it has waited too long for money: its session's, which was there when it was made.</summary>
    [Id(15)] public bool IsByTestClock { get; set; }

    /// <summary>Whether the merchant was told that by its session's test clock it has waited too long for money.</summary>
    [Id(14)] public bool IsGivenUp { get; set; }

    /// <summary>Whether it was its payer who asked for it.</summary>
    [Id(16)] public bool IsClaimed { get; set; }

    /// <summary>What is reserved by it or has left: all but what has failed.</summary>
    public long Stroops() => LiveLegs().Sum(leg => leg.Stroops);

    /// <summary>What of the fee is given back with that.</summary>
    public long FeeStroops() => LiveLegs().Sum(leg => leg.FeeStroops);

    private IEnumerable<RefundLeg> LiveLegs() => Legs.Where(leg => leg.Status != RefundStatus.Failed);
}
