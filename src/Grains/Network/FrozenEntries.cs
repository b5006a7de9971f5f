namespace StellarPay.Grains.Network;

/// <summary>
/// Ledger entries that the validators have frozen (CAP-77): who touches one is refused for as long as they say, so that
/// trying again is no help and an operator must hear of it.
/// </summary>
internal static class FrozenEntries
{
    /// <summary>The whole transaction was refused, for one of its operations; it is not said which.</summary>
    public const string Transaction = "tx_frozen_key_accessed";

    /// <summary>This operation was refused.</summary>
    public const string Operation = "op_trustline_frozen";

    /// <summary>Whether a result code says so.</summary>
    public static bool IsCode(string? code) => code is Transaction or Operation;
}
