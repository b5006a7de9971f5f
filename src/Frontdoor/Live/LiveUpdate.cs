using System.Text.Json;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Payments;
using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains.Events;
using StellarPay.Grains.Money;

namespace StellarPay.Frontdoor.Live;

/// <summary>Something to push: the client's method, its argument, and the wallet's revision after the change.</summary>
internal sealed record LiveUpdate(string Method, object Body, long Revision)
{
    public const string Balance = "balance";
    public const string Payment = "payment";

    private static readonly JsonSerializerOptions StoredJson = new(JsonSerializerDefaults.Web);

    /// <summary>What an event means to its owner's clients; null if nothing.</summary>
    public static LiveUpdate? Of(FeedEvent happened) => happened.Type switch
    {
        EventTypes.WalletOpened or EventTypes.WalletActivated or EventTypes.WalletBalanceChanged
            or EventTypes.WalletFrozen or EventTypes.WalletUnfrozen or EventTypes.WalletTierChanged =>
            OfWallet(happened.Data.Deserialize<WalletEventData>(StoredJson)!),
        _ when happened.Type.StartsWith("payment.", StringComparison.Ordinal) =>
            OfPayment(happened.Data.Deserialize<PaymentEventData>(StoredJson)!),
        _ => null,
    };

    private static LiveUpdate OfWallet(WalletEventData data)
    {
        var balances = data.Balances.Select(balance =>
        {
            var asset = Asset.Parse(balance.Asset);
            return new BalanceJson(asset.Code, asset.Issuer, balance.Balance, balance.Reserved, balance.Spendable);
        });
        var wallet = new WalletJson("wallet", data.WalletId, data.Address, data.Status, [.. balances], data.Revision);
        return new LiveUpdate(Balance, wallet, data.Revision);
    }

    private static LiveUpdate OfPayment(PaymentEventData data) =>
        new(Payment, PaymentJson.Of(data), data.Revision);
}
