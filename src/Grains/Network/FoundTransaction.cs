namespace StellarPay.Grains.Network;

/// <summary>A transaction that a ledger holds.</summary>
/// <param name="Successful">Whether it succeeded.</param>
/// <param name="Ledger">The ledger's sequence.</param>
/// <param name="Code">Stellar's result code of a failure: the first failing operation's, else the transaction's; null for a success.</param>
/// <param name="OperationCodes">The result code of each operation, where it failed because of some; else null.</param>
/// <param name="Hash">The hash under which the ledger holds it; of a fee-bump, the outer one.</param>
public sealed record FoundTransaction(
    bool Successful, long Ledger, string? Code, string[]? OperationCodes = null, string? Hash = null);
