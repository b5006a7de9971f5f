using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>Which accounts are the platform's own, as read beside the turns of the grain that judges by it.</summary>
/// <param name="Accounts">The keys of their grains by their addresses.</param>
/// <param name="Ledger">
/// What ledgers up to this one hold can be judged by it: an address is stored before anybody sees it, and these were read after
/// that ledger was.
/// </param>
internal sealed record PlatformFacts(IReadOnlyDictionary<string, string> Accounts, long Ledger)
{
    public static async Task<PlatformFacts> ReadAsync(
        ILedgerInbox inbox, IPlatformAccounts accounts, CancellationToken cancellationToken)
    {
        // In this order: an account that comes between the two is in the list, and the ledger before it is too.
        var ledger = (await inbox.GetWatermarkAsync(cancellationToken))?.Ledger ?? 0;
        var listed = await accounts.ListAsync(cancellationToken);
        return new PlatformFacts(
            listed.ToDictionary(account => account.Address, account => account.Name, StringComparer.Ordinal), ledger);
    }

    /// <summary>Whether what stands there can be judged by these.</summary>
    public bool ReachTo(LedgerPlace place) => place.Ledger() <= Ledger;
}
