using StellarPay.Adapters.Settings;
using StellarPay.Stellar;

namespace StellarPay.Frontdoor.Merchants;

/// <summary>
/// Whether payments to merchants are real here. A deployment is one network: they are on the public one, unless a setting says otherwise,
/// and nothing of the other mode is ever seen here.
/// </summary>
internal sealed class MerchantMode(string passphrase, DeploymentMode setting)
{
    public bool IsLive { get; } =
        setting == DeploymentMode.Auto ? passphrase == StellarNetwork.Public.Passphrase : setting == DeploymentMode.Live;

    /// <summary><c>live</c> or <c>test</c>, as it is written in keys and answers.</summary>
    public string Name => NameOf(IsLive);

    public static string NameOf(bool isLive) => isLive ? "live" : "test";
}
