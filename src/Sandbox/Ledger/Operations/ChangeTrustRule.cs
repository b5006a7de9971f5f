using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Trust in pool shares is malformed here, as it was on the network before it had pools.</summary>
internal sealed class ChangeTrustRule(OperationContext context, ChangeTrustOperation operation)
    : OperationRule<ChangeTrustResultCode>(context)
{
    public override OperationResult? Check() =>
        operation.Limit >= 0
        && operation.Line.Asset is { IsNative: false } asset
        && AssetRules.IsValid(asset)
        && !AssetRules.IsIssuer(Source, asset)
            ? null
            : Fail(ChangeTrustResultCode.Malformed);

    public override OperationResult Apply()
    {
        var asset = operation.Line.Asset!.Value;
        return State.TrustLine(Source, asset) is { } line ? Change(line) : Create(asset);
    }

    protected override OperationResultBody ResultOf(ChangeTrustResultCode code) => new ChangeTrustResult(code);

    private OperationResult Change(TrustLine line)
    {
        if (operation.Limit < line.Balance + line.BuyingLiabilities)
        {
            return Fail(ChangeTrustResultCode.InvalidLimit);
        }

        if (operation.Limit == 0)
        {
            Context.Transaction.Reserves.Remove(line, Source);
            State.Erase(line);
            return Success;
        }

        if (State.Account(line.Asset.Issuer) is null)
        {
            return Fail(ChangeTrustResultCode.NoIssuer);
        }

        State.Put(line with { Limit = operation.Limit });
        return Success;
    }

    private OperationResult Create(Asset asset)
    {
        if (operation.Limit == 0)
        {
            return Fail(ChangeTrustResultCode.InvalidLimit);
        }

        if (State.Account(asset.Issuer) is not { } issuer)
        {
            return Fail(ChangeTrustResultCode.NoIssuer);
        }

        var flags = issuer.Has(AccountFlags.AuthRequired) ? TrustLineFlags.None : TrustLineFlags.Authorized;
        if (issuer.Has(AccountFlags.AuthClawbackEnabled))
        {
            flags |= TrustLineFlags.ClawbackEnabled;
        }

        var line = new TrustLine { Account = Source, Asset = asset, Limit = operation.Limit, Flags = flags };
        var reserve = Context.Transaction.Reserves.TryCreate(ref line, Source);
        if (reserve != ReserveResult.Success)
        {
            return Fail(reserve, ChangeTrustResultCode.LowReserve);
        }

        State.Put(line);
        return Success;
    }
}
