using Microsoft.Extensions.Options;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.TestClocks;

namespace StellarPay.Grains.Sessions;

/// <summary>What every session needs of the outside.</summary>
internal sealed record PaymentSessionServices(
    ILedgerInbox Inbox, ISetAsideRows SetAside, INetworkFeed Feed, DrainPlaces Places, SessionPrices Prices, SessionVoice Voice,
    MerchantClocks Clocks, ReadLedgers Clock, RefundPayers Payers, IOptions<MerchantFeeOptions> Fees, IOptions<RefundOptions> Refunds,
    IOptions<PaymentSessionOptions> Sessions, ITestClocks TestClocks, IOptions<PaymentAddressOptions> Addresses,
    RefundAddressCheck RefundAddresses, IRefundDeciders Deciders);
