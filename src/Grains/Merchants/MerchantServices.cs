using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Accounts.Openings;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Network;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Refunds;

namespace StellarPay.Grains.Merchants;

/// <summary>What every merchant needs of the outside.</summary>
internal sealed record MerchantServices(
    OpeningServices Opening, ILedgerInbox Inbox, ISetAsideRows SetAside, INetworkFeed Feed, DrainPlaces Places, MerchantClocks Clocks,
    AccountServices Accounts, IDenyList Denied, IOptions<RefundOptions> Refunds, IUnmatchedReceipts Receipts, RefundPayers Payers,
    IOptions<PaymentAddressOptions> Addresses);

/// <summary>The clocks of merchants and sessions.</summary>
internal sealed class MerchantClocks(TimeProvider time, [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    /// <summary>The runtime's, for back-off.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>That of due dates, expiry and events.</summary>
    public TimeProvider Business { get; } = business;
}
