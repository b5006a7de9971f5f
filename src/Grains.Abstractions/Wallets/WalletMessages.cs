using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

/// <summary>What a wallet holds of one asset.</summary>
/// <param name="Asset">The asset.</param>
/// <param name="Balance">Stroops on the ledger.</param>
/// <param name="Reserved">Stroops promised to payments that are not yet on the ledger.</param>
/// <param name="Frozen">Whether the issuer lets nothing of it be sent or received at the moment (CAP-18).</param>
[GenerateSerializer, Immutable, Alias("sp.AssetBalance")]
public sealed record AssetBalance(
    [property: Id(0)] Asset Asset,
    [property: Id(1)] long Balance,
    [property: Id(2)] long Reserved,
    [property: Id(3)] bool Frozen = false)
{
    /// <summary>Stroops that a new payment may use.</summary>
    public long Spendable => Frozen ? 0 : Balance - Reserved;
}

/// <summary>A wallet as its owner sees it.</summary>
/// <param name="Id">The wallet's id.</param>
/// <param name="Address">The account's address on the network (<c>G…</c>); null while the wallet is unopened.</param>
/// <param name="Status">Where the wallet stands.</param>
/// <param name="Balances">Each asset it can hold, XLM first, then by code.</param>
/// <param name="Revision">Rises with every change of the wallet; what is pushed carries it, so that a client can order.</param>
/// <param name="OpensAfter">From when on its account is opened, where today's budget for that is used up; else null.</param>
[GenerateSerializer, Immutable, Alias("sp.WalletView")]
public sealed record WalletView(
    [property: Id(0)] WalletId Id,
    [property: Id(1)] string? Address,
    [property: Id(2)] WalletStatus Status,
    [property: Id(3)] AssetBalance[] Balances,
    [property: Id(4)] long Revision,
    [property: Id(5)] DateTimeOffset? OpensAfter = null);

/// <summary>What a client that has just connected needs: the wallet, and its payments that are under way.</summary>
/// <param name="Wallet">The wallet.</param>
/// <param name="Payments">Payments that are not terminal, and the most recent that are, oldest first.</param>
/// <param name="Invitations">Invitations that are not over, and the most recent that are, oldest first; null without any.</param>
[GenerateSerializer, Immutable, Alias("sp.WalletSnapshot")]
public sealed record WalletSnapshot(
    [property: Id(0)] WalletView Wallet,
    [property: Id(1)] PaymentView[] Payments,
    [property: Id(2)] InvitationView[]? Invitations = null);
