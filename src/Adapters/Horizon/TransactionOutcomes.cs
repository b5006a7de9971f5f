using StellarPay.Grains.Ledger;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Adapters.Horizon;

/// <summary>Gathers from operations how their transactions ended, failed ones too: each once, with all of its sources.</summary>
internal sealed class TransactionOutcomes
{
    private const long OperationMask = 0xFFF;

    private readonly SortedDictionary<long, (TransactionRecord Transaction, HashSet<string> Sources)> _transactions = [];

    public void Add(OperationRecord record)
    {
        if (record.Transaction is not { } transaction)
        {
            return;
        }

        var place = record.Id & ~OperationMask;
        if (!_transactions.TryGetValue(place, out var known))
        {
            known = (transaction, new HashSet<string>(StringComparer.Ordinal) { AddressOf(transaction.SourceAccount) });
            _transactions.Add(place, known);
        }

        known.Sources.Add(AddressOf(record.SourceAccount));
    }

    public IReadOnlyList<LedgerOutcome> All() =>
        [.. _transactions.Select(each => OutcomeOf(each.Key, each.Value.Transaction, each.Value.Sources))];

    private static LedgerOutcome OutcomeOf(long place, TransactionRecord transaction, HashSet<string> sources)
    {
        var codes = transaction.Successful ? null : CodesOf(transaction);
        return new LedgerOutcome(
            place,
            (transaction.FeeBumpHash ?? transaction.Hash).ToString(),
            transaction.InnerTransactionHash?.ToString(),
            transaction.Successful,
            AddressOf(transaction.SourceAccount),
            transaction.SourceAccountSequence,
            [.. sources],
            CodeOf(transaction, codes),
            codes is { Operations.Count: > 0 } ? [.. codes.Operations] : null,
            AddressOf(transaction.FeeAccount),
            transaction.FeeCharged,
            transaction.Ledger,
            transaction.CreatedAt);
    }

    // That it failed is known without them. A code of a newer protocol must not keep its ledger from being taken.
    private static ResultCodes? CodesOf(TransactionRecord transaction)
    {
        try
        {
            return ResultCodes.FromXdrBase64(transaction.ResultXdr);
        }
        catch (Exception exception) when (exception is XdrException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    // The first failing operation's code, else the transaction's own; of a fee-bump, the inner one's.
    private static string? CodeOf(TransactionRecord transaction, ResultCodes? codes) => transaction.Successful
        ? null
        : codes?.Operations.FirstOrDefault(code => code != "op_success") ?? codes?.InnerTransaction ?? codes?.Transaction ?? "tx_failed";

    private static string AddressOf(MuxedAccount account) => account.AccountId.ToString();
}
