using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Adapters.Horizon;

/// <summary>Horizon's operations as grains speak of them.</summary>
internal static class LedgerOperations
{
    private const long PositionMask = 0xFFF;

    public static LedgerOperation From(OperationRecord record)
    {
        var (from, to, amount) = MovementOf(record);
        return new LedgerOperation(
            record.Id,
            record.TransactionHash.ToString(),
            record.Transaction?.InnerTransactionHash?.ToString(),
            record.TransactionSuccessful,
            record.Type,
            from?.AccountId.ToString(),
            to?.AccountId.ToString(),
            amount,
            TextOf(record.Transaction?.Memo),
            record.Ledger,
            record.CreatedAt);
    }

    private static (MuxedAccount? From, MuxedAccount? To, Amount? Amount) MovementOf(OperationRecord record) => record switch
    {
        PaymentRecord payment => (payment.From, payment.To, Money(payment.Asset, payment.Amount)),
        PathPaymentRecord path => (path.From, path.To, Money(path.Asset, path.Amount)),
        CreateAccountRecord create => (create.Funder, create.Account, new Amount(Asset.Native, create.StartingBalance)),
        AccountMergeRecord merge => (merge.Account, merge.Into, MergedBy(record)),
        _ => (record.SourceAccount, null, null),
    };

    private static Amount Money(Stellar.Xdr.Asset asset, long stroops) => new(Asset.Parse(asset.ToString()), stroops);

    // Horizon's operation does not say how much a merge moved; the transaction's result does.
    private static Amount? MergedBy(OperationRecord record)
    {
        if (!record.TransactionSuccessful || record.Transaction is null)
        {
            return null;
        }

        var result = TransactionResult.FromXdrBase64(record.Transaction.ResultXdr);
        var operations = result.Inner?.Result.Operations ?? result.Operations;
        var position = (int)(record.Id & PositionMask) - 1;
        return operations[position].Inner is AccountMergeResult { SourceBalance: { } stroops }
            ? new Amount(Asset.Native, stroops)
            : null;
    }

    private static string? TextOf(Memo? memo) => memo switch
    {
        MemoText text => text.Text.ToString(),
        MemoId id => id.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
        MemoHash hash => hash.Hash.ToString(),
        MemoReturn hash => hash.Hash.ToString(),
        _ => null,
    };
}
