using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class EndSponsoringRule(OperationContext context)
    : OperationRule<EndSponsoringFutureReservesResultCode>(context)
{
    public override OperationResult? Check() => null;

    public override OperationResult Apply()
    {
        if (Context.Transaction.Sponsorships.SponsorOf(Source) is null)
        {
            return Fail(EndSponsoringFutureReservesResultCode.NotSponsored);
        }

        Context.Transaction.Sponsorships.End(Source);
        return Success;
    }

    protected override OperationResultBody ResultOf(EndSponsoringFutureReservesResultCode code) =>
        new EndSponsoringFutureReservesResult(code);
}
