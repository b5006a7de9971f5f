namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// The state is not what the rules guarantee. Within a transaction it becomes txINTERNAL_ERROR, as on the network;
/// anywhere else it is a bug.
/// </summary>
internal sealed class LedgerFault(string message) : Exception(message);
