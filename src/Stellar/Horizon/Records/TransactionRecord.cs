using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>A transaction in a closed ledger, successful or not.</summary>
public sealed record TransactionRecord : IHorizonRecord
{
    /// <summary>Its hash; for a fee-bump the outer transaction's, unless it was asked for by the inner hash.</summary>
    public required Hash Hash { get; init; }

    /// <summary>
    /// Whether its operations took effect. If not, it used its sequence number and paid its fee, no more.
    /// </summary>
    public required bool Successful { get; init; }

    /// <summary>The ledger that holds it.</summary>
    public required uint Ledger { get; init; }

    /// <summary>The close time of that ledger.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The source account.</summary>
    public required MuxedAccount SourceAccount { get; init; }

    /// <summary>The sequence number that it used.</summary>
    public required long SourceAccountSequence { get; init; }

    /// <summary>Who paid the fee.</summary>
    public required MuxedAccount FeeAccount { get; init; }

    /// <summary>The fee paid, in stroops.</summary>
    public required long FeeCharged { get; init; }

    /// <summary>The most that would have been paid, in stroops.</summary>
    public required long MaxFee { get; init; }

    /// <summary>How many operations it has.</summary>
    public required int OperationCount { get; init; }

    /// <summary>Its memo.</summary>
    public required Memo Memo { get; init; }

    /// <summary>The hash of the transaction inside a fee-bump; null for any other.</summary>
    public Hash? InnerTransactionHash { get; init; }

    /// <summary>The hash of the fee-bump itself, whichever hash it was asked for by; null for any other.</summary>
    public Hash? FeeBumpHash { get; init; }

    /// <summary>The envelope in base64 XDR.</summary>
    public string EnvelopeXdr { get; init; } = "";

    /// <summary>The TransactionResult in base64 XDR.</summary>
    public string ResultXdr { get; init; } = "";

    /// <summary>The signatures in base64; of a fee-bump, the outer ones.</summary>
    public ValueList<string> Signatures { get; init; }

    /// <inheritdoc/>
    public required string PagingToken { get; init; }
}
