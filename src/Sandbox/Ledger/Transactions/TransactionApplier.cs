using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Applies the transactions of the ledger that is being closed.</summary>
internal sealed class TransactionApplier(LedgerState state)
{
    private readonly TransactionChecks _checks = new(state);

    /// <summary>Takes the fee at the ledger's base fee, or what is left of the balance; in stroops.</summary>
    public long TakeFee(TransactionFrame frame, long baseFee)
    {
        var payer = state.ExistingAccount(frame.FeeSource);
        var fee = Math.Min(payer.Balance, frame.ChargedFee(baseFee));
        if (fee > 0)
        {
            state.Put(payer with { Balance = payer.Balance - fee });
            state.Header = state.Header with { FeePool = state.Header.FeePool + fee };
        }

        return fee;
    }

    /// <summary>Applies a transaction whose fee was taken.</summary>
    public AppliedTransaction Apply(
        TransactionFrame frame,
        ChargedFee charged,
        IReadOnlyDictionary<AccountId, long>? highestSequences)
    {
        var start = state.Mark();
        if (frame.Inner is not null)
        {
            RemoveOneTimeSigner(frame.FeeSource, frame.PreAuthorization);
        }

        var inner = frame.Inner ?? frame;
        var run = new TransactionRun(new TransactionContext(state, inner, highestSequences));
        var code = Prepare(inner, run, isFeeBump: frame.IsFeeBump);
        var before = state.ChangesSince(start);
        if (code == TransactionResultCode.Success)
        {
            code = run.ApplyOperations();
        }

        var innerFee = frame.IsFeeBump ? inner.ChargedFee(charged.BaseFee) : charged.Fee;
        var result = Results.Of(code, innerFee, run.Results);
        return new AppliedTransaction(
            frame, frame.IsFeeBump ? Results.Around(inner, result, charged.Fee) : result)
        {
            FeeChanges = charged.Changes,
            ChangesBefore = before,
            OperationChanges = run.Changes,
        };
    }

    /// <summary>Checks the transaction, and uses up its sequence number and its one-time signers.</summary>
    private TransactionResultCode Prepare(TransactionFrame frame, TransactionRun run, bool isFeeBump)
    {
        var signatures = new SignatureChecker(frame.ContentsHash, frame.Verifier);
        var mode = new CheckMode(ValidationTime.Applying(state.Header), IsApplying: true, PaysFee: !isFeeBump);
        var (validity, code) = _checks.Check(frame, signatures, mode);
        if (validity >= Validity.InvalidButUpdatesSequence)
        {
            var source = state.ExistingAccount(frame.Source);
            state.Put(SequenceRules.WithSequence(state.Header, source, frame.Sequence));
        }

        var areSigned = validity == Validity.Valid && run.CheckSignatures(signatures);
        RemoveOneTimeSigners(frame);
        return validity != Validity.Valid ? code
            : !areSigned ? TransactionResultCode.Failed
            : !signatures.AreAllUsed ? TransactionResultCode.BadAuthExtra
            : TransactionResultCode.Success;
    }

    private void RemoveOneTimeSigners(TransactionFrame frame)
    {
        RemoveOneTimeSigner(frame.Source, frame.PreAuthorization);
        foreach (var operation in frame.Transaction.Operations.AsSpan())
        {
            if (operation.Source is { } source && source.AccountId != frame.Source)
            {
                RemoveOneTimeSigner(source.AccountId, frame.PreAuthorization);
            }
        }
    }

    private void RemoveOneTimeSigner(AccountId account, SignerKey signer) =>
        new SignerReserves(state, new Sponsorships()).RemoveIfPresent(account, signer);
}

/// <summary>
/// The fee of one transaction in stroops, the base fee that it came from, and what taking it changed.
/// </summary>
internal sealed record ChargedFee(long Fee, long BaseFee, IReadOnlyList<EntryChange> Changes);
