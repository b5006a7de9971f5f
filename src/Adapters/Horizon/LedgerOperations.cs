using StellarPay.Grains.Ledger;
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
        var common = new LedgerOperation(
            record.Id,
            record.TransactionHash.ToString(),
            record.Transaction?.InnerTransactionHash?.ToString(),
            record.TransactionSuccessful,
            record.Type,
            From: null,
            To: null,
            Amount: null,
            TextOf(record.Transaction?.Memo),
            record.Ledger,
            record.CreatedAt,
            MemoType: KindOf(record.Transaction?.Memo));
        return record switch
        {
            PaymentRecord payment => common.Between(payment.From, payment.To, Money(payment.Asset, payment.Amount)),
            PathPaymentRecord path => common.Between(path.From, path.To, Money(path.Asset, path.Amount)) with
            {
                SourceAmount = Money(path.SourceAsset, path.SourceAmount),
            },
            CreateAccountRecord create =>
                common.Between(create.Funder, create.Account, new Amount(Asset.Native, create.StartingBalance)),
            AccountMergeRecord merge => common.Between(merge.Account, merge.Into, MergedBy(record)),
            CreateClaimableBalanceRecord create => common.Between(record.SourceAccount, null, Money(create.Asset, create.Amount)) with
            {
                BalanceId = CreatedBy(record),
                Claimants = [.. create.Claimants.Select(claimant => claimant.Destination.ToString())],
                ClaimableFrom = Claimables.TimesOf(create),
            },
            // How much, only the balance's creation says, or the operation's effects.
            ClaimClaimableBalanceRecord claim => common.Between(null, claim.Claimant, null) with { BalanceId = claim.BalanceId },
            // Whose it was, its creation says.
            ClawbackClaimableBalanceRecord back => common.Between(record.SourceAccount, null, null) with { BalanceId = back.BalanceId },
            ClawbackRecord clawback => common.Between(clawback.From, null, Money(clawback.Asset, clawback.Amount)),
            TrustlineFlagsRecord { Authorized: { } authorized } flags => common with
            {
                Trustline = new LedgerTrustline(flags.Trustor.ToString(), Asset.Parse(flags.Asset.ToString()), authorized),
            },
            InvokeHostFunctionRecord call => common with { Transfers = ContractMovements.Of(call).Transfers },
            _ => common.Between(record.SourceAccount, null, null),
        };
    }

    private static LedgerOperation Between(this LedgerOperation operation, MuxedAccount? from, MuxedAccount? to, Amount? amount) =>
        operation with
        {
            From = from?.AccountId.ToString(),
            To = to?.AccountId.ToString(),
            FromMuxed = Muxed(from),
            ToMuxed = Muxed(to),
            Amount = amount,
        };

    private static string? Muxed(MuxedAccount? account) => account is { Id: not null } muxed ? muxed.ToString() : null;

    private static Amount Money(Stellar.Xdr.Asset asset, long stroops) => new(Asset.Parse(asset.ToString()), stroops);

    // Horizon's operation does not say how much a merge moved; the transaction's result does.
    private static Amount? MergedBy(OperationRecord record) =>
        ResultOf(record) is AccountMergeResult { SourceBalance: { } stroops } ? new Amount(Asset.Native, stroops) : null;

    // Nor does it say which balance was created.
    private static string? CreatedBy(OperationRecord record) =>
        ResultOf(record) is CreateClaimableBalanceResult { BalanceId: { } id } ? id.ToString() : null;

    private static OperationResultBody? ResultOf(OperationRecord record)
    {
        if (!record.TransactionSuccessful || record.Transaction is null)
        {
            return null;
        }

        var result = TransactionResult.FromXdrBase64(record.Transaction.ResultXdr);
        var operations = result.Inner?.Result.Operations ?? result.Operations;
        var position = (int)(record.Id & PositionMask) - 1;
        return operations[position].Inner;
    }

    private static string? TextOf(Memo? memo) => memo switch
    {
        MemoText text => LedgerText.Show(text.Text.Bytes.AsSpan()),
        MemoId id => id.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
        // As payers write them, and as Horizon does.
        MemoHash hash => Convert.ToBase64String(hash.Hash.ToArray()),
        MemoReturn hash => Convert.ToBase64String(hash.Hash.ToArray()),
        _ => null,
    };

    private static string? KindOf(Memo? memo) => memo switch
    {
        MemoText => "text",
        MemoId => "id",
        MemoHash => "hash",
        MemoReturn => "return",
        _ => null,
    };
}
