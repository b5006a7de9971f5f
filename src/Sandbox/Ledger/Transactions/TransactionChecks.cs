using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>
/// How far a transaction got through its checks; from UpdateSequence on it uses up its sequence number.
/// </summary>
internal enum Validity
{
    Invalid,
    InvalidButUpdatesSequence,
    InvalidAfterAuthorization,
    Valid,
}

/// <summary>
/// How a transaction is checked: for the queue or while it is applied, and whether it pays its own fee.
/// </summary>
internal readonly record struct CheckMode(ValidationTime Time, bool IsApplying, bool PaysFee);

/// <summary>The checks of a transaction as a whole, before those of its operations.</summary>
internal sealed class TransactionChecks(LedgerState state)
{
    private const int MaximumExtraSigners = 2;

    public (Validity Validity, TransactionResultCode Code) Check(
        TransactionFrame frame, SignatureChecker signatures, CheckMode mode)
    {
        if (CheckShape(frame, mode) is { } malformed)
        {
            return (Validity.Invalid, malformed);
        }

        if (state.Account(frame.Source) is not { } source)
        {
            return (Validity.Invalid, TransactionResultCode.NoAccount);
        }

        if (SequenceRules.IsBad(mode.Time.Ledger, source.Sequence, frame))
        {
            return (Validity.Invalid, TransactionResultCode.BadSeq);
        }

        var conditions = frame.Transaction.Preconditions;
        if (SequenceRules.IsTooEarlyFor(source, conditions, mode.Time.Ledger, mode.Time.CloseTime))
        {
            return (Validity.InvalidButUpdatesSequence, TransactionResultCode.BadMinSeqAgeOrGap);
        }

        if (!signatures.Check(WeightedSigner.Of(source), source.Thresholds.Low)
            || !HasExtraSignatures(conditions, signatures))
        {
            return (Validity.InvalidButUpdatesSequence, TransactionResultCode.BadAuth);
        }

        // Applying, the fee is paid already; available, it must leave reserve and liabilities.
        var feeToPay = mode.IsApplying ? 0 : frame.FeeBid;
        return mode.PaysFee && BalanceRules.Available(state.Header, source) < feeToPay
            ? (Validity.InvalidAfterAuthorization, TransactionResultCode.InsufficientBalance)
            : (Validity.Valid, TransactionResultCode.Success);
    }

    /// <summary>What does not depend on accounts: the shape, the time and the fee.</summary>
    private TransactionResultCode? CheckShape(TransactionFrame frame, CheckMode mode)
    {
        var transaction = frame.Transaction;
        var extra = transaction.Preconditions.ExtraSigners;
        if ((extra.Count == MaximumExtraSigners && extra[0] == extra[1])
            || extra.Any(signer => signer.Type == CryptoKeyType.Ed25519SignedPayload && signer.Payload.Length == 0))
        {
            return TransactionResultCode.Malformed;
        }

        // Resources are for contracts only, which this network does not have.
        if (transaction.SorobanData is not null && !transaction.Operations.Any(o => IsContractOperation(o.Body)))
        {
            return TransactionResultCode.Malformed;
        }

        if (transaction.Operations.Count == 0)
        {
            return TransactionResultCode.MissingOperation;
        }

        if (IsTooEarly(transaction.Preconditions, mode.Time))
        {
            return TransactionResultCode.TooEarly;
        }

        if (IsTooLate(transaction.Preconditions, mode.Time))
        {
            return TransactionResultCode.TooLate;
        }

        return mode.PaysFee && frame.FeeBid < frame.MinimumFee(state.Header.BaseFee)
            ? TransactionResultCode.InsufficientFee
            : null;
    }

    private static bool IsContractOperation(OperationBody body) =>
        body is InvokeHostFunctionOperation or ExtendFootprintTtlOperation or RestoreFootprintOperation;

    private static bool IsTooEarly(Preconditions conditions, ValidationTime time) =>
        conditions.TimeBounds is { MinTime: > 0 and var earliest } && earliest > time.CloseTime
        || conditions.LedgerBounds is { } ledgers && ledgers.MinLedger > time.Ledger;

    private static bool IsTooLate(Preconditions conditions, ValidationTime time) =>
        conditions.TimeBounds is { MaxTime: > 0 and var latest } && latest < time.CloseTime + time.LatestCloseOffset
        || conditions.LedgerBounds is { MaxLedger: > 0 and var last } && last <= time.Ledger;

    private static bool HasExtraSignatures(Preconditions conditions, SignatureChecker signatures)
    {
        if (conditions.ExtraSigners.Count == 0)
        {
            return true;
        }

        var signers = conditions.ExtraSigners.Select(key => new WeightedSigner(key, 1)).ToList();
        return signatures.Check(signers, signers.Count);
    }
}
