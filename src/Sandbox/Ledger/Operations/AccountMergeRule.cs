using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class AccountMergeRule(OperationContext context, AccountMergeOperation operation)
    : OperationRule<AccountMergeResultCode>(context)
{
    public override ThresholdLevel Threshold => ThresholdLevel.High;

    private AccountId Destination => operation.Destination.AccountId;

    public override OperationResult? Check() =>
        Destination == Source ? Fail(AccountMergeResultCode.Malformed) : null;

    public override OperationResult Apply()
    {
        if (State.Account(Destination) is null)
        {
            return Fail(AccountMergeResultCode.NoAccount);
        }

        if (FaultOf(SourceAccount) is { } fault)
        {
            return Fail(fault);
        }

        while (SourceAccount.Signers.Count > 0)
        {
            Context.Transaction.SignerReserves.RemoveAt(Source, SourceAccount.Signers.Count - 1);
        }

        var balance = SourceAccount.Balance;
        if (!HoldingOf(Destination, Asset.Native).TryAdd(balance))
        {
            return Fail(AccountMergeResultCode.DestFull);
        }

        var merged = SourceAccount;
        Context.Transaction.Reserves.Remove(merged, Source);
        State.Erase(merged);
        return new AccountMergeResult(AccountMergeResultCode.Success, balance);
    }

    protected override OperationResultBody ResultOf(AccountMergeResultCode code) =>
        new AccountMergeResult(code, code == AccountMergeResultCode.Success ? 0 : null);

    private AccountMergeResultCode? FaultOf(Account account)
    {
        if (account.Has(AccountFlags.AuthImmutable))
        {
            return AccountMergeResultCode.ImmutableSet;
        }

        if (account.SubEntries != account.Signers.Count)
        {
            return AccountMergeResultCode.HasSubEntries;
        }

        // An account made anew must not fall back behind its old sequence number, nor behind one in this ledger.
        var next = SequenceRules.StartingSequence(Header.Sequence);
        var highest = Context.Transaction.HighestSequences;
        if (account.Sequence >= next || (highest is not null && highest.GetValueOrDefault(Source) >= next))
        {
            return AccountMergeResultCode.SeqnumTooFar;
        }

        return Context.Transaction.Sponsorships.IsSponsor(Source) || account.Sponsoring > 0
            ? AccountMergeResultCode.IsSponsor
            : null;
    }
}
