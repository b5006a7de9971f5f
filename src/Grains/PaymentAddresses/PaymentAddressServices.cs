using Microsoft.Extensions.Options;
using StellarPay.Grains.Accounts;
using StellarPay.Grains.Accounts.Openings;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Network;
using StellarPay.Grains.Sessions;

namespace StellarPay.Grains.PaymentAddresses;

/// <summary>What every account of a session's own needs of the outside.</summary>
internal sealed record PaymentAddressServices(
    OpeningServices Opening, ILedgerInbox Inbox, ISetAsideRows SetAside, INetworkFeed Feed, DrainPlaces Places, MerchantClocks Clocks,
    ReadLedgers Ledgers, AccountServices Accounts, IOptions<PaymentAddressOptions> Options);
