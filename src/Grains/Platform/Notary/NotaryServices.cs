using Microsoft.Extensions.Options;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Platform.Suspense;

namespace StellarPay.Grains.Platform.Notary;

/// <summary>What the notary needs of the outside.</summary>
internal sealed class NotaryServices(
    PlatformAccountServices account,
    IAuditCheckpoints checkpoints,
    DepositReleases releases,
    INetworkGateway gateway,
    IPaymentGate gate,
    IOptions<PlatformOptions> platform)
{
    public PlatformAccountServices Account { get; } = account;

    public IAuditCheckpoints Checkpoints { get; } = checkpoints;

    public DepositReleases Releases { get; } = releases;

    public INetworkGateway Gateway { get; } = gateway;

    public IPaymentGate Gate { get; } = gate;

    public TimeSpan Every { get; } = TimeSpan.FromMinutes(platform.Value.AuditAnchorMinutes);
}
