using System.Security.Cryptography;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>The header to and from its XDR.</summary>
internal static class HeaderXdr
{
    public static LedgerHeader Of(HeaderState header) => new(
        HeaderState.Protocol,
        header.PreviousLedgerHash,
        new StellarValue(header.TxSetHash, header.CloseTime, []),
        header.TxSetResultHash,
        header.BucketListHash,
        header.Sequence,
        header.TotalCoins,
        header.FeePool,
        header.InflationSequence,
        header.IdPool,
        header.BaseFee,
        header.BaseReserve,
        header.MaxTxSetSize,
        header.SkipList);

    public static HeaderState From(LedgerHeader header) => new()
    {
        Sequence = header.Sequence,
        CloseTime = header.Value.CloseTime,
        BaseFee = header.BaseFee,
        BaseReserve = header.BaseReserve,
        MaxTxSetSize = header.MaxTxSetSize,
        TotalCoins = header.TotalCoins,
        FeePool = header.FeePool,
        IdPool = header.IdPool,
        InflationSequence = header.InflationSequence,
        PreviousLedgerHash = header.PreviousHash,
        TxSetHash = header.Value.TxSetHash,
        TxSetResultHash = header.ResultHash,
        BucketListHash = header.BucketListHash,
        SkipList = header.SkipList,
    };

    public static Hash HashOf(HeaderState header) => HashOf(Of(header));

    public static Hash HashOf(LedgerHeader header) => new(SHA256.HashData(header.ToXdr()));
}
