using System.Security.Cryptography;
using System.Text;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;

namespace StellarPay.Sandbox.Network;

/// <summary>
/// The accounts that every sandbox network has. Their seeds follow from the passphrase: whoever knows it owns them, which
/// is what a sandbox is for.
/// </summary>
internal sealed class SandboxKeys : IDisposable
{
    private SandboxKeys(SigningKey root, SigningKey friendbot, SigningKey usdcIssuer)
    {
        Root = root;
        Friendbot = friendbot;
        UsdcIssuer = usdcIssuer;
    }

    /// <summary>Holds everything at first; its seed is the network id, as on every Stellar network.</summary>
    public SigningKey Root { get; }

    public SigningKey Friendbot { get; }

    /// <summary>Issues the platform's USDC.</summary>
    public SigningKey UsdcIssuer { get; }

    public static SandboxKeys Of(StellarNetwork network) => new(
        SigningKey.FromSeed(network.Id.ToArray()),
        Derive(network, "friendbot"),
        Derive(network, "usdc-issuer"));

    public void Dispose()
    {
        Root.Dispose();
        Friendbot.Dispose();
        UsdcIssuer.Dispose();
    }

    private static SigningKey Derive(StellarNetwork network, string label) =>
        SigningKey.FromSeed(SHA256.HashData(Encoding.UTF8.GetBytes($"{network.Passphrase}/{label}")));
}
