using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Platform;

/// <summary>What every platform account needs of the outside.</summary>
internal sealed class PlatformAccountServices(
    SeedCipher cipher,
    PlatformFunding funding,
    AccountServices engine,
    TimeProvider time,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    IOptions<PlatformOptions> platform,
    IOptions<NetworkOptions> network)
{
    public SeedCipher Cipher { get; } = cipher;

    public PlatformFunding Funding { get; } = funding;

    public AccountServices Engine { get; } = engine;

    /// <summary>The runtime's clock.</summary>
    public TimeProvider Time { get; } = time;

    public TimeProvider Business { get; } = business;

    public bool MayGenerateKeys { get; } = platform.Value.MayGenerateKeys(network.Value);
}
