namespace StellarPay.Stellar.Xdr;

/// <summary>The kinds of claim predicates.</summary>
public enum ClaimPredicateType
{
    /// <summary>Always true.</summary>
    Unconditional = 0,

    /// <summary>Both.</summary>
    And = 1,

    /// <summary>Either.</summary>
    Or = 2,

    /// <summary>Not.</summary>
    Not = 3,

    /// <summary>Before a moment.</summary>
    BeforeAbsoluteTime = 4,

    /// <summary>Before an age.</summary>
    BeforeRelativeTime = 5,
}

/// <summary>When a claimant may claim (CAP-23). XDR's <c>ClaimPredicate</c>. Shapes that the ledger refuses (deeper
/// than 4, not exactly two operands, no operand, negative times) still have XDR; see <see cref="IsValid"/>.</summary>
public abstract record ClaimPredicate : IXdr<ClaimPredicate>
{
    /// <summary>How deep the ledger lets predicates nest.</summary>
    public const int MaxLedgerDepth = 4;

    private protected ClaimPredicate()
    {
    }

    /// <summary>The kind.</summary>
    public abstract ClaimPredicateType Type { get; }

    /// <summary>Whether the ledger accepts it.</summary>
    public bool IsValid => IsValidAt(1);

    /// <inheritdoc/>
    public static ClaimPredicate Read(ref XdrReader reader)
    {
        reader.Enter();
        var type = reader.ReadEnum<ClaimPredicateType>();
        ClaimPredicate predicate = type switch
        {
            ClaimPredicateType.Unconditional => ClaimUnconditional.Instance,
            ClaimPredicateType.And => new ClaimAnd(reader.ReadList<ClaimPredicate>(2)),
            ClaimPredicateType.Or => new ClaimOr(reader.ReadList<ClaimPredicate>(2)),
            ClaimPredicateType.Not => new ClaimNot(reader.ReadOptional<ClaimPredicate>()),
            ClaimPredicateType.BeforeAbsoluteTime => new ClaimBeforeAbsoluteTime(reader.ReadInt64()),
            ClaimPredicateType.BeforeRelativeTime => new ClaimBeforeRelativeTime(reader.ReadInt64()),
            _ => throw XdrException.Discriminant("claim predicate type", (int)type),
        };
        reader.Leave();
        return predicate;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        WriteBody(writer);
    }

    internal bool IsValidAt(int depth) => depth <= MaxLedgerDepth && IsValidBody(depth);

    private protected static bool AreTwoValid(ValueList<ClaimPredicate> operands, int depth) =>
        operands.Count == 2 && operands[0].IsValidAt(depth + 1) && operands[1].IsValidAt(depth + 1);

    private protected abstract bool IsValidBody(int depth);

    private protected abstract void WriteBody(XdrWriter writer);
}

/// <summary>Always true.</summary>
public sealed record ClaimUnconditional : ClaimPredicate
{
    private ClaimUnconditional()
    {
    }

    /// <summary>The one value.</summary>
    public static ClaimUnconditional Instance { get; } = new();

    /// <inheritdoc/>
    public override ClaimPredicateType Type => ClaimPredicateType.Unconditional;

    private protected override bool IsValidBody(int depth) => true;

    private protected override void WriteBody(XdrWriter writer)
    {
    }
}

/// <summary>True if all operands are.</summary>
/// <param name="Operands">The ledger wants two.</param>
public sealed record ClaimAnd(ValueList<ClaimPredicate> Operands) : ClaimPredicate
{
    /// <inheritdoc/>
    public override ClaimPredicateType Type => ClaimPredicateType.And;

    private protected override bool IsValidBody(int depth) => AreTwoValid(Operands, depth);

    private protected override void WriteBody(XdrWriter writer) => writer.WriteList(Operands, 2);
}

/// <summary>True if some operand is.</summary>
/// <param name="Operands">The ledger wants two.</param>
public sealed record ClaimOr(ValueList<ClaimPredicate> Operands) : ClaimPredicate
{
    /// <inheritdoc/>
    public override ClaimPredicateType Type => ClaimPredicateType.Or;

    private protected override bool IsValidBody(int depth) => AreTwoValid(Operands, depth);

    private protected override void WriteBody(XdrWriter writer) => writer.WriteList(Operands, 2);
}

/// <summary>True if the operand isn't.</summary>
/// <param name="Operand">The ledger wants one.</param>
public sealed record ClaimNot(ClaimPredicate? Operand) : ClaimPredicate
{
    /// <inheritdoc/>
    public override ClaimPredicateType Type => ClaimPredicateType.Not;

    private protected override bool IsValidBody(int depth) => Operand is not null && Operand.IsValidAt(depth + 1);

    private protected override void WriteBody(XdrWriter writer) => writer.WriteOptional(Operand);
}

/// <summary>True in ledgers that close before a moment.</summary>
/// <param name="UnixSeconds">The moment in Unix seconds; the ledger wants 0 or more.</param>
public sealed record ClaimBeforeAbsoluteTime(long UnixSeconds) : ClaimPredicate
{
    /// <inheritdoc/>
    public override ClaimPredicateType Type => ClaimPredicateType.BeforeAbsoluteTime;

    private protected override bool IsValidBody(int depth) => UnixSeconds >= 0;

    private protected override void WriteBody(XdrWriter writer) => writer.WriteInt64(UnixSeconds);
}

/// <summary>True until a time after the balance was created. The ledger stores it as an absolute time.</summary>
/// <param name="Seconds">The time in seconds; the ledger wants 0 or more.</param>
public sealed record ClaimBeforeRelativeTime(long Seconds) : ClaimPredicate
{
    /// <inheritdoc/>
    public override ClaimPredicateType Type => ClaimPredicateType.BeforeRelativeTime;

    private protected override bool IsValidBody(int depth) => Seconds >= 0;

    private protected override void WriteBody(XdrWriter writer) => writer.WriteInt64(Seconds);
}
