using StellarPay.Adapters.Horizon;
using StellarPay.Grains.Money;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>The assets in which merchants can be paid: those that their accounts hold.</summary>
internal sealed class SessionAssets
{
    private readonly Dictionary<string, string> _byName = new(StringComparer.Ordinal);

    public SessionAssets(NetworkProfile network)
    {
        Usual = [network.Usdc, Asset.Native.Canonical];
        foreach (var asset in Usual)
        {
            _byName[asset] = asset;
            _byName[Asset.Parse(asset).Code] = asset;
        }

        Names = string.Join(" and ", Usual.Select(asset => Asset.Parse(asset).Code));
    }

    /// <summary>Those that a session takes which names none.</summary>
    public string[] Usual { get; }

    /// <summary>Their names, for people.</summary>
    public string Names { get; }

    /// <summary>An asset's canonical form by its code or by itself; null where merchants hold none of it.</summary>
    public string? Find(string name) => _byName.GetValueOrDefault(name);
}
