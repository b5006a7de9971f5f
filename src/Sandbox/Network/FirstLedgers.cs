using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Network;

/// <summary>The first ledger, in which the root account holds everything, and the accounts that the second one adds.</summary>
internal static class FirstLedgers
{
    private const long FriendbotBalance = 10_000_000_000 * StellarAmount.StroopsPerUnit;
    private const long IssuerBalance = 10_000 * StellarAmount.StroopsPerUnit;

    public static LedgerState Begin(AccountId root, ulong closeTime, int maxOperations) =>
        Genesis.Create(root, new GenesisOptions { CloseTime = closeTime, MaxTxSetSize = (uint)maxOperations });

    /// <summary>Creates the accounts that every sandbox has.</summary>
    public static TransactionFrame Setup(StellarNetwork network, SandboxKeys keys) => new(
        network.Id,
        new TransactionBuilder(keys.Root.AccountId, 1)
            .Add(new CreateAccountOperation(keys.Friendbot.AccountId, FriendbotBalance))
            .Add(new CreateAccountOperation(keys.UsdcIssuer.AccountId, IssuerBalance))
            .WithoutTimeBounds()
            .Build()
            .Sign(network, keys.Root));
}
