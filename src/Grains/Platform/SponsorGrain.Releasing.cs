using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Platform;

internal sealed partial class SponsorGrain
{
    public async Task<Result<byte[]>> SignReleaseAsync(DepositRelease release, CancellationToken cancellationToken = default)
    {
        RequireSound();
        return await services.Releases.SignAsync(release, Name, await EnsureKeyAsync(cancellationToken), cancellationToken);
    }
}
