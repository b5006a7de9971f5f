namespace StellarPay.Stellar.Horizon.Json;

internal sealed record LedgerJson : IHorizonJson<LedgerRecord>
{
    public uint? Sequence { get; init; }

    public string? Hash { get; init; }

    public string? PrevHash { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public int SuccessfulTransactionCount { get; init; }

    public int? FailedTransactionCount { get; init; }

    public int OperationCount { get; init; }

    public int? TxSetOperationCount { get; init; }

    public long BaseFeeInStroops { get; init; }

    public long BaseReserveInStroops { get; init; }

    public int ProtocolVersion { get; init; }

    public string? PagingToken { get; init; }

    public LedgerRecord ToRecord() => new()
    {
        Sequence = JsonField.Need(Sequence, "sequence"),
        Hash = JsonField.Hash(Hash, "hash"),
        PreviousHash = string.IsNullOrEmpty(PrevHash) ? null : JsonField.Hash(PrevHash, "prev_hash"),
        ClosedAt = JsonField.Need(ClosedAt, "closed_at"),
        SuccessfulTransactionCount = SuccessfulTransactionCount,
        FailedTransactionCount = FailedTransactionCount ?? 0,
        OperationCount = OperationCount,
        TransactionSetOperationCount = TxSetOperationCount,
        BaseFee = BaseFeeInStroops,
        BaseReserve = BaseReserveInStroops,
        ProtocolVersion = ProtocolVersion,
        PagingToken = JsonField.Need(PagingToken, "paging_token"),
    };
}
