using StellarPay.Sandbox.History;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Storage;

/// <summary>Closed ledgers with their transactions, operations, effects and trades to bytes and back.</summary>
internal static class HistoryCodec
{
    public static void Write(XdrWriter writer, HistoryLedger ledger)
    {
        ledger.Hash.Write(writer);
        Write(writer, ledger.Header);
        writer.WriteInt32(ledger.Transactions.Count);
        foreach (var transaction in ledger.Transactions)
        {
            Write(writer, transaction);
        }
    }

    public static HistoryLedger Read(ref XdrReader reader)
    {
        var hash = Hash.Read(ref reader);
        var ledger = HistoryLedger.Of(LedgerHeader.FromXdr(reader.ReadVariable()), hash);
        var transactions = new HistoryTransaction[RecordFields.ReadCount(ref reader)];
        for (var i = 0; i < transactions.Length; i++)
        {
            transactions[i] = ReadTransaction(ref reader, ledger, i + 1);
        }

        ledger.Transactions = transactions;
        return ledger;
    }

    private static void Write(XdrWriter writer, HistoryTransaction transaction)
    {
        transaction.Hash.Write(writer);
        writer.WriteOptional(transaction.InnerHash);
        writer.WriteBool(transaction.Successful);
        writer.WriteInt64(transaction.FeeCharged);
        writer.WriteInt64(transaction.MaxFee);
        Write(writer, transaction.Envelope);
        Write(writer, transaction.Result);
        Write(writer, transaction.FeeMeta);
        Write(writer, transaction.Meta);
        writer.WriteList(transaction.Participants);
        writer.WriteInt32(transaction.Operations.Count);
        foreach (var operation in transaction.Operations)
        {
            Write(writer, operation);
        }
    }

    private static HistoryTransaction ReadTransaction(ref XdrReader reader, HistoryLedger ledger, int index)
    {
        var transaction = new HistoryTransaction
        {
            Ledger = ledger,
            Index = index,
            Hash = Hash.Read(ref reader),
            InnerHash = reader.ReadOptionalValue<Hash>(),
            Successful = reader.ReadBool(),
            FeeCharged = reader.ReadInt64(),
            MaxFee = reader.ReadInt64(),
            Envelope = Bytes.Create(reader.ReadVariable()),
            Result = Bytes.Create(reader.ReadVariable()),
            FeeMeta = Bytes.Create(reader.ReadVariable()),
            Meta = Bytes.Create(reader.ReadVariable()),
            Participants = reader.ReadList<AccountId>(),
        };
        var operations = new HistoryOperation[RecordFields.ReadCount(ref reader)];
        for (var i = 0; i < operations.Length; i++)
        {
            operations[i] = ReadOperation(ref reader, transaction, i + 1);
        }

        transaction.Operations = operations;
        return transaction;
    }

    private static void Write(XdrWriter writer, HistoryOperation operation)
    {
        writer.WriteEnum(operation.Type);
        writer.WriteOptional(operation.Sponsor);
        writer.WriteList(operation.Participants);
        writer.WriteList(operation.Balances);
        writer.WriteInt32(operation.Effects.Count);
        foreach (var effect in operation.Effects)
        {
            writer.WriteInt32((int)effect.Type);
            effect.Account.Write(writer);
            Write(writer, effect.Details);
        }

        writer.WriteInt32(operation.Trades.Count);
        foreach (var trade in operation.Trades)
        {
            Write(writer, trade);
        }
    }

    private static HistoryOperation ReadOperation(ref XdrReader reader, HistoryTransaction transaction, int index)
    {
        var operation = new HistoryOperation
        {
            Transaction = transaction,
            Index = index,
            Type = reader.ReadEnum<OperationType>(),
            Sponsor = reader.ReadOptionalValue<AccountId>(),
            Participants = reader.ReadList<AccountId>(),
            Balances = reader.ReadList<Hash>(),
        };
        var effects = new HistoryEffect[RecordFields.ReadCount(ref reader)];
        for (var i = 0; i < effects.Length; i++)
        {
            effects[i] = new HistoryEffect
            {
                Operation = operation,
                Order = i + 1,
                Type = (EffectType)reader.ReadInt32(),
                Account = MuxedAccount.Read(ref reader),
                Details = Bytes.Create(reader.ReadVariable()),
            };
        }

        var trades = new HistoryTrade[RecordFields.ReadCount(ref reader)];
        for (var i = 0; i < trades.Length; i++)
        {
            trades[i] = ReadTrade(ref reader, operation);
        }

        operation.Effects = effects;
        operation.Trades = trades;
        return operation;
    }

    private static void Write(XdrWriter writer, HistoryTrade trade)
    {
        writer.WriteInt32(trade.Order);
        writer.WriteInt64(trade.OfferId);
        trade.Seller.Write(writer);
        trade.SoldAsset.Write(writer);
        writer.WriteInt64(trade.Sold);
        trade.Buyer.Write(writer);
        writer.WriteInt64(trade.BuyerOfferId ?? 0);
        trade.BoughtAsset.Write(writer);
        writer.WriteInt64(trade.Bought);
        trade.Price.Write(writer);
    }

    private static HistoryTrade ReadTrade(ref XdrReader reader, HistoryOperation operation) => new()
    {
        Operation = operation,
        Order = reader.ReadInt32(),
        OfferId = reader.ReadInt64(),
        Seller = AccountId.Read(ref reader),
        SoldAsset = Asset.Read(ref reader),
        Sold = reader.ReadInt64(),
        Buyer = AccountId.Read(ref reader),
        BuyerOfferId = reader.ReadInt64() is not 0 and var own ? own : null,
        BoughtAsset = Asset.Read(ref reader),
        Bought = reader.ReadInt64(),
        Price = Price.Read(ref reader),
    };

    private static void Write(XdrWriter writer, Bytes bytes) => writer.WriteVariable(bytes.AsSpan());
}
