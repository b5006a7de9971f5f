using StellarPay.Grains.Merchants;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform.Suspense;

namespace StellarPay.Grains.Ledger;

/// <summary>The state of an owner of addresses: up to where it has drained, and what its next write does to its inbox.</summary>
internal interface IInboxState
{
    /// <summary>The last place that was taken in or parked; rows at or before it are none of the inbox's any more.</summary>
    LedgerPlace Drained { get; set; }

    /// <summary>What the write under way does to the inbox; null where nothing. Storage takes it out.</summary>
    InboxMarks? Inbox { get; set; }

    /// <summary>What the write under way does to the inbox, to add to.</summary>
    InboxMarks Marks() => Inbox ??= new InboxMarks();
}

/// <summary>
/// What a write of an owner's state does to its inbox and its addresses, in the same statement. Detached by storage, never
/// part of what is stored.
/// </summary>
[GenerateSerializer, Alias("sp.InboxMarks")]
internal sealed class InboxMarks
{
    /// <summary>The rows that it takes in, as token and number. All must be there, or the write is refused.</summary>
    [Id(0)] public List<long[]> Consumed { get; set; } = [];

    /// <summary>Those among them that could not be taken in.</summary>
    [Id(1)] public List<ParkingMark> Parking { get; set; } = [];

    /// <summary>What became of rows that were parked earlier.</summary>
    [Id(2)] public List<ResolvingMark> Resolving { get; set; } = [];

    /// <summary>Addresses that are this owner's, or another's whom it names, from now on.</summary>
    [Id(3)] public List<AddressMark> Addresses { get; set; } = [];

    /// <summary>Deposits among the rows taken in that are not known to be anybody's yet.</summary>
    [Id(4)] public List<DepositMark> Suspended { get; set; } = [];

    /// <summary>Such deposits that move on. Each must stand where it is thought to, or the write is refused.</summary>
    [Id(5)] public List<DepositMove> Moved { get; set; } = [];

    /// <summary>By which numbers this owner is named at addresses of others from now on: as a witness of what is paid there.</summary>
    [field: NonSerialized] public List<PayToMark> PayTo { get; set; } = [];

    /// <summary>What it tells other owners. Whoever writes it pokes them afterwards; should it not come to that, the sweep does.</summary>
    [field: NonSerialized] public List<SentRow> Sent { get; set; } = [];

    /// <summary>What others told it that it takes in. All must be there, or the write is refused.</summary>
    [field: NonSerialized] public List<ReceivedMark> Received { get; set; } = [];

    /// <summary>What others told it that it could not take in.</summary>
    [field: NonSerialized] public List<SetAsideMark> SetAside { get; set; } = [];

    /// <summary>What became of rows of others that it had set aside.</summary>
    [field: NonSerialized] public List<ResolvedRowMark> ResolvedRows { get; set; } = [];

    /// <summary>What among the rows taken in names nobody; of dust the sum. None must be there yet.</summary>
    [field: NonSerialized] public List<UnmatchedReceipt> Receipts { get; set; } = [];

    /// <summary>Such receipts that move on. Each must stand where it is thought to, or the write is refused.</summary>
    [field: NonSerialized] public List<ReceiptMove> ReceiptMoves { get; set; } = [];

    /// <summary>What of the ledger it books, for the journal.</summary>
    [field: NonSerialized] public List<BookedMark> Booked { get; set; } = [];
}

/// <summary>A row that could not be taken in.</summary>
[GenerateSerializer, Immutable, Alias("sp.ParkingMark")]
internal sealed record ParkingMark(
    [property: Id(0)] long Token, [property: Id(1)] int Number, [property: Id(2)] string Error, [property: Id(3)] DateTimeOffset At);

/// <summary>What became of a parked row: <c>applied</c>, <c>closed</c>, or <c>parked</c> still, tried in vain.</summary>
[GenerateSerializer, Immutable, Alias("sp.ResolvingMark")]
internal sealed record ResolvingMark(
    [property: Id(0)] long Token, [property: Id(1)] int Number, [property: Id(2)] string Status, [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] string By, [property: Id(5)] string? Error = null);

/// <summary>An address, and whose it is where not the writer's; perhaps for what comes to it alone.</summary>
[GenerateSerializer, Immutable, Alias("sp.AddressMark")]
internal sealed record AddressMark(
    [property: Id(0)] string Address, [property: Id(1)] string? Kind = null, [property: Id(2)] string? Key = null,
    [property: Id(3)] bool CreditsOnly = false);
