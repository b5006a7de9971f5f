using System.Text;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon.Json;

internal sealed record TransactionJson : IHorizonJson<TransactionRecord>
{
    public string? Hash { get; init; }

    public bool? Successful { get; init; }

    public uint? Ledger { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public string? SourceAccount { get; init; }

    public ulong? AccountMuxedId { get; init; }

    public string? SourceAccountSequence { get; init; }

    public string? FeeAccount { get; init; }

    public ulong? FeeAccountMuxedId { get; init; }

    public long? FeeCharged { get; init; }

    public long? MaxFee { get; init; }

    public int? OperationCount { get; init; }

    public string? EnvelopeXdr { get; init; }

    public string? ResultXdr { get; init; }

    public string? MemoType { get; init; }

    public string? Memo { get; init; }

    public string? MemoBytes { get; init; }

    public List<string>? Signatures { get; init; }

    public InnerTransactionJson? InnerTransaction { get; init; }

    public InnerTransactionJson? FeeBumpTransaction { get; init; }

    public string? PagingToken { get; init; }

    public TransactionRecord ToRecord() => new()
    {
        Hash = JsonField.Hash(Hash, "hash"),
        Successful = JsonField.Need(Successful, "successful"),
        Ledger = JsonField.Need(Ledger, "ledger"),
        CreatedAt = JsonField.Need(CreatedAt, "created_at"),
        SourceAccount = JsonField.Muxed(SourceAccount, AccountMuxedId, "source_account"),
        SourceAccountSequence = JsonField.Int64(SourceAccountSequence, "source_account_sequence"),
        FeeAccount = JsonField.Muxed(FeeAccount, FeeAccountMuxedId, "fee_account"),
        FeeCharged = JsonField.Need(FeeCharged, "fee_charged"),
        MaxFee = JsonField.Need(MaxFee, "max_fee"),
        OperationCount = JsonField.Need(OperationCount, "operation_count"),
        Memo = ToMemo(),
        InnerTransactionHash = InnerTransaction is null
            ? null
            : JsonField.Hash(InnerTransaction.Hash, "inner_transaction.hash"),
        FeeBumpHash = FeeBumpTransaction is null
            ? null
            : JsonField.Hash(FeeBumpTransaction.Hash, "fee_bump_transaction.hash"),
        EnvelopeXdr = EnvelopeXdr ?? "",
        ResultXdr = ResultXdr ?? "",
        Signatures = [.. Signatures ?? []],
        PagingToken = JsonField.Need(PagingToken, "paging_token"),
    };

    private Memo ToMemo() => MemoType switch
    {
        "none" => Xdr.Memo.None,
        "text" => new MemoText(new XdrString(TextBytes())),
        "id" => new MemoId(JsonField.UInt64(Memo, "memo")),
        "hash" => new MemoHash(HashOf(Memo)),
        "return" => new MemoReturn(HashOf(Memo)),
        _ => throw JsonField.Wrong("memo_type"),
    };

    // memo_bytes has the bytes as they are; memo is what is left of them as text.
    private Bytes TextBytes()
    {
        var bytes = MemoBytes is null ? Encoding.UTF8.GetBytes(Memo ?? "") : JsonField.Base64(MemoBytes, "memo_bytes");
        return bytes.Length <= MemoText.MaxBytes ? Bytes.Create(bytes) : throw JsonField.Wrong("memo");
    }

    private static Hash HashOf(string? base64)
    {
        var bytes = JsonField.Base64(base64, "memo");
        return bytes.Length == Xdr.Hash.Size ? new Hash(bytes) : throw JsonField.Wrong("memo");
    }
}

internal sealed record InnerTransactionJson
{
    public string? Hash { get; init; }
}
