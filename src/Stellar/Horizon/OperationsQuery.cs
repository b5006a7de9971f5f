using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>
/// Which operations or payments to read. At most one of account, transaction and ledger; none is the network.
/// </summary>
public sealed record OperationsQuery
{
    /// <summary>All operations of the network.</summary>
    public static OperationsQuery Network { get; } = new();

    /// <summary>Only those that touch this account.</summary>
    public AccountId? Account { get; init; }

    /// <summary>Only those of this transaction.</summary>
    public Hash? Transaction { get; init; }

    /// <summary>Only those of this ledger.</summary>
    public uint? Ledger { get; init; }

    /// <summary>Whether each record brings its transaction, and so its memo.</summary>
    public bool JoinTransactions { get; init; }

    /// <summary>Whether to list operations of failed transactions as well.</summary>
    public bool IncludeFailed { get; init; }
}
