using Microsoft.Extensions.Options;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Platform;

namespace StellarPay.Grains.Accounts.Openings;

/// <summary>What the opening of an account needs of the outside.</summary>
internal sealed record OpeningServices(
    SeedCipher Cipher, INetworkGateway Gateway, IPaymentGate Gate, TransactionFactory Transactions,
    IOptions<NetworkOptions> Network, IOptions<PlatformOptions> Platform);
