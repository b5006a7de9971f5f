using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class CreateAccountRule(OperationContext context, CreateAccountOperation operation)
    : OperationRule<CreateAccountResultCode>(context)
{
    public override OperationResult? Check() =>
        operation.StartingBalance < 0 || operation.Destination == Source
            ? Fail(CreateAccountResultCode.Malformed)
            : null;

    public override OperationResult Apply()
    {
        if (State.Account(operation.Destination) is not null)
        {
            return Fail(CreateAccountResultCode.AlreadyExist);
        }

        var created = new Account
        {
            Id = operation.Destination,
            Balance = operation.StartingBalance,
            Sequence = SequenceRules.StartingSequence(Header.Sequence),
        };
        var reserve = Context.Transaction.Reserves.TryCreate(ref created, created.Id);
        if (reserve != ReserveResult.Success)
        {
            return Fail(reserve, CreateAccountResultCode.LowReserve);
        }

        var source = HoldingOf(Source, Asset.Native);
        if (source.Available < operation.StartingBalance)
        {
            return Fail(CreateAccountResultCode.Underfunded);
        }

        source.Add(-operation.StartingBalance);
        State.Put(created);
        return Success;
    }

    protected override OperationResultBody ResultOf(CreateAccountResultCode code) => new CreateAccountResult(code);
}
