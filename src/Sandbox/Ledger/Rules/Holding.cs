using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// What an account holds of an asset: its lumens, a trustline, or (for the asset's own issuer) without bound. It reads
/// the state at each call, so it is never stale.
/// </summary>
internal readonly struct Holding(LedgerState state, AccountId account, Asset asset)
{
    private bool IsIssuer => !asset.IsNative && asset.Issuer == account;

    private TrustLine? Line => state.TrustLine(account, asset);

    private TrustLine ExistingLine =>
        Line ?? throw new LedgerFault("a trustline that the rules rely on does not exist");

    private TrustLine MaintainedLine
    {
        get
        {
            var line = ExistingLine;
            return line.MaintainsLiabilities ? line : throw new LedgerFault("invalid authorization");
        }
    }

    public bool Exists => asset.IsNative ? state.Account(account) is not null : IsIssuer || Line is not null;

    public bool IsAuthorized => asset.IsNative || IsIssuer || ExistingLine.IsAuthorized;

    public bool IsClawbackEnabled => ExistingLine.IsClawbackEnabled;

    public long Balance =>
        asset.IsNative ? state.ExistingAccount(account).Balance : IsIssuer ? long.MaxValue : ExistingLine.Balance;

    /// <summary>
    /// What may be spent, above reserve and liabilities; can be below zero after the reserve was raised.
    /// </summary>
    public long Available
    {
        get
        {
            if (asset.IsNative)
            {
                return BalanceRules.Available(state.Header, state.ExistingAccount(account));
            }

            if (IsIssuer)
            {
                return long.MaxValue;
            }

            var line = MaintainedLine;
            return line.Balance - line.SellingLiabilities;
        }
    }

    /// <summary>What may be received within the limit and the liabilities.</summary>
    public long MaximumReceive =>
        asset.IsNative ? BalanceRules.MaximumReceive(state.ExistingAccount(account))
        : IsIssuer ? long.MaxValue
        : BalanceRules.MaximumReceive(MaintainedLine);

    public long SellableAtMost =>
        asset.IsNative || IsIssuer || Line is { MaintainsLiabilities: true } ? Math.Max(Available, 0) : 0;

    public long BuyableAtMost => Exists ? Math.Max(MaximumReceive, 0) : 0;

    /// <summary>Adds to the balance, or takes from it; false where reserve, limit or liabilities forbid it.</summary>
    public bool TryAdd(long delta)
    {
        if (delta == 0 || IsIssuer)
        {
            return true;
        }

        return Store(asset.IsNative
            ? BalanceRules.WithBalanceChange(state.Header, state.ExistingAccount(account), delta)
            : BalanceRules.WithBalanceChange(MaintainedLine, delta));
    }

    public void Add(long delta)
    {
        if (!TryAdd(delta))
        {
            throw new LedgerFault("a balance that was checked before cannot change");
        }
    }

    public void AddBuyingLiabilities(long delta)
    {
        if (delta != 0 && !IsIssuer && !Store(asset.IsNative
            ? BalanceRules.WithBuyingLiabilities(state.ExistingAccount(account), delta)
            : BalanceRules.WithBuyingLiabilities(MaintainedLine, delta)))
        {
            throw new LedgerFault("could not add buying liabilities");
        }
    }

    public void AddSellingLiabilities(long delta)
    {
        if (delta != 0 && !IsIssuer && !Store(asset.IsNative
            ? BalanceRules.WithSellingLiabilities(state.Header, state.ExistingAccount(account), delta)
            : BalanceRules.WithSellingLiabilities(MaintainedLine, delta)))
        {
            throw new LedgerFault("could not add selling liabilities");
        }
    }

    private bool Store(LedgerObject? changed)
    {
        if (changed is null)
        {
            return false;
        }

        state.Put(changed);
        return true;
    }
}
