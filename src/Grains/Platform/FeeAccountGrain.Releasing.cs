using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Platform;

internal sealed partial class FeeAccountGrain
{
    public async Task<Result<byte[]>> SignReleaseAsync(DepositRelease release, CancellationToken cancellationToken = default) =>
        await releases.SignAsync(release, this.GetPrimaryKeyString(), await EnsureKeyAsync(cancellationToken), cancellationToken);
}
