using StellarPay.Grains.Identifiers;

namespace StellarPay.Grains.Wallets;

/// <summary>Which addresses on the network are wallets of ours.</summary>
public interface IAddressBook
{
    /// <summary>
    /// Remembers that an address is a wallet's. A repeat does no harm; an address that is another wallet's already is
    /// an <see cref="InvalidOperationException"/>. When the task has completed, <see cref="FindAsync"/> finds it.
    /// </summary>
    Task RegisterAsync(string address, WalletId wallet, CancellationToken cancellationToken);

    /// <summary>Those of the addresses that are wallets, with their wallets.</summary>
    Task<IReadOnlyDictionary<string, WalletId>> FindAsync(
        IReadOnlyCollection<string> addresses, CancellationToken cancellationToken);
}
