using StellarPay.Grains.Money;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Wallets;

/// <summary>A wallet as its owner sees it.</summary>
/// <param name="Object">Always <c>wallet</c>.</param>
/// <param name="Id">The wallet's id, <c>wal_…</c>.</param>
/// <param name="Address">Its account on the network, <c>G…</c>; null while it is unopened.</param>
/// <param name="Status"><c>unopened</c>, <c>opening</c>, <c>active</c>, <c>frozen</c>, <c>closing</c> or <c>closed</c>.</param>
/// <param name="Balances">Each asset it can hold, XLM first.</param>
/// <param name="Revision">Rises with every change; orders what is pushed.</param>
/// <param name="OpensAfter">
/// While it is <c>opening</c>: from when on its account is opened, where today's budget for new accounts is used up; else null.
/// </param>
internal sealed record WalletJson(
    string Object, string Id, string? Address, string Status, IReadOnlyList<BalanceJson> Balances, long Revision,
    DateTimeOffset? OpensAfter = null)
{
    public static WalletJson Of(WalletView wallet) => new(
        "wallet",
        wallet.Id.Value,
        wallet.Address,
        StatusText.Of(wallet.Status),
        [.. wallet.Balances.Select(BalanceJson.Of)],
        wallet.Revision,
        wallet.OpensAfter);
}

/// <summary>What a wallet holds of one asset.</summary>
/// <param name="Asset">The code, such as <c>XLM</c> or <c>USDC</c>.</param>
/// <param name="Issuer">The account that issues it; null for XLM.</param>
/// <param name="Balance">What the ledger says, as a decimal string.</param>
/// <param name="Reserved">What payments under way will take, as a decimal string.</param>
/// <param name="Spendable">What a new payment may use, as a decimal string; nothing while it is frozen.</param>
/// <param name="Frozen">Whether the issuer lets nothing of it be sent or received at the moment.</param>
internal sealed record BalanceJson(
    string Asset, string? Issuer, string Balance, string Reserved, string Spendable, bool Frozen)
{
    public static BalanceJson Of(AssetBalance balance) => new(
        balance.Asset.Code,
        balance.Asset.Issuer,
        Amount.Format(balance.Balance),
        Amount.Format(balance.Reserved),
        Amount.Format(balance.Spendable),
        balance.Frozen);
}
