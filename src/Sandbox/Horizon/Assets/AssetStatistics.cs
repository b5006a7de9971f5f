using System.Numerics;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.Assets;

/// <summary>How many accounts hold how much of an asset, by what its issuer allows them.</summary>
internal sealed class AssetStatistics(Asset asset)
{
    public Asset Asset => asset;

    public string Token { get; } = $"{asset.Code}_{asset.Issuer}_{AssetNames.Of(asset).Type}";

    public Holdings Authorized { get; private set; }

    public Holdings Maintaining { get; private set; }

    public Holdings Unauthorized { get; private set; }

    public int ClaimableBalances { get; private set; }

    public BigInteger Claimable { get; private set; }

    public void Add(TrustLine line)
    {
        if (line.IsAuthorized)
        {
            Authorized = Authorized.With(line.Balance);
        }
        else if (line.MaintainsLiabilities)
        {
            Maintaining = Maintaining.With(line.Balance);
        }
        else
        {
            Unauthorized = Unauthorized.With(line.Balance);
        }
    }

    public void Add(ClaimableBalance balance)
    {
        ClaimableBalances++;
        Claimable += balance.Amount;
    }

    internal readonly record struct Holdings(int Count, BigInteger Sum)
    {
        public Holdings With(long balance) => new(Count + 1, Sum + balance);
    }
}
