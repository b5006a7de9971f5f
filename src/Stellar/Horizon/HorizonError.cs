using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>An error as Horizon describes it (application/problem+json).</summary>
/// <remarks>Source: RFC 7807; https://developers.stellar.org/docs/data/apis/horizon/api-reference/errors</remarks>
public sealed record HorizonError
{
    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>
    /// The kind of problem, without its URL: "transaction_failed", "not_found", "timeout" …; empty if unknown.
    /// </summary>
    public string Type { get; init; } = "";

    /// <summary>A short description of the kind.</summary>
    public string Title { get; init; } = "";

    /// <summary>A description of this occurrence; shortened to 1000 characters.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The transaction's result code, such as "tx_bad_seq"; null if the problem is of another kind.</summary>
    public string? TransactionCode { get; init; }

    /// <summary>The result code of the transaction inside a fee-bump.</summary>
    public string? InnerTransactionCode { get; init; }

    /// <summary>The result code of each operation, such as "op_no_trust"; empty if there are none.</summary>
    public ValueList<string> OperationCodes { get; init; }

    /// <summary>The TransactionResult in base64 XDR; null if the problem is of another kind.</summary>
    public string? ResultXdr { get; init; }

    /// <summary>The transaction's hash in hexadecimal digits, where Horizon gives it.</summary>
    public string? Hash { get; init; }

    /// <summary>The parameter that was wrong, for a bad_request.</summary>
    public string? InvalidField { get; init; }
}
