using System.Globalization;
using System.Text.Json.Serialization;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// What a write of an owner books of one ledger: an event, <c>{kind}.booked</c>, that goes with the write and of which the journal is made
/// (docs/books.md). Its names are a contract.
/// </summary>
/// <param name="Ledger">The ledger's sequence.</param>
/// <param name="ClosedAt">When it closed.</param>
/// <param name="Address">The owner's account.</param>
/// <param name="Moves">What it did to the account.</param>
internal sealed record BookedMark(long Ledger, DateTimeOffset ClosedAt, string Address, List<BookedMove> Moves);

/// <summary>One thing that a ledger did to an owner's account.</summary>
/// <param name="Kind">What it was, as the journal's templates name it (<see cref="BookedKind"/>).</param>
/// <param name="Asset">The asset in canonical form.</param>
/// <param name="Stroops">How much.</param>
/// <param name="In">Whether the account has more by it, or less.</param>
/// <param name="OperationId">Where the ledger holds it (SEP-35), and the number there; null where it is the sum of several.</param>
/// <param name="TransactionHash">The transaction; null where it is the sum of several.</param>
internal sealed record BookedMove(
    string Kind, string Asset, [property: JsonIgnore] long Stroops, bool In, string? OperationId = null, string? TransactionHash = null)
{
    /// <summary>How much, as a decimal string.</summary>
    public string Amount => Money.Amount.Format(Stroops);
}

/// <summary>What a move was.</summary>
internal static class BookedKind
{
    /// <summary>The account got something.</summary>
    public const string Received = "received";

    /// <summary>The account paid.</summary>
    public const string Sent = "sent";

    /// <summary>The account paid for a transaction.</summary>
    public const string Fee = "fee";

    /// <summary>An issuer took something of the account's.</summary>
    public const string ClawedBack = "clawed_back";

    /// <summary>The account made a claimable balance.</summary>
    public const string SetAside = "set_aside";

    /// <summary>A claimable balance that the account made is no more.</summary>
    public const string Claimed = "claimed";

    /// <summary>The account paid back what had been set aside for it.</summary>
    public const string Refunded = "refunded";

    private const string Clawback = "clawback";
    private const string Creation = "create_claimable_balance";

    /// <summary>What it is for an account that something leaves it.</summary>
    public static string OfPayer(LedgerOperation operation) => operation.Type switch
    {
        Clawback => ClawedBack,
        Creation => SetAside,
        _ => Sent,
    };
}

/// <summary>Notes what a write books.</summary>
internal static class Bookings
{
    /// <summary>Whether an operation ended a claimable balance, whose creator is no more to have it back.</summary>
    public static bool EndsBalance(LedgerOperation operation) => operation is { BalanceId: not null, Claimants: null };

    /// <summary>Books what a transaction cost an account.</summary>
    public static void BookFee(this IInboxState state, string address, LedgerOutcome outcome) => state.Book(
        address, outcome.Ledger, outcome.ClosedAt,
        new BookedMove(
            BookedKind.Fee, Asset.Native.Canonical, outcome.FeeStroops, In: false, IdOf(new LedgerPlace(outcome.PagingToken, 0)),
            outcome.TransactionHash));

    /// <summary>Books what an operation did. Of dust that came by one ledger the sum is told.</summary>
    public static void Book(
        this IInboxState state, string address, LedgerOperation operation, LedgerPlace place, string kind, Amount amount)
    {
        var incoming = kind == BookedKind.Received;
        var isDust = incoming && Dust.Is(amount.Stroops);
        state.Book(address, operation.Ledger, operation.ClosedAt, new BookedMove(
            kind, amount.Asset.Canonical, amount.Stroops, incoming, isDust ? null : IdOf(place),
            isDust ? null : operation.TransactionHash));
    }

    private static void Book(this IInboxState state, string address, long ledger, DateTimeOffset closedAt, BookedMove move)
    {
        var booked = state.Marks().Booked;
        // Rows come in the ledger's order, but those that had been parked.
        if (booked is not [.., { } last] || last.Ledger != ledger)
        {
            booked.Add(last = new BookedMark(ledger, closedAt, address, []));
        }

        var same = move.OperationId is null
            ? last.Moves.FindIndex(other => other.OperationId is null && other.Asset == move.Asset)
            : -1;
        if (same >= 0)
        {
            last.Moves[same] = last.Moves[same] with { Stroops = checked(last.Moves[same].Stroops + move.Stroops) };
        }
        else
        {
            last.Moves.Add(move);
        }
    }

    private static string IdOf(LedgerPlace place) =>
        string.Create(CultureInfo.InvariantCulture, $"{place.Token}-{place.Number}");
}
