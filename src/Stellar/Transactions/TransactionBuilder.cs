using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Transactions;

/// <summary>
/// Puts a transaction together. Every setting may be made once or overwritten; <see cref="Build"/> checks what the
/// network would refuse at once. Not for use by several threads at once.
/// </summary>
/// <remarks>Source: Stellar-transaction.x; CAP-21 for the preconditions.</remarks>
public sealed class TransactionBuilder
{
    /// <summary>The smallest fee for one operation that any network takes, in stroops.</summary>
    public const long MinBaseFee = 100;

    private const int MaxExtraSigners = 2;

    private readonly MuxedAccount _source;
    private readonly long _sequence;
    private readonly List<Operation> _operations = [];
    private readonly List<SignerKey> _extraSigners = [];
    private long _baseFee = MinBaseFee;
    private uint? _fee;
    private Memo _memo = Memo.None;
    private TimeBounds? _timeBounds;
    private bool _withoutTimeBounds;
    private LedgerBounds? _ledgerBounds;
    private long? _minSequence;
    private ulong _minSequenceAge;
    private uint _minSequenceLedgerGap;
    private SorobanTransactionData? _sorobanData;

    /// <summary>Begins a transaction.</summary>
    /// <param name="source">Whose sequence number it uses, and who pays its fee unless a fee-bump does.</param>
    /// <param name="sequence">The sequence number it uses: the account's present one plus one. Above zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The sequence number is zero or less.</exception>
    public TransactionBuilder(MuxedAccount source, long sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sequence);
        _source = source;
        _sequence = sequence;
    }

    /// <summary>
    /// Adds an operation; an <see cref="OperationBody"/> alone is carried out by the transaction's source.
    /// </summary>
    public TransactionBuilder Add(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        _operations.Add(operation);
        return this;
    }

    /// <summary>Adds an operation that another account carries out, which then has to sign as well.</summary>
    public TransactionBuilder Add(OperationBody body, MuxedAccount source) => Add(new Operation(source, body));

    /// <summary>The most to pay, in stroops for each operation; 100 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TransactionBuilder WithBaseFee(long stroops)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stroops);
        _baseFee = stroops;
        _fee = null;
        return this;
    }

    /// <summary>The most to pay, in stroops for the whole transaction; 0 where a fee-bump is to pay.</summary>
    public TransactionBuilder WithFee(uint stroops)
    {
        _fee = stroops;
        return this;
    }

    /// <summary>Sets the memo.</summary>
    public TransactionBuilder WithMemo(Memo memo)
    {
        ArgumentNullException.ThrowIfNull(memo);
        _memo = memo;
        return this;
    }

    /// <summary>Sets when it is valid.</summary>
    /// <param name="notBefore">The first ledger close time; null for any. Whole seconds; fractions are dropped.</param>
    /// <param name="notAfter">The last ledger close time. Whole seconds; fractions are dropped.</param>
    /// <exception cref="ArgumentException">It ends before it begins, or before 1970.</exception>
    public TransactionBuilder WithTimeBounds(DateTimeOffset? notBefore, DateTimeOffset notAfter)
    {
        var min = notBefore?.ToUnixTimeSeconds() ?? 0;
        var max = notAfter.ToUnixTimeSeconds();
        if (min < 0 || max <= 0)
        {
            throw new ArgumentException("Time bounds are after 1970.");
        }
        return WithTimeBounds(new TimeBounds((ulong)min, (ulong)max));
    }

    /// <summary>Sets when it is valid, in seconds since 1970; 0 for no bound.</summary>
    /// <exception cref="ArgumentException">It ends before it begins.</exception>
    public TransactionBuilder WithTimeBounds(TimeBounds bounds)
    {
        if (bounds.MaxTime != 0 && bounds.MinTime > bounds.MaxTime)
        {
            throw new ArgumentException("The time bounds end before they begin.", nameof(bounds));
        }
        _timeBounds = bounds;
        _withoutTimeBounds = false;
        return this;
    }

    /// <summary>
    /// Says that the transaction shall stay valid for ever. Without an end nobody can ever be sure that a transaction
    /// that got lost will not be applied after all, so this has to be said.
    /// </summary>
    public TransactionBuilder WithoutTimeBounds()
    {
        _timeBounds = null;
        _withoutTimeBounds = true;
        return this;
    }

    /// <summary>Sets in which ledgers it is valid; a maximum of 0 is none.</summary>
    /// <exception cref="ArgumentException">It ends before it begins.</exception>
    public TransactionBuilder WithLedgerBounds(uint minLedger, uint maxLedger)
    {
        if (maxLedger != 0 && minLedger > maxLedger)
        {
            throw new ArgumentException("The ledger bounds end before they begin.", nameof(maxLedger));
        }
        _ledgerBounds = new LedgerBounds(minLedger, maxLedger);
        return this;
    }

    /// <summary>Lets the account's sequence number be anything from this on, instead of exactly one less.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TransactionBuilder WithMinSequence(long sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        _minSequence = sequence;
        return this;
    }

    /// <summary>
    /// How long the account's sequence number must have been unchanged. Whole seconds; fractions are dropped.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public TransactionBuilder WithMinSequenceAge(TimeSpan age)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(age, TimeSpan.Zero);
        _minSequenceAge = (ulong)(age.Ticks / TimeSpan.TicksPerSecond);
        return this;
    }

    /// <summary>For how many ledgers the account's sequence number must have been unchanged.</summary>
    public TransactionBuilder WithMinSequenceLedgerGap(uint ledgers)
    {
        _minSequenceLedgerGap = ledgers;
        return this;
    }

    /// <summary>Adds a signer whose signature is needed besides those of the accounts; two at most.</summary>
    public TransactionBuilder WithExtraSigner(SignerKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _extraSigners.Add(key);
        return this;
    }

    /// <summary>The resources of a contract call, as simulation gave them.</summary>
    public TransactionBuilder WithSorobanData(SorobanTransactionData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        _sorobanData = data;
        return this;
    }

    /// <summary>The transaction.</summary>
    /// <exception cref="InvalidOperationException">
    /// There are no or more than 100 operations, time bounds were not spoken of, there are more than two extra signers,
    /// or the fee does not fit into 32 bits.
    /// </exception>
    public Transaction Build()
    {
        Require(_operations.Count > 0, "A transaction needs an operation.");
        Require(
            _operations.Count <= Transaction.MaxOperations,
            $"A transaction has at most {Transaction.MaxOperations} operations.");
        Require(
            _timeBounds is not null || _withoutTimeBounds,
            "Say how long the transaction is valid: WithTimeBounds, or WithoutTimeBounds for ever.");
        Require(_extraSigners.Count <= MaxExtraSigners, $"A transaction has at most {MaxExtraSigners} extra signers.");
        return new Transaction(
            _source, TotalFee(), _sequence, BuildPreconditions(), _memo, _operations.ToValueList(), _sorobanData);
    }

    private uint TotalFee()
    {
        if (_fee is { } fee)
        {
            return fee;
        }
        Require(
            _baseFee <= uint.MaxValue / _operations.Count,
            $"A fee of {_baseFee} stroops for each operation is more than a transaction can state.");
        return (uint)(_baseFee * _operations.Count);
    }

    private Preconditions BuildPreconditions()
    {
        var needsV2 = _ledgerBounds is not null || _minSequence is not null || _minSequenceAge > 0
            || _minSequenceLedgerGap > 0 || _extraSigners.Count > 0;
        if (needsV2)
        {
            return Preconditions.V2(
                _timeBounds, _ledgerBounds, _minSequence, _minSequenceAge, _minSequenceLedgerGap,
                _extraSigners.ToValueList());
        }
        return _timeBounds is { } bounds ? Preconditions.Time(bounds) : Preconditions.None;
    }

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
        {
            throw new InvalidOperationException(sentence);
        }
    }
}
