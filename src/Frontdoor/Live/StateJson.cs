using StellarPay.Frontdoor.Payments;
using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Live;

/// <summary>What a client gets first: everything as it is. What follows are changes after <c>wallet.revision</c>.</summary>
/// <param name="Wallet">The wallet.</param>
/// <param name="Payments">Payments under way and the most recent others, oldest first.</param>
internal sealed record StateJson(WalletJson Wallet, IReadOnlyList<PaymentJson> Payments)
{
    public static StateJson Of(WalletSnapshot snapshot) =>
        new(WalletJson.Of(snapshot.Wallet), [.. snapshot.Payments.Select(PaymentJson.Of)]);
}
