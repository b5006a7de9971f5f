using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.World;

internal sealed class FakeAccount
{
    public long Sequence { get; set; }

    public long Native { get; set; }

    public long Reserve { get; set; }

    public bool MemoRequired { get; set; }

    public Dictionary<string, FakeTrustline> Trustlines { get; } = [];

    public Dictionary<string, byte[]> Data { get; } = [];

    /// <summary>Who signs; empty while it is the account's own key.</summary>
    public HashSet<string> Signers { get; } = [];

    public void Set(Signer signer, uint? masterWeight, string address)
    {
        if (Signers.Count == 0)
        {
            Signers.Add(address);
        }

        if (masterWeight == 0)
        {
            Signers.Remove(address);
        }

        var key = new AccountId(signer.Key.Key.ToArray()).ToString();
        _ = signer.Weight > 0 ? Signers.Add(key) : Signers.Remove(key);
    }

    public long BalanceOf(string asset) =>
        asset == "native" ? Native : Trustlines.TryGetValue(asset, out var line) ? line.Balance : 0;

    public void Add(string asset, long stroops)
    {
        if (asset == "native")
        {
            Native = checked(Native + stroops);
        }
        else
        {
            Trustlines[asset].Balance = checked(Trustlines[asset].Balance + stroops);
        }
    }
}

internal sealed class FakeTrustline
{
    public long Balance { get; set; }

    public long Limit { get; set; } = long.MaxValue;

    public bool Authorized { get; set; } = true;

    public long LastModified { get; set; }
}
