using System.Security.Cryptography;
using System.Text;
using StellarPay.Sandbox.Ledger;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Ledger;

/// <summary>A small network whose accounts have names; each submission that is accepted closes a ledger.</summary>
internal sealed class TestLedger
{
    public const long Lumen = 10_000_000;
    public const ulong Interval = 5;

    public static readonly StellarNetwork Network = new("Ledger tests");

    private readonly Dictionary<string, SigningKey> _keys = [];
    private readonly List<AppliedTransaction> _history = [];

    public TestLedger(uint maxTxSetSize = 1000)
    {
        State = Genesis.Create(Id("root"), new GenesisOptions { CloseTime = 1_000_000, MaxTxSetSize = maxTxSetSize });
        Validator = new TransactionValidator(State);
        Queue = new TransactionQueue(State, Validator);
        Closer = new LedgerCloser(State);
    }

    public LedgerState State { get; }

    public TransactionValidator Validator { get; }

    public TransactionQueue Queue { get; }

    public LedgerCloser Closer { get; }

    /// <summary>Every transaction that was applied, in order.</summary>
    public IReadOnlyList<AppliedTransaction> History => _history;

    public ValidationTime Now => ValidationTime.ForNextLedger(State.Header, State.Header.CloseTime, Interval);

    public SigningKey Key(string name)
    {
        if (!_keys.TryGetValue(name, out var key))
        {
            key = SigningKey.FromSeed(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
            _keys.Add(name, key);
        }

        return key;
    }

    public AccountId Id(string name) => Key(name).AccountId;

    public Asset Asset(string code, string issuer) => StellarPay.Stellar.Xdr.Asset.Credit(code, Id(issuer));

    public Account Account(string name) => State.Account(Id(name)).ShouldNotBeNull();

    public TestLedger Create(params string[] names)
    {
        foreach (var name in names)
        {
            Succeed("root", new CreateAccountOperation(Id(name), 1000 * Lumen));
        }

        return this;
    }

    public TestLedger Trust(Asset asset, params string[] holders)
    {
        foreach (var holder in holders)
        {
            Succeed(holder, new ChangeTrustOperation(asset, long.MaxValue));
        }

        return this;
    }

    public TestLedger Issue(Asset asset, string issuer, string holder, long amount)
    {
        Succeed(issuer, new PaymentOperation(Id(holder), asset, amount));
        return this;
    }

    /// <summary>Leaves an account its reserve for so many entries and fees for a few transactions.</summary>
    public TestLedger Drain(string name, long entries)
    {
        const long Fees = 10_000;
        var kept = (entries * State.Header.BaseReserve) + Fees;
        var rest = Account(name).Balance - kept;
        Succeed(name, new PaymentOperation(Id("root"), StellarPay.Stellar.Xdr.Asset.Native, rest));
        return this;
    }

    /// <summary>An operation with a source of its own.</summary>
    public Operation By(string source, OperationBody body) => new(Id(source), body);

    public Transaction Transaction(string source, params Operation[] operations) => new(
        Id(source),
        (uint)(100 * Math.Max(1, operations.Length)),
        Account(source).Sequence + 1,
        Preconditions.None,
        Memo.None,
        operations.ToValueList());

    public TransactionFrame Signed(Transaction transaction, params string[] signers)
    {
        var envelope = new TransactionV1Envelope(transaction, []);
        foreach (var signer in signers)
        {
            envelope = envelope.AddSignature(Network, Key(signer));
        }

        return new TransactionFrame(Network.Id, envelope);
    }

    public TransactionFrame Bumped(TransactionFrame inner, string feeSource, long fee)
    {
        var bump = new FeeBumpTransaction(Id(feeSource), fee, (TransactionV1Envelope)inner.Envelope);
        return new TransactionFrame(
            Network.Id, new FeeBumpTransactionEnvelope(bump, []).AddSignature(Network, Key(feeSource)));
    }

    public Submission Submit(TransactionFrame frame) => Queue.TryAdd(frame, Now);

    public ClosedLedger Close()
    {
        var closeTime = State.Header.CloseTime + Interval;
        var closed = Closer.Close(closeTime, Queue.ChooseFor(closeTime));
        _history.AddRange(closed.Transactions);
        Queue.LedgerClosed(closed.Transactions.Select(applied => applied.Frame), Now);
        LedgerInvariants.Violations(State).ShouldBeEmpty();
        return closed;
    }

    /// <summary>Submits a transaction that is accepted, and closes its ledger.</summary>
    public AppliedTransaction Apply(TransactionFrame frame)
    {
        Submit(frame).ShouldBe(Submission.Pending);
        return Close().Transactions.ShouldHaveSingleItem();
    }

    public AppliedTransaction Apply(string source, params Operation[] operations)
    {
        var others = operations
            .Where(operation => operation.Source is not null)
            .Select(operation => NameOf(operation.Source!.Value.AccountId));
        return Apply(Signed(Transaction(source, operations), [.. others.Append(source).Distinct()]));
    }

    public AppliedTransaction Succeed(string source, params Operation[] operations)
    {
        var applied = Apply(source, operations);
        applied.IsSuccess.ShouldBeTrue(applied.Result.ToString());
        return applied;
    }

    /// <summary>The result of the first operation that fails in a ledger.</summary>
    public OperationResult Fail(string source, params Operation[] operations) =>
        Apply(source, operations).OperationResults.First(result => !result.IsSuccess);

    public TransactionResult Refused(TransactionFrame frame)
    {
        var submission = Submit(frame);
        submission.Status.ShouldBe(SubmissionStatus.Error);
        return submission.Result.ShouldNotBeNull();
    }

    private string NameOf(AccountId account) => _keys.First(pair => pair.Value.AccountId == account).Key;
}
