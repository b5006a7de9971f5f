using StellarPay.Grains.Refunds;

namespace StellarPay.Grains.Merchants;

/// <summary>
/// What one payer is to get back, as the merchant stores it until the ledger has decided: a row of its own. Property names in stored JSON
/// are a contract.
/// </summary>
[GenerateSerializer, Alias("sp.RefundOrderRecord")]
internal sealed class RefundOrderRecord
{
    /// <summary>The refund, <c>re_…</c>.</summary>
    [Id(0)] public string Refund { get; set; } = "";

    /// <summary>Which of its legs, from 0.</summary>
    [Id(1)] public int Leg { get; set; }

    /// <summary>Whom to pay: <c>G…</c> or <c>M…</c>.</summary>
    [Id(2)] public string To { get; set; } = "";

    /// <summary>In what, in canonical form.</summary>
    [Id(3)] public string Asset { get; set; } = "";

    [Id(4)] public long Stroops { get; set; }

    /// <summary>What of the fee is given back with it, in the same asset.</summary>
    [Id(5)] public long FeeStroops { get; set; }

    /// <summary>Whether it is among what is held for payers; else of what the merchant may spend.</summary>
    [Id(6)] public bool IsHeld { get; set; }

    /// <summary>Whether its amount is set aside; else the merchant has too little.</summary>
    [Id(7)] public bool IsReserved { get; set; }

    /// <summary>Whether its session was told that it waits for money.</summary>
    [Id(8)] public bool IsToldToWait { get; set; }

    /// <summary>In how many transactions it was tried.</summary>
    [Id(9)] public int Tries { get; set; }

    /// <summary>Whether it goes in a transaction of its own.</summary>
    [Id(10)] public bool Alone { get; set; }

    /// <summary>When it was asked for, by business time.</summary>
    [Id(11)] public DateTimeOffset At { get; set; }

    /// <summary>The unmatched receipt that goes back; null where a session ordered it.</summary>
    [Id(12)] public UnmatchedReceipt? Receipt { get; set; }

    /// <summary>Whether its session, which lives by a test clock, says when it has waited too long for money.</summary>
    [Id(13)] public bool IsByTestClock { get; set; }

    /// <summary>The memo by which he is known there; null where the address says it all.</summary>
    [Id(14)] public RefundMemo? Memo { get; set; }

    /// <summary>Why it was given up while it was in a transaction: it is in no other. Null for not.</summary>
    [Id(15)] public string? GivenUp { get; set; }

    /// <summary>Whether it goes where the merchant decided, and not whence it came: once he is suspended it does not.</summary>
    [Id(16)] public bool IsDecided { get; set; }

    /// <summary>Whether its payer claimed it: such are of what is held, and wait apart.</summary>
    [Id(17)] public bool IsClaimed { get; set; }

    /// <summary>What names it in a transaction.</summary>
    public string Subject() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Refund}/{Leg}");
}
