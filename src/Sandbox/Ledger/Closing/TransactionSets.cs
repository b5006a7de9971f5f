using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>The transactions of one ledger and the base fee that they pay, in stroops an operation.</summary>
internal sealed record TransactionSet(IReadOnlyList<TransactionFrame> Transactions, long BaseFee);

/// <summary>
/// Chooses which of the waiting transactions the next ledger takes, and in which order it applies them.
/// </summary>
internal static class TransactionSets
{
    /// <summary>
    /// How many operations below the limit of a ledger surge pricing begins: those of one transaction.
    /// </summary>
    public const int SurgeMargin = 100;

    /// <summary>
    /// The best paying transactions that fit into a ledger. When it is nearly full, all pay the lowest bid of those.
    /// </summary>
    public static TransactionSet Choose(IEnumerable<TransactionFrame> candidates, HeaderState header)
    {
        var chosen = new List<TransactionFrame>();
        var room = (long)header.MaxTxSetSize;
        foreach (var frame in candidates.OrderByDescending(frame => frame.FeeRate).ThenBy(frame => frame.FullHash))
        {
            if (frame.OperationCount <= room)
            {
                chosen.Add(frame);
                room -= frame.OperationCount;
            }
        }

        return new TransactionSet(chosen, BaseFee(chosen, header));
    }

    /// <summary>The base fee that a ledger with these transactions charges.</summary>
    public static long BaseFee(IReadOnlyCollection<TransactionFrame> frames, HeaderState header)
    {
        var surgeAbove = Math.Max(0, (long)header.MaxTxSetSize - SurgeMargin);
        return frames.Count > 0 && frames.Sum(frame => (long)frame.OperationCount) > surgeAbove
            ? frames.Min(frame => frame.FeeRate.PerOperation())
            : header.BaseFee;
    }

    /// <summary>
    /// By account in order of sequence, a round at a time; within a round by hash xor the set's hash.
    /// </summary>
    public static IReadOnlyList<TransactionFrame> InApplyOrder(
        IReadOnlyCollection<TransactionFrame> frames, Hash setHash)
    {
        var rounds = frames
            .GroupBy(frame => frame.Source)
            .SelectMany(group => group.OrderBy(frame => frame.Sequence).Select((frame, round) => (frame, round)))
            .ToArray();
        var mask = setHash.ToArray();
        return [.. rounds
            .OrderBy(item => item.round)
            .ThenBy(item => Xored(item.frame.FullHash, mask))
            .Select(item => item.frame)];
    }

    /// <summary>Those that the next ledger could not take: invalid, or beyond what their fee source can pay.</summary>
    public static IReadOnlyList<TransactionFrame> FindInvalid(
        IEnumerable<TransactionFrame> frames, LedgerState state, TransactionValidator validator, ValidationTime time)
    {
        var fees = new Dictionary<AccountId, long>();
        var valid = new List<TransactionFrame>();
        var invalid = new List<TransactionFrame>();
        foreach (var frame in frames)
        {
            if (validator.CheckValid(frame, time).IsSuccess)
            {
                valid.Add(frame);
                var sum = fees.GetValueOrDefault(frame.FeeSource);
                fees[frame.FeeSource] = long.MaxValue - sum < frame.FeeBid ? long.MaxValue : sum + frame.FeeBid;
            }
            else
            {
                invalid.Add(frame);
            }
        }

        invalid.AddRange(valid.Where(frame =>
            BalanceRules.Available(state.Header, state.ExistingAccount(frame.FeeSource)) < fees[frame.FeeSource]));
        return invalid;
    }

    private static Hash Xored(Hash hash, byte[] mask)
    {
        Span<byte> bytes = stackalloc byte[Hash.Size];
        hash.CopyTo(bytes);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= mask[i];
        }

        return new Hash(bytes);
    }
}
