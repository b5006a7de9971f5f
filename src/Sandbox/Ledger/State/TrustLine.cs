using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal readonly record struct TrustLineKey(AccountId Account, Asset Asset);

/// <summary>What an account holds of an asset, and how much it is ready to hold.</summary>
internal sealed record TrustLine : LedgerObject
{
    public required AccountId Account { get; init; }

    public required Asset Asset { get; init; }

    public long Balance { get; init; }

    public required long Limit { get; init; }

    public TrustLineFlags Flags { get; init; }

    public long BuyingLiabilities { get; init; }

    public long SellingLiabilities { get; init; }

    /// <summary>0, or 1 once the trustline has had liabilities.</summary>
    public byte Extension { get; init; }

    public TrustLineKey Key => new(Account, Asset);

    public bool IsAuthorized => (Flags & TrustLineFlags.Authorized) != 0;

    public bool MaintainsLiabilities => (Flags & FlagRules.AnyAuthorization) != 0;

    public bool IsClawbackEnabled => (Flags & TrustLineFlags.ClawbackEnabled) != 0;

    public override bool HasKeyOf(LedgerObject other) =>
        other is TrustLine line && line.Account == Account && line.Asset.Equals(Asset);

    public override int KeyHash() => HashCode.Combine(Account, Asset);
}
