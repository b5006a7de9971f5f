using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>What became of a submission.</summary>
public sealed record SubmitResult
{
    /// <summary>What to do about it.</summary>
    public required SubmitOutcome Outcome { get; init; }

    /// <summary>Why, as a sentence for logs and operators; without secrets.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// Whether the hash must be looked for before the transaction may count as failed or be replaced, because an earlier
    /// submission of the same envelope may have been applied.
    /// </summary>
    public bool LookUpHashFirst { get; init; }

    /// <summary>Whether stellar-core is known to have the transaction in its queue, so that a ledger will decide.</summary>
    public bool IsQueued { get; init; }

    /// <summary>
    /// Whether it was answered with a result code that this library does not know: of a later protocol. Only a ledger can
    /// say what becomes of the transaction; sending it again is no help.
    /// </summary>
    public bool HasUnknownCode { get; init; }

    /// <summary>The transaction's hash as Horizon gave it.</summary>
    public Hash? Hash { get; init; }

    /// <summary>The ledger that holds it; null unless it is known to be in one.</summary>
    public uint? Ledger { get; init; }

    /// <summary>Stellar's result code, such as "tx_failed"; null if there is none.</summary>
    public string? TransactionCode { get; init; }

    /// <summary>The result code of the transaction inside a fee-bump.</summary>
    public string? InnerTransactionCode { get; init; }

    /// <summary>The result code of each operation, such as "op_underfunded".</summary>
    public ValueList<string> OperationCodes { get; init; }

    /// <summary>The TransactionResult in base64 XDR, where there is one.</summary>
    public string? ResultXdr { get; init; }

    /// <summary>The HTTP status; null if nothing was answered.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>How long Horizon asks to wait before the next submission.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
