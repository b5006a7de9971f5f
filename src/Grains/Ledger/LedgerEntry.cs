using StellarPay.Grains.Money;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Ledger;

/// <summary>Whose something is: the name of the owner's state, which says what kind of grain it is, and its key.</summary>
/// <param name="Kind">The state's name, such as <c>wallet</c>.</param>
/// <param name="Key">The grain's key.</param>
public sealed record LedgerOwner(string Kind, string Key);

/// <summary>
/// One thing that a ledger holds for owners of ours: how a transaction ended, one movement, or an operation that cannot be
/// understood. Exactly one of the three.
/// </summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Outcome">How a transaction ended.</param>
/// <param name="Movement">What an operation moved: one movement at most.</param>
/// <param name="Unread">What could not be understood.</param>
/// <param name="Witness">
/// Who besides the owner of its address was given it, for it names him there (<c>pay_to</c>): as that was decided when it was delivered,
/// and never again. Null for nobody, and before it is delivered.
/// </param>
public sealed record LedgerEntry(
    LedgerPlace Place, LedgerOutcome? Outcome = null, LedgerOperation? Movement = null, UnreadOperation? Unread = null,
    string? Witness = null)
{
    /// <summary>Every address that it concerns, each once, and whether it gave the address something.</summary>
    public IEnumerable<NamedAddress> Addresses() => this switch
    {
        { Outcome: { } outcome } => outcome.Sources.Append(outcome.FeeAccount).Distinct(StringComparer.Ordinal)
            .Select(address => new NamedAddress(address, Credited: false)),
        { Movement: { } movement } => movement.Accounts().Distinct(StringComparer.Ordinal)
            .Select(address => new NamedAddress(address, Credited: address == movement.To)),
        // Nobody knows what it gave whom.
        _ => Unread!.Accounts.Distinct(StringComparer.Ordinal).Select(address => new NamedAddress(address, Credited: true)),
    };

    /// <summary>What it did to each account. What cannot be understood did nothing that is known.</summary>
    public IEnumerable<LedgerEffect> Effects()
    {
        if (Outcome is { FeeStroops: > 0 } outcome)
        {
            yield return new LedgerEffect(
                outcome.FeeAccount, BookedKind.Fee, new Amount(Asset.Native, outcome.FeeStroops), outcome.ClosedAt);
        }

        foreach (var moved in Movement?.Movements() ?? [])
        {
            if (moved is { From: { } from, Sent.Stroops: > 0 })
            {
                yield return new LedgerEffect(from, BookedKind.OfPayer(Movement!), moved.Sent, Movement!.ClosedAt);
            }

            if (moved is { To: { } to, Received.Stroops: > 0 })
            {
                yield return new LedgerEffect(to, BookedKind.Received, moved.Received, Movement!.ClosedAt);
            }
        }
    }

    /// <summary>Whom it says it is for, besides the owner of the address to which it went; null for nobody.</summary>
    public NamedPayee? Payee() => Movement is { } movement ? PayToNames.Of(movement) : null;
}

/// <summary>What an entry did to an account.</summary>
/// <param name="Address">The account's address.</param>
/// <param name="Kind">What it was: <c>received</c>, or how it left.</param>
/// <param name="Amount">How much.</param>
/// <param name="ClosedAt">When the ledger closed.</param>
public readonly record struct LedgerEffect(string Address, string Kind, Amount Amount, DateTimeOffset ClosedAt)
{
    /// <summary>How the account's balance changed, in stroops.</summary>
    public long Change => Kind == BookedKind.Received ? Amount.Stroops : checked(-Amount.Stroops);
}

/// <summary>An address that an entry names.</summary>
/// <param name="Address">The account's address.</param>
/// <param name="Credited">Whether the entry gave it something, or may have.</param>
public readonly record struct NamedAddress(string Address, bool Credited);

/// <summary>How a transaction of ours ended; also one that moved nothing, and one that failed.</summary>
/// <param name="PagingToken">The transaction's place in the ledger's order (SEP-35).</param>
/// <param name="TransactionHash">Its hash in lower-case hex; the fee-bump's where it is one.</param>
/// <param name="InnerTransactionHash">The inner transaction's hash where it was fee-bumped, else null.</param>
/// <param name="Successful">Whether its operations took effect. If not, it used its sequence number and paid its fee.</param>
/// <param name="Source">The account whose sequence number it used.</param>
/// <param name="SequenceNumber">That number.</param>
/// <param name="Sources">That account and those of its operations, each once.</param>
/// <param name="Code">Stellar's result code of a failure; null for a success.</param>
/// <param name="OperationCodes">The result code of each operation, where it failed because of some; else null.</param>
/// <param name="FeeAccount">Who paid the fee.</param>
/// <param name="FeeStroops">The fee paid, in stroops.</param>
/// <param name="Ledger">The ledger's sequence.</param>
/// <param name="ClosedAt">When the ledger closed.</param>
public sealed record LedgerOutcome(
    long PagingToken,
    string TransactionHash,
    string? InnerTransactionHash,
    bool Successful,
    string Source,
    long SequenceNumber,
    string[] Sources,
    string? Code,
    string[]? OperationCodes,
    string FeeAccount,
    long FeeStroops,
    long Ledger,
    DateTimeOffset ClosedAt)
{
    /// <summary>The hash by which whoever signed it looks for it, whatever fee-bump the ledger took.</summary>
    public string LookUpHash => InnerTransactionHash ?? TransactionHash;
}
