using Orleans.Concurrency;
using StellarPay.Grains.Access;

namespace StellarPay.Grains.Keys;

/// <summary>A grain whose state holds encrypted seeds.</summary>
[Alias("sp.IKeyHolder"), GrainsOnly]
public interface IKeyHolder : IGrainWithStringKey
{
    /// <summary>
    /// Has the data keys of this grain's seeds wrapped by the current key-encryption key, where another one wraps them.
    /// The seeds stay what they are. A grain that was activated for this alone is deactivated after it.
    /// </summary>
    /// <returns>How many were wrapped anew.</returns>
    [Alias("Rewrap"), AlwaysInterleave]
    Task<int> RewrapAsync();
}
