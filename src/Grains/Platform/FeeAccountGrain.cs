using Microsoft.Extensions.Logging;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Platform;

/// <summary>
/// Keeps the key of a fee account. What the account signs, <see cref="FeePayers"/> signs in each silo; here it only hands
/// strangers' deposits on.
/// </summary>
internal sealed class FeeAccountGrain(
    [PersistentState(GrainState.FeeAccount, GrainState.HotProvider)] IPersistentState<FeeAccountState> storage,
    PlatformAccountServices account,
    DepositReleases releases,
    ILogger<FeeAccountGrain> logger)
    : PlatformKeyGrain<FeeAccountState>(storage, account, logger), IFeeAccountGrain
{
    async Task IFeeAccountGrain.EnsureKeyAsync(CancellationToken cancellationToken) => await EnsureKeyAsync(cancellationToken);

    public async Task<Result<byte[]>> SignReleaseAsync(DepositRelease release, CancellationToken cancellationToken = default) =>
        await releases.SignAsync(release, Name, await EnsureKeyAsync(cancellationToken), cancellationToken);
}
