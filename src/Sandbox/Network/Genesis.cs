using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Network;

/// <summary>The first ledger, in which the root account holds everything, and what the second one makes of it.</summary>
internal static class Genesis
{
    /// <summary>A hundred billion lumens, in stroops.</summary>
    public const long TotalCoins = 100_000_000_000 * StellarAmount.StroopsPerUnit;

    private const long FriendbotBalance = 10_000_000_000 * StellarAmount.StroopsPerUnit;
    private const long IssuerBalance = 10_000 * StellarAmount.StroopsPerUnit;
    private const uint BaseFee = 100;
    private const uint BaseReserve = 5_000_000;

    public static LedgerState State(AccountId root, ulong closeTime, int maxOperations)
    {
        var state = new LedgerState(new HeaderState
        {
            Sequence = 1,
            CloseTime = closeTime,
            BaseFee = BaseFee,
            BaseReserve = BaseReserve,
            MaxTxSetSize = (uint)maxOperations,
            TotalCoins = TotalCoins,
        });
        state.Put(new Account { Id = root, Balance = TotalCoins, Sequence = 0 });
        return state;
    }

    /// <summary>Creates the accounts that every sandbox has.</summary>
    public static TransactionFrame Setup(StellarNetwork network, SandboxKeys keys) => new(
        new Hash(network.Id),
        new TransactionBuilder(keys.Root.AccountId, 1)
            .Add(new CreateAccountOperation(keys.Friendbot.AccountId, FriendbotBalance))
            .Add(new CreateAccountOperation(keys.UsdcIssuer.AccountId, IssuerBalance))
            .WithBaseFee(BaseFee)
            .WithoutTimeBounds()
            .Build()
            .Sign(network, keys.Root));
}
