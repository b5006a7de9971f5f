using System.Text.Json.Serialization;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;

namespace StellarPay.Grains.Payments;

/// <summary>A payment as its wallet stores it. Property names in stored JSON are a contract.</summary>
[GenerateSerializer, Alias("sp.PaymentRecord")]
internal sealed class PaymentRecord
{
    [Id(0)] public string Id { get; set; } = "";

    [Id(1)] public PaymentStatus Status { get; set; }

    [Id(2)] public string Recipient { get; set; } = "";

    [Id(3)] public string Destination { get; set; } = "";

    /// <summary>The asset's canonical form.</summary>
    [Id(4)] public string Asset { get; set; } = "";

    [Id(5)] public long Stroops { get; set; }

    [Id(6)] public string? Memo { get; set; }

    [Id(7)] public DateTimeOffset CreatedAt { get; set; }

    [Id(8)] public DateTimeOffset ExpiresAt { get; set; }

    [Id(9)] public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>The fee-bump's hash.</summary>
    [Id(11)] public string? TransactionHash { get; set; }

    /// <summary>The hash of the transaction inside the fee-bump.</summary>
    [Id(12)] public string? InnerHash { get; set; }

    [Id(13)] public long? SequenceNumber { get; set; }

    [Id(15)] public long? Ledger { get; set; }

    [Id(16)] public string? FailureCode { get; set; }

    /// <summary>Whether the follower has delivered the operation, so that the balance has it.</summary>
    [Id(17)] public bool Settled { get; set; }

    /// <summary>Which of its transaction's operations it is, from 0.</summary>
    [Id(18)] public int OperationIndex { get; set; }

    /// <summary>In how many transactions it has been signed; more than one where the first could never be applied.</summary>
    [Id(19)] public int Signings { get; set; }

    /// <summary>The request that confirmed it, for the log; only while it is under way.</summary>
    [Id(20)] public string? RequestId { get; set; }

    /// <summary>The trace of that request as W3C's traceparent; only until the ledger's operation is in the balance.</summary>
    [Id(21)] public string? Trace { get; set; }

    /// <summary>When it was confirmed, by business time; as long as <see cref="Trace"/>.</summary>
    [Id(22)] public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>By which kind of operation it is made.</summary>
    [Id(50), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PaymentMethod Method { get; set; }

    /// <summary>The payer's side, where it spends another asset than the recipient gets; else null.</summary>
    [Id(51)] public PathRecord? Path { get; set; }

    /// <summary>What there is to say of its claimable balance; null where it makes none.</summary>
    [Id(60)] public ClaimableRecord? Claimable { get; set; }

    /// <summary>Whether it goes into a transaction by itself, because it may be what a shared one was refused for.</summary>
    [Id(61), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Alone { get; set; }

    /// <summary>That it waits for its recipient's account; null where it does not, or no longer.</summary>
    [Id(62), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OpeningWait? Opening { get; set; }

    /// <summary>Whether its payer showed a second factor for it; until it is settled.</summary>
    [Id(63), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FactorShown { get; set; }

    /// <summary>
    /// By when a ledger must have it, by the ledger's close time: the end of the payment session that it pays. Null for most.
    /// </summary>
    [Id(65), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? NotAfter { get; set; }

    /// <summary>Whether its amount is what was left of that session's price.</summary>
    [Id(66), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool PaysRest { get; set; }

    /// <summary>The payment session that it pays, which is told when it is signed, and that nothing came of it. Null for most.</summary>
    [Id(67), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Session { get; set; }

    /// <summary>The transaction of which that was told, until it was told the end, or the payment is on a ledger. Null for most.</summary>
    [Id(68), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Told { get; set; }

    /// <summary>The asset that leaves the wallet.</summary>
    [JsonIgnore] public string ReservedAsset => Path?.SourceAsset ?? Asset;

    /// <summary>The most of it that may leave, the fee included.</summary>
    [JsonIgnore] public long ReservedStroops => checked((Path?.SourceMaxStroops ?? Stroops) + (Fee?.Stroops ?? 0));

    /// <summary>What it costs its payer besides; null for most.</summary>
    [Id(33), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PaymentFee? Fee { get; set; }

    /// <summary>What it counts against the limits, in ten-millionths of the reference currency.</summary>
    [Id(30)] public long LimitUnits { get; set; }

    /// <summary>The most that may be bid for it, in stroops of XLM: what it is worth. Null where nobody knew a rate of XLM.</summary>
    [Id(32), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? MostFeeStroops { get; set; }

    /// <summary>What was known of the recipient when it was quoted.</summary>
    [Id(31)] public RecipientFacts? Facts { get; set; }

    /// <summary>Has it reach the ledger before the session that it pays is over, or not at all; and so its quote.</summary>
    public void EndsWith(PayableUntil? session, bool paysRest)
    {
        (NotAfter, PaysRest, Session) = (session?.ExpiresAt, paysRest, session?.Session);
        ExpiresAt = NotAfter < ExpiresAt ? NotAfter.Value : ExpiresAt;
    }

    /// <summary>How many operations it has on the ledger, that of its fee included.</summary>
    public int CountOperations() => PaymentKinds.Of(this).Operations + (Fee is null ? 0 : 1);

    /// <summary>Whether the amount is still to be kept back from the balance.</summary>
    public bool HoldsReservation() =>
        !PaymentTransitions.IsTerminal(Status) || (Status == PaymentStatus.Succeeded && !Settled);

    /// <summary>The memo as the ledger has it.</summary>
    public Stellar.Xdr.Memo LedgerMemo() => PaymentMemo.Read(Facts?.MemoType, Memo)
        ?? throw new InvalidOperationException($"Payment {Id} has a memo that is none.");

    /// <summary>Whether both can be in one transaction, which has one memo and one last moment.</summary>
    public bool SharesTermsWith(PaymentRecord other) =>
        Memo == other.Memo && Facts?.MemoType == other.Facts?.MemoType && NotAfter == other.NotAfter;

    /// <summary>Whether nothing can become of it any more, so that it may be forgotten.</summary>
    public bool IsOver() => !HoldsReservation() && Claimable?.IsOpen is not true;

    public bool HasHash(string? hash) => hash is not null && (hash == TransactionHash || hash == InnerHash);

    public PaymentView ToView(WalletId wallet) => new(
        PaymentId.Parse(Id), wallet, Status, Recipient, Destination, new Amount(Money.Asset.Parse(Asset), Stroops),
        Fee?.Stroops ?? 0, Memo, CreatedAt, ExpiresAt, CompletedAt, TransactionHash, Ledger, FailureCode, Path?.ToView(), Facts,
        Claimable?.ToView(), WaitView());

    /// <summary>What it waits for, as its payer is told.</summary>
    public PaymentWait? WaitView() => PaymentTransitions.IsTerminal(Status) ? null : Opening?.ToView();
}
