using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Storage;

/// <summary>The header that the rules go on from, to bytes and back.</summary>
internal static class HeaderCodec
{
    public static void Write(XdrWriter writer, HeaderState header)
    {
        writer.WriteUInt32(header.Sequence);
        writer.WriteUInt64(header.CloseTime);
        writer.WriteUInt32(header.BaseFee);
        writer.WriteUInt32(header.BaseReserve);
        writer.WriteUInt32(header.MaxTxSetSize);
        writer.WriteInt64(header.TotalCoins);
        writer.WriteInt64(header.FeePool);
        writer.WriteUInt64(header.IdPool);
        writer.WriteUInt32(header.InflationSequence);
        header.PreviousLedgerHash.Write(writer);
        header.TxSetHash.Write(writer);
        header.TxSetResultHash.Write(writer);
        header.BucketListHash.Write(writer);
        header.SkipList.First.Write(writer);
        header.SkipList.Second.Write(writer);
        header.SkipList.Third.Write(writer);
        header.SkipList.Fourth.Write(writer);
    }

    public static HeaderState Read(ref XdrReader reader) => new()
    {
        Sequence = reader.ReadUInt32(),
        CloseTime = reader.ReadUInt64(),
        BaseFee = reader.ReadUInt32(),
        BaseReserve = reader.ReadUInt32(),
        MaxTxSetSize = reader.ReadUInt32(),
        TotalCoins = reader.ReadInt64(),
        FeePool = reader.ReadInt64(),
        IdPool = reader.ReadUInt64(),
        InflationSequence = reader.ReadUInt32(),
        PreviousLedgerHash = Hash.Read(ref reader),
        TxSetHash = Hash.Read(ref reader),
        TxSetResultHash = Hash.Read(ref reader),
        BucketListHash = Hash.Read(ref reader),
        SkipList = new SkipList(
            Hash.Read(ref reader), Hash.Read(ref reader), Hash.Read(ref reader), Hash.Read(ref reader)),
    };
}
