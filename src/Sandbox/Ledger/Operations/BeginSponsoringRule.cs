using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class BeginSponsoringRule(
    OperationContext context, BeginSponsoringFutureReservesOperation operation)
    : OperationRule<BeginSponsoringFutureReservesResultCode>(context)
{
    public override OperationResult? Check() =>
        operation.SponsoredId == Source ? Fail(BeginSponsoringFutureReservesResultCode.Malformed) : null;

    public override OperationResult Apply()
    {
        var sponsorships = Context.Transaction.Sponsorships;
        if (sponsorships.SponsorOf(operation.SponsoredId) is not null)
        {
            return Fail(BeginSponsoringFutureReservesResultCode.AlreadySponsored);
        }

        if (sponsorships.SponsorOf(Source) is not null || sponsorships.IsSponsor(operation.SponsoredId))
        {
            return Fail(BeginSponsoringFutureReservesResultCode.Recursive);
        }

        sponsorships.Begin(Source, operation.SponsoredId);
        return Success;
    }

    protected override OperationResultBody ResultOf(BeginSponsoringFutureReservesResultCode code) =>
        new BeginSponsoringFutureReservesResult(code);
}
