using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

/// <summary>Which of an account's thresholds an operation needs.</summary>
internal enum ThresholdLevel
{
    Low,
    Medium,
    High,
}

/// <summary>The rules of one operation of one transaction.</summary>
internal abstract class OperationRule(OperationContext context)
{
    public virtual ThresholdLevel Threshold => ThresholdLevel.Medium;

    public virtual bool IsSupported => true;

    /// <summary>The result that an operation has that nobody looked at: success, with nothing in it.</summary>
    public abstract OperationResult Untouched { get; }

    public AccountId Source => context.Source;

    protected OperationContext Context => context;

    protected LedgerState State => context.State;

    protected HeaderState Header => context.State.Header;

    protected Account SourceAccount => State.ExistingAccount(Source);

    /// <summary>What is wrong with the operation whatever the ledger; null if nothing.</summary>
    public abstract OperationResult? Check();

    /// <summary>Changes the ledger. What an operation changed that then fails, the caller takes back.</summary>
    public abstract OperationResult Apply();

    protected Holding HoldingOf(AccountId account, Asset asset) => new(State, account, asset);
}

/// <summary>The rules of an operation whose result has codes of this type; zero is success.</summary>
internal abstract class OperationRule<TCode>(OperationContext context) : OperationRule(context)
    where TCode : struct, Enum
{
    public override OperationResult Untouched => ResultOf(default);

    protected OperationResult Success => ResultOf(default);

    protected abstract OperationResultBody ResultOf(TCode code);

    protected OperationResult Fail(TCode code) => ResultOf(code);

    protected OperationResult Fail(ReserveResult result, TCode lowReserve) => result switch
    {
        ReserveResult.LowReserve => Fail(lowReserve),
        ReserveResult.TooManySubEntries => new OperationResult(OperationResultCode.TooManySubentries),
        ReserveResult.TooManySponsoring => new OperationResult(OperationResultCode.TooManySponsoring),
        _ => throw new LedgerFault("a reserve that was taken is no failure"),
    };
}
