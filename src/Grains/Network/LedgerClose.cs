namespace StellarPay.Grains.Network;

/// <summary>A closed ledger.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="ClosedAt">Its close time: the network's clock.</param>
public sealed record LedgerClose(long Sequence, DateTimeOffset ClosedAt);
