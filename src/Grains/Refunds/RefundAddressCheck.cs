using StellarPay.Grains.Compliance;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Storage;
using StellarPay.Stellar.Xdr;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Grains.Refunds;

/// <summary>
/// Whether refunds can go to an address that a merchant decides on, by what is known now: it is looked at again when they are made, and the
/// deny list when they are signed.
/// </summary>
internal sealed class RefundAddressCheck(RefundPayers payers, ILedgerInbox inbox, IDenyList denied)
{
    private const string Address = "address";
    private const string Memo = "memo";

    private static readonly Error Ours = new(ErrorKind.Refused, "refund_address_not_payable",
        "The address is one of the platform's, or a business's, and no person's: what is sent there is nobody's.", Address);

    private static readonly Error Issuer = new(ErrorKind.Refused, "refund_address_not_payable",
        "This is the account that issues the asset; what is sent there is destroyed.", Address);

    private static readonly Error Denied = new(
        ErrorKind.Refused, RefundReasons.Denied, "This address cannot be paid from here.", Address);

    private static readonly Error Undecided = new(ErrorKind.Unavailable, "compliance_unavailable",
        "It cannot be said at the moment whether the address may be paid. Please try again.");

    /// <summary>Why refunds of a payment cannot go there; null where they can.</summary>
    public async Task<Error?> CheckAsync(
        string merchant, NewRefundAddress order, SessionPayment payment, CancellationToken cancellationToken)
    {
        var asset = payment.Asset;
        var account = MuxedAccount.Parse(order.Address).AccountId.ToString();
        if (Asset.Parse(asset).Issuer == account)
        {
            return Issuer;
        }

        var owners = await inbox.FindOwnersAsync([account], cancellationToken);
        if (owners.TryGetValue(account, out var owner) && owner.Kind != GrainState.Wallet)
        {
            return Ours;
        }

        try
        {
            if (await denied.IsDeniedAsync(new PaymentParty(account), cancellationToken))
            {
                return Denied;
            }
        }
        catch (DenyListUnavailableException)
        {
            return Undecided;
        }

        // Back to whoever sent it to a session's own address, most likely an exchange: what names nobody there is nobody's, decided or not.
        var isUnnamed = payment.AtOwnAddress && payment.From == order.Address && order.Memo is null;
        var asked = await payers.CheckAsync(
            merchant, [new RefundPayee(order.Address, order.Memo, isUnnamed)], asset, isClaimed: false, cancellationToken);
        return asked[0].Refusal switch
        {
            { Code: RefundPayers.Required } => new Error(ErrorKind.Refused, "memo_required",
                "Many people are paid at this address, each by a memo of his own: name his, or his M… address.", Memo),
            { Code: RefundPayers.Unusable } unusable => unusable with { Code = "refund_address_unusable", Param = Address },
            var other => other,
        };
    }
}
