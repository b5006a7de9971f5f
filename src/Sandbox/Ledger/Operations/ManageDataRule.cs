using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class ManageDataRule(OperationContext context, ManageDataOperation operation)
    : OperationRule<ManageDataResultCode>(context)
{
    public override OperationResult? Check() =>
        operation.Name.Length < 1 || !AssetRules.IsText(operation.Name)
            ? Fail(ManageDataResultCode.InvalidName)
            : null;

    public override OperationResult Apply()
    {
        var existing = State.DataOf(Source, operation.Name);
        if (operation.Value is not { } value)
        {
            if (existing is null)
            {
                return Fail(ManageDataResultCode.NameNotFound);
            }

            Context.Transaction.Reserves.Remove(existing, Source);
            State.Erase(existing);
            return Success;
        }

        if (existing is not null)
        {
            State.Put(existing with { Value = value });
            return Success;
        }

        var created = new NamedData { Account = Source, Name = operation.Name, Value = value };
        var reserve = Context.Transaction.Reserves.TryCreate(ref created, Source);
        if (reserve != ReserveResult.Success)
        {
            return Fail(reserve, ManageDataResultCode.LowReserve);
        }

        State.Put(created);
        return Success;
    }

    protected override OperationResultBody ResultOf(ManageDataResultCode code) => new ManageDataResult(code);
}
