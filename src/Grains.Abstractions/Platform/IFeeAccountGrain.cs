using Orleans.Concurrency;
using StellarPay.Grains.Access;
using StellarPay.Grains.Platform.Suspense;

namespace StellarPay.Grains.Platform;

/// <summary>
/// A platform account that pays the fees of users' transactions by fee-bump (CAP-15). It uses no sequence number, so it
/// is no bottleneck; keys are <c>plt_fees_00</c> and on, and a wallet picks one by its own id.
/// </summary>
[Alias("sp.IFeeAccountGrain"), GrainsOnly]
public interface IFeeAccountGrain : IPlatformAccountGrain, IDepositHolder
{
    /// <summary>Makes the account's key, where the platform makes its own.</summary>
    [Alias("EnsureKey"), AlwaysInterleave]
    Task EnsureKeyAsync(CancellationToken cancellationToken = default);
}
