using System.Security.Cryptography;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class CreateClaimableBalanceRule(OperationContext context, CreateClaimableBalanceOperation operation)
    : OperationRule<CreateClaimableBalanceResultCode>(context)
{
    public override OperationResult? Check()
    {
        var claimants = operation.Claimants;
        var isWellFormed = AssetRules.IsValid(operation.Asset)
            && operation.Amount > 0
            && claimants.Count > 0
            && claimants.Select(claimant => claimant.Destination).Distinct().Count() == claimants.Count
            && claimants.All(claimant => claimant.Predicate.IsValid);
        return isWellFormed ? null : Fail(CreateClaimableBalanceResultCode.Malformed);
    }

    public override OperationResult Apply()
    {
        if (TakeAmount() is { } fault)
        {
            return Fail(fault);
        }

        var created = new ClaimableBalance
        {
            Id = BalanceId(),
            Asset = operation.Asset,
            Amount = operation.Amount,
            IsClawbackEnabled = IsClawbackEnabled(),
            Claimants = operation.Claimants
                .Select(claimant => claimant with
                {
                    Predicate = claimant.Predicate.MadeAbsolute((long)Header.CloseTime),
                })
                .ToValueList(),
        };
        var reserve = Context.Transaction.Reserves.TryCreate(ref created, Source);
        if (reserve != ReserveResult.Success)
        {
            return Fail(reserve, CreateClaimableBalanceResultCode.LowReserve);
        }

        State.Put(created);
        return Created(created.Id);
    }

    protected override OperationResultBody ResultOf(CreateClaimableBalanceResultCode code) =>
        code == CreateClaimableBalanceResultCode.Success ? Created(default) : new CreateClaimableBalanceResult(code);

    private static CreateClaimableBalanceResult Created(Hash id) =>
        new(CreateClaimableBalanceResultCode.Success, new ClaimableBalanceId(id));

    private CreateClaimableBalanceResultCode? TakeAmount()
    {
        var holding = HoldingOf(Source, operation.Asset);
        return !holding.Exists ? CreateClaimableBalanceResultCode.NoTrust
            : !holding.IsAuthorized ? CreateClaimableBalanceResultCode.NotAuthorized
            : (operation.Asset.IsNative && holding.Available < operation.Amount) || !holding.TryAdd(-operation.Amount)
                ? CreateClaimableBalanceResultCode.Underfunded
                : null;
    }

    private bool IsClawbackEnabled()
    {
        if (operation.Asset.IsNative)
        {
            return false;
        }

        return AssetRules.IsIssuer(Source, operation.Asset)
            ? SourceAccount.Has(AccountFlags.AuthClawbackEnabled)
            : HoldingOf(Source, operation.Asset).IsClawbackEnabled;
    }

    private Hash BalanceId()
    {
        var frame = Context.Transaction.Frame;
        HashIdPreimage preimage = new OperationIdPreimage(frame.Source, frame.Sequence, Context.Index);
        return new Hash(SHA256.HashData(preimage.ToXdr()));
    }
}
