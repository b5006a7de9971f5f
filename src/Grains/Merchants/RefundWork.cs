using StellarPay.Grains.Accounts;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Merchants;

/// <summary>
/// What a merchant's account is to pay back, as transactions without a memo (that of a payment speaks of us, not of its payer), or with the
/// one by which a payer is known at the refund address that was decided on.
/// </summary>
internal sealed class RefundWork(IMerchantContext merchant, IDenyList denied) : IAccountWork
{
    private static readonly Error Undecided = new(ErrorKind.Unavailable, "compliance_unavailable",
        "It cannot be said at the moment whether what waits may be paid.");

    public bool Waits => merchant.Refunds.Waits(merchant.Now);

    public bool NeedsSponsor => false;

    public async Task<Result<SubmissionPlan>?> PlanAsync(SigningFacts facts)
    {
        IReadOnlyList<RefundOrderRecord> batch;
        try
        {
            // What goes is what was looked at: where one is dropped, others move up, and are looked at too.
            do
            {
                batch = merchant.Refunds.NextBatch(merchant.Now);
            }
            while (await DropDeniedAsync(batch));
        }
        catch (DenyListUnavailableException)
        {
            return Undecided;
        }

        return batch.Count == 0
            ? (Result<SubmissionPlan>?)null
            : new SubmissionPlan(
                RefundMemos.OnLedger(batch[0].Memo),
                [
                    .. batch.Select(order => new PlannedOperation(
                        order.Subject(), new Operation(null, TransactionFactory.Payment(order.To, order.Asset, order.Stroops)))),
                ],
                batch[0].Refund,
                "refund.sign");
    }

    // Fails what may not be paid any more, in one write. Whether there was any.
    private async Task<bool> DropDeniedAsync(IReadOnlyList<RefundOrderRecord> batch)
    {
        var dropped = new List<RefundOrderRecord>();
        foreach (var order in batch)
        {
            var payee = new PaymentParty(MuxedAccount.Parse(order.To).AccountId.ToString());
            if (await denied.IsDeniedAsync(payee, CancellationToken.None))
            {
                dropped.Add(order);
            }
        }

        if (dropped.Count > 0)
        {
            dropped.ForEach(merchant.Refunds.Deny);
            await merchant.SaveAsync();
        }

        return dropped.Count > 0;
    }
}
