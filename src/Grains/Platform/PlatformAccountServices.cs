using Microsoft.Extensions.Options;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Platform;

/// <summary>What every platform account that sends transactions of its own needs of the outside.</summary>
internal sealed class PlatformAccountServices(
    SeedCipher cipher,
    PlatformFunding funding,
    SubmissionDriver driver,
    IOptions<PlatformOptions> platform,
    IOptions<NetworkOptions> network)
{
    public SeedCipher Cipher { get; } = cipher;

    public PlatformFunding Funding { get; } = funding;

    public SubmissionDriver Driver { get; } = driver;

    public bool MayGenerateKeys { get; } = platform.Value.MayGenerateKeys(network.Value);
}
