using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>The operations of one transaction while they are applied: all of them, or none.</summary>
internal sealed class TransactionRun
{
    private readonly TransactionContext _context;
    private readonly OperationRule[] _rules;
    private readonly OperationResult[] _results;
    private readonly List<IReadOnlyList<EntryChange>> _changes = [];

    public TransactionRun(TransactionContext context)
    {
        _context = context;
        _rules = OperationRules.Of(context);
        _results = Array.ConvertAll(_rules, rule => rule.Untouched);
    }

    public IReadOnlyList<OperationResult> Results => _results;

    /// <summary>What each operation changed, if all succeeded.</summary>
    public IReadOnlyList<IReadOnlyList<EntryChange>> Changes => _changes;

    private LedgerState State => _context.State;

    public bool CheckSignatures(SignatureChecker signatures)
    {
        var areValid = true;
        for (var i = 0; i < _rules.Length; i++)
        {
            var operation = _context.Frame.Transaction.Operations[i];
            if (OperationChecks.CheckSignatures(_rules[i], operation, State, signatures) is { } failure)
            {
                _results[i] = failure;
                areValid = false;
            }
        }

        return areValid;
    }

    /// <summary>
    /// Applies the operations in order. After a failure the others are still tried, for their results, and then
    /// everything is taken back.
    /// </summary>
    public TransactionResultCode ApplyOperations()
    {
        var start = State.Mark();
        TransactionResultCode code;
        try
        {
            code = ApplyAll();
        }
        catch (LedgerFault)
        {
            // As on the network: the transaction has no effect but its fee and sequence number.
            code = TransactionResultCode.InternalError;
        }

        if (code != TransactionResultCode.Success)
        {
            _changes.Clear();
            State.RollBackTo(start);
        }

        return code;
    }

    private TransactionResultCode ApplyAll()
    {
        var isSuccess = true;
        for (var i = 0; i < _rules.Length; i++)
        {
            var mark = State.Mark();
            _results[i] = OperationChecks.ForApplication(_rules[i], State) ?? _rules[i].Apply();
            if (!_results[i].IsSuccess)
            {
                isSuccess = false;
                State.RollBackTo(mark);
            }
            else if (isSuccess)
            {
                _changes.Add(State.ChangesSince(mark));
            }
        }

        return !isSuccess ? TransactionResultCode.Failed
            : _context.Sponsorships.IsEmpty ? TransactionResultCode.Success
            : TransactionResultCode.BadSponsorship;
    }
}
