using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// Whether issuers let a wallet move what it holds (CAP-18). Their own operations tell; where a contract did it, which no
/// operation shows, a refusal of the ledger does, and the network is asked when the asset is to be paid again.
/// </summary>
internal static class Trustlines
{
    /// <summary>Stellar's code where the payer's trustline is not authorised.</summary>
    public const string SourceNotAuthorized = "op_src_not_authorized";

    /// <summary>
    /// What the network shows of the wallet's own trustline, if it is of later than the freeze. False if nothing changed.
    /// </summary>
    public static bool ThawIfSeen(WalletState state, string asset, NetworkAccount? own) =>
        own?.Trustlines.FirstOrDefault(line => line.Asset == asset) is { Authorized: true } line
        && state.Balances.TryGetValue(asset, out var balance) && balance.FrozenSince < line.LastModifiedLedger
        && WalletBalances.Thaw(state, asset);

    /// <summary>An operation of an issuer, if it is one.</summary>
    public static void Take(WalletState state, LedgerOperation operation)
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

    /// <summary>A ledger refused a payment, with what may say that the payer's trustline is frozen.</summary>
    public static void LearnFreeze(WalletState state, PaymentRecord payment, string code, long? ledger)
    {
        if (code == SourceNotAuthorized && ledger is { } since)
        {
            WalletBalances.Freeze(state, payment.ReservedAsset, since);
        }
    }
}
