using StellarPay.Grains.Invitations;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

/// <summary>What a wallet has, has promised and can spend.</summary>
internal static class WalletBalances
{
    public static long Balance(WalletState state, string asset) =>
        state.Balances.TryGetValue(asset, out var balance) ? balance.Stroops : 0;

    /// <summary>What payments under way, those that the balance does not show yet, and invitations have promised.</summary>
    public static long Reserved(WalletState state, string asset)
    {
        var reserved = InvitationBook.Reserved(state, asset);
        foreach (var payment in state.Payments)
        {
            if (payment.ReservedAsset == asset && payment.HoldsReservation())
            {
                reserved = checked(reserved + payment.ReservedStroops);
            }
        }

        return reserved;
    }

    public static long Spendable(WalletState state, string asset) =>
        IsFrozen(state, asset) ? 0 : checked(Balance(state, asset) - Reserved(state, asset));

    /// <summary>Whether the asset's issuer lets nothing of it be moved (CAP-18).</summary>
    public static bool IsFrozen(WalletState state, string asset) =>
        state.Balances.TryGetValue(asset, out var balance) && balance.FrozenSince is not null;

    /// <summary>Every asset that it can hold or holds, XLM first, then by code.</summary>
    public static AssetBalance[] All(WalletState state, IEnumerable<string> assets) =>
    [
        .. assets.Prepend(Asset.Native.Canonical).Union(state.Balances.Keys)
            .Select(Asset.Parse)
            .OrderBy(a => a.IsNative ? 0 : 1)
            .ThenBy(a => a.Code, StringComparer.Ordinal)
            .ThenBy(a => a.Canonical, StringComparer.Ordinal)
            .Select(a => new AssetBalance(a, Balance(state, a.Canonical), Reserved(state, a.Canonical), IsFrozen(state, a.Canonical))),
    ];

    /// <summary>Adds what came in (or, below zero, went out).</summary>
    public static void Add(WalletState state, string asset, long stroops)
    {
        var balance = RecordOf(state, asset);
        balance.Stroops = checked(balance.Stroops + stroops);
    }

    /// <summary>The issuer lets nothing of it be moved from a ledger on.</summary>
    public static void Freeze(WalletState state, string asset, long ledger) => RecordOf(state, asset).FrozenSince = ledger;

    /// <summary>The issuer lets it be moved again. False where it did all along.</summary>
    public static bool Thaw(WalletState state, string asset)
    {
        if (!IsFrozen(state, asset))
        {
            return false;
        }

        state.Balances[asset].FrozenSince = null;
        return true;
    }

    private static BalanceRecord RecordOf(WalletState state, string asset)
    {
        if (!state.Balances.TryGetValue(asset, out var balance))
        {
            state.Balances[BalancesConverter.Share(asset)] = balance = new BalanceRecord();
        }

        return balance;
    }
}
