using Orleans.Concurrency;
using StellarPay.Grains.Access;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Platform;

/// <summary>An account of the platform, whatever it does.</summary>
[Alias("sp.IPlatformAccountGrain"), GrainsOnly]
public interface IPlatformAccountGrain : IKeyHolder
{
    /// <summary>Makes the account's key and, on a test network, has it funded. A repeat does no harm.</summary>
    /// <returns>The account's address; or <c>platform_account_unfunded</c>, <c>network_unavailable</c>.</returns>
    [Alias("Ensure"), AlsoHosts, AlwaysInterleave]
    Task<Result<string>> EnsureAsync(CancellationToken cancellationToken = default);
}
