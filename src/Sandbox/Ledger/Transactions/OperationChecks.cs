using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>The checks that every operation passes before its own rules.</summary>
internal static class OperationChecks
{
    /// <summary>For the queue: support, signatures and shape; null if all is well.</summary>
    public static OperationResult? ForSubmission(
        OperationRule rule, Operation operation, LedgerState state, SignatureChecker signatures) =>
        !rule.IsSupported
            ? new OperationResult(OperationResultCode.NotSupported)
            : CheckSignatures(rule, operation, state, signatures) ?? rule.Check();

    /// <summary>While applying: its signatures are checked already, but its account may be gone by now.</summary>
    public static OperationResult? ForApplication(OperationRule rule, LedgerState state) =>
        !rule.IsSupported ? new OperationResult(OperationResultCode.NotSupported)
        : state.Account(rule.Source) is null ? new OperationResult(OperationResultCode.NoAccount)
        : rule.Check();

    public static OperationResult? CheckSignatures(
        OperationRule rule, Operation operation, LedgerState state, SignatureChecker signatures)
    {
        if (state.Account(rule.Source) is { } source)
        {
            return signatures.Check(WeightedSigner.Of(source), NeededWeight(source, rule.Threshold))
                ? null
                : new OperationResult(OperationResultCode.BadAuth);
        }

        if (operation.Source is null)
        {
            return new OperationResult(OperationResultCode.NoAccount);
        }

        // An account that an operation before this one may create can sign with its own key only.
        var own = new WeightedSigner(SignerKey.Ed25519(rule.Source), 1);
        return signatures.Check([own], 0) ? null : new OperationResult(OperationResultCode.BadAuth);
    }

    private static byte NeededWeight(Account account, ThresholdLevel level) => level switch
    {
        ThresholdLevel.Low => account.Thresholds.Low,
        ThresholdLevel.Medium => account.Thresholds.Medium,
        _ => account.Thresholds.High,
    };
}
