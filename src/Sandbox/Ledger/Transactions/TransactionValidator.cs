using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Judges whether the next ledger may take a transaction. It only reads the state.</summary>
internal sealed class TransactionValidator(LedgerState state)
{
    private readonly TransactionChecks _checks = new(state);

    /// <summary>The result that the network would answer a submission with; success if it accepts it.</summary>
    public TransactionResult CheckValid(TransactionFrame frame, ValidationTime time) =>
        frame.Inner is { } inner ? CheckFeeBump(frame, inner, time) : Check(frame, time, paysFee: true);

    private TransactionResult Check(TransactionFrame frame, ValidationTime time, bool paysFee)
    {
        var fee = paysFee ? frame.MinimumFee(state.Header.BaseFee) : 0;
        var signatures = new SignatureChecker(frame.ContentsHash, frame.Verifier);
        var (validity, code) = _checks.Check(frame, signatures, new CheckMode(time, IsApplying: false, paysFee));
        if (validity != Validity.Valid)
        {
            return Results.Of(code, fee);
        }

        var rules = OperationRules.Of(new TransactionContext(state, frame));
        var results = Array.ConvertAll(rules, rule => rule.Untouched);
        for (var i = 0; i < rules.Length; i++)
        {
            var operation = frame.Transaction.Operations[i];
            if (OperationChecks.ForSubmission(rules[i], operation, state, signatures) is { } failure)
            {
                results[i] = failure;
                return Results.Of(TransactionResultCode.Failed, fee, results);
            }
        }

        return signatures.AreAllUsed
            ? Results.Of(TransactionResultCode.Success, fee, results)
            : Results.Of(TransactionResultCode.BadAuthExtra, fee);
    }

    private TransactionResult CheckFeeBump(TransactionFrame frame, TransactionFrame inner, ValidationTime time)
    {
        var fee = frame.MinimumFee(state.Header.BaseFee);
        if (frame.FeeBid < fee)
        {
            return Results.Of(TransactionResultCode.InsufficientFee, fee);
        }

        // The fee rate must be at least that of the inner transaction.
        var innerFee = inner.MinimumFee(state.Header.BaseFee);
        var needed = WideMath.Multiply(inner.FeeBid, fee);
        if (WideMath.Multiply(frame.FeeBid, innerFee) < needed)
        {
            return Results.Of(TransactionResultCode.InsufficientFee, WideMath.DivideUpOrMaximum(needed, innerFee));
        }

        if (state.Account(frame.FeeSource) is not { } feeSource)
        {
            return Results.Of(TransactionResultCode.NoAccount, fee);
        }

        var signatures = new SignatureChecker(frame.ContentsHash, frame.Verifier);
        if (!signatures.Check(WeightedSigner.Of(feeSource), feeSource.Thresholds.Low))
        {
            return Results.Of(TransactionResultCode.BadAuth, fee);
        }

        if (BalanceRules.Available(state.Header, feeSource) < frame.FeeBid)
        {
            return Results.Of(TransactionResultCode.InsufficientBalance, fee);
        }

        return signatures.AreAllUsed
            ? Results.Around(inner, Check(inner, time, paysFee: false), fee)
            : Results.Of(TransactionResultCode.BadAuthExtra, fee);
    }
}
