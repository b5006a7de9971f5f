using StellarPay.Stellar;

namespace StellarPay.Sandbox.Ledger;

/// <summary>How a network begins. Amounts are stroops.</summary>
internal sealed record GenesisOptions
{
    public uint BaseFee { get; init; } = 100;

    public uint BaseReserve { get; init; } = 5_000_000;

    public uint MaxTxSetSize { get; init; } = 1000;

    public long TotalCoins { get; init; } = 1_000_000_000_000_000_000;

    public uint Sequence { get; init; } = 1;

    public ulong CloseTime { get; init; }
}

/// <summary>Makes a network's first ledger: the root account holds everything.</summary>
internal static class Genesis
{
    public static LedgerState Create(AccountId root, GenesisOptions options)
    {
        var state = new LedgerState(new HeaderState
        {
            Sequence = options.Sequence,
            CloseTime = options.CloseTime,
            BaseFee = options.BaseFee,
            BaseReserve = options.BaseReserve,
            MaxTxSetSize = options.MaxTxSetSize,
            TotalCoins = options.TotalCoins,
        });
        state.Put(new Account { Id = root, Balance = options.TotalCoins, Sequence = 0 });
        state.ForgetJournal();
        return state;
    }
}
