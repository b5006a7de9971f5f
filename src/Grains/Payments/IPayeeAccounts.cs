using StellarPay.Grains.Network;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Payments;

/// <summary>What our own books say of an account that is to be paid, so that the network need not be asked.</summary>
public interface IPayeeAccounts
{
    /// <summary>
    /// What the account of one of our wallets can take of an asset. Null where the books do not tell: an account that is not ours,
    /// a wallet that is not open yet, an asset that it never held.
    /// </summary>
    /// <param name="address">The account.</param>
    /// <param name="asset">The asset in canonical form.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<NetworkAccount?> FindAsync(string address, string asset, CancellationToken cancellationToken);

    /// <summary>The address of a wallet, and where it stands; null where it has none yet.</summary>
    Task<PayeeWallet?> FindWalletAsync(string wallet, CancellationToken cancellationToken);

    /// <summary>Where the wallet stands whose address this is; null where none of ours has it.</summary>
    Task<WalletStatus?> FindStatusAsync(string address, CancellationToken cancellationToken);

    /// <summary>Until when the payment session is paid that a number names at an address; null where it names none.</summary>
    /// <param name="address">The account that is paid.</param>
    /// <param name="number">The number that names the session there.</param>
    /// <param name="session">Its id where the payer named that; another session's is none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<PayableUntil?> FindSessionAsync(string address, long number, string? session, CancellationToken cancellationToken);
}

/// <summary>Until when a payment session can be paid.</summary>
/// <param name="IsOpen">Whether it can be: it is not paid, expired or canceled.</param>
/// <param name="ExpiresAt">The last moment, by the ledger's close time.</param>
/// <param name="Session">Its id. There is such a session.</param>
public sealed record PayableUntil(bool IsOpen, DateTimeOffset ExpiresAt, string Session);

/// <summary>What our own books say of a wallet that is to be paid.</summary>
/// <param name="Address">Its account's address.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="IsRetired">Whether it was given up for good.</param>
public sealed record PayeeWallet(string Address, WalletStatus Status, bool IsRetired);
