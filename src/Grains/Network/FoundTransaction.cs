namespace StellarPay.Grains.Network;

/// <summary>A transaction that a ledger holds.</summary>
/// <param name="Successful">Whether it succeeded.</param>
/// <param name="Ledger">The ledger's sequence.</param>
/// <param name="Code">Stellar's result code of a failure: the first failing operation's, else the transaction's; null for a success.</param>
public sealed record FoundTransaction(bool Successful, long Ledger, string? Code);
