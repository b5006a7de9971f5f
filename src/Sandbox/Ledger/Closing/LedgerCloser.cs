using System.Security.Cryptography;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>A ledger that closed: its header with its hash, and its transactions in the order applied.</summary>
internal sealed record ClosedLedger(
    LedgerHeader Header, Hash Hash, IReadOnlyList<AppliedTransaction> Transactions, long BaseFee);

/// <summary>Closes ledgers: takes all fees first, then applies the transactions, then seals the header.</summary>
internal sealed class LedgerCloser(LedgerState state)
{
    private readonly TransactionApplier _applier = new(state);

    /// <summary>The hash of the last closed ledger's header.</summary>
    public Hash LastHash { get; private set; } = HeaderXdr.HashOf(state.Header);

    /// <summary>Closes the next ledger with transactions that were found valid; all of it, or nothing.</summary>
    /// <exception cref="LedgerFault">A transaction is not valid; the ledger is as it was.</exception>
    public ClosedLedger Close(ulong closeTime, TransactionSet set)
    {
        var start = state.Mark();
        try
        {
            return CloseNext(closeTime, set);
        }
        catch
        {
            state.RollBackTo(start);
            throw;
        }
    }

    private ClosedLedger CloseNext(ulong closeTime, TransactionSet set)
    {
        var setHash = HashOf(set.Transactions);
        state.Header = state.Header with
        {
            Sequence = state.Header.Sequence + 1,
            PreviousLedgerHash = LastHash,
            CloseTime = closeTime,
            TxSetHash = setHash,
        };
        var ordered = TransactionSets.InApplyOrder(set.Transactions, setHash);
        var charged = ordered.Select(frame => TakeFee(frame, set.BaseFee)).ToArray();
        var highestSequences = HighestSequences(ordered);
        var applied = ordered
            .Select((frame, i) => _applier.Apply(frame, charged[i], highestSequences))
            .ToArray();

        state.Header = state.Header with { TxSetResultHash = HashOf(applied) };
        state.ForgetJournal();
        var header = HeaderXdr.Of(state.Header);
        LastHash = HeaderXdr.HashOf(header);
        return new ClosedLedger(header, LastHash, applied, set.BaseFee);
    }

    private ChargedFee TakeFee(TransactionFrame frame, long baseFee)
    {
        var mark = state.Mark();
        var fee = _applier.TakeFee(frame, baseFee);
        return new ChargedFee(fee, baseFee, state.ChangesSince(mark));
    }

    /// <summary>Needed only where some transaction merges an account, which must not fall back behind them.</summary>
    private static Dictionary<AccountId, long>? HighestSequences(IReadOnlyList<TransactionFrame> frames)
    {
        if (!frames.Any(frame => frame.Transaction.Operations.Any(o => o.Body is AccountMergeOperation)))
        {
            return null;
        }

        var highest = new Dictionary<AccountId, long>();
        foreach (var frame in frames)
        {
            highest[frame.Source] = Math.Max(highest.GetValueOrDefault(frame.Source), frame.Sequence);
        }

        return highest;
    }

    private Hash HashOf(IEnumerable<TransactionFrame> frames)
    {
        using var writer = new XdrWriter();
        LastHash.Write(writer);
        foreach (var frame in frames.OrderBy(frame => frame.FullHash))
        {
            frame.Envelope.Write(writer);
        }

        return new Hash(SHA256.HashData(writer.Written));
    }

    private static Hash HashOf(IEnumerable<AppliedTransaction> applied)
    {
        using var writer = new XdrWriter();
        writer.WriteList(applied
            .Select(transaction => new TransactionResultPair(transaction.Frame.ContentsHash, transaction.Result))
            .ToValueList());
        return new Hash(SHA256.HashData(writer.Written));
    }
}
