using Orleans.Concurrency;
using StellarPay.Grains.Access;

namespace StellarPay.Grains.Network;

/// <summary>
/// Whoever owns addresses on the ledger: it drains its own inbox, in the ledger's order, at its own pace.
/// </summary>
[Alias("sp.ILedgerOwner"), GrainsOnly]
public interface ILedgerOwner : IGrainWithStringKey
{
    /// <summary>Says that there may be something in the inbox. Sets a flag, waits for nothing, and may be repeated.</summary>
    [Alias("Poke")]
    [OneWay]
    [AlwaysInterleave]
    Task PokeAsync();
}
