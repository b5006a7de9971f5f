using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

// Whether issuers let this wallet move what it holds (CAP-18). Their own operations tell; where a contract did it, which no
// operation shows, a refusal of the ledger does, and the network is asked when the asset is to be paid again.
internal sealed partial class WalletBook
{
    private const string SourceNotAuthorized = "op_src_not_authorized";
    private const string NotAuthorized = "op_not_authorized";

    /// <summary>
    /// What the network shows of the wallet's own trustline, if it is of later than the freeze. False if nothing changed.
    /// </summary>
    public bool ThawIfSeen(string asset, NetworkAccount? own) =>
        own?.Trustlines.FirstOrDefault(line => line.Asset == asset) is { Authorized: true } line
        && state.Balances.TryGetValue(asset, out var balance) && balance.FrozenSince < line.LastModifiedLedger
        && WalletBalances.Thaw(state, asset);

    private void TakeTrustline(LedgerOperation operation)
    {
        if (operation.Trustline is not { } line || line.Holder != state.Address)
        {
            return;
        }

        if (!line.Authorized)
        {
            WalletBalances.Freeze(state, line.Asset.Canonical, operation.Ledger);
        }
        else
        {
            WalletBalances.Thaw(state, line.Asset.Canonical);
        }
    }

    // Of a claimable balance the ledger has one code for it, for there is no recipient yet who might lack it.
    private void LearnFreeze(PaymentRecord payment, string? code, long? ledger)
    {
        var own = code == SourceNotAuthorized
            || (code == NotAuthorized && payment.Method == PaymentMethod.ClaimableBalance);
        if (own && ledger is { } since)
        {
            WalletBalances.Freeze(state, payment.ReservedAsset, since);
        }
    }
}
