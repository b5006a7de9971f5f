using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Wallets;

internal static class BookSteps
{
    /// <summary>Takes an operation in that moved one thing, as the inbox brings it.</summary>
    public static void Apply(this WalletBook book, LedgerOperation operation, DateTimeOffset now) =>
        book.Apply(new LedgerEntry(new LedgerPlace(operation.PagingToken, 0), Movement: operation), now);
}
