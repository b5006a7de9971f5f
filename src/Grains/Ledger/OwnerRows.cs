using System.Text.Json;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// What one owner tells another, in the statement that stores its own state: a session its verdict on a payment that the merchant
/// books. It is told once and taken in once, in the order of its sender, and has no place in the ledger.
/// </summary>
/// <param name="Sender">Who wrote it.</param>
/// <param name="Version">The version of the sender's state with which it was written.</param>
/// <param name="Number">Its number in that write, from 1.</param>
/// <param name="About">The movement of which it speaks; null where of none. Its receiver gets it once he has booked that.</param>
/// <param name="Content">What it says.</param>
/// <param name="IsMovementClosed">Whether an operator closed the movement of which it speaks: its receiver never books that.</param>
public sealed record OwnerRow(
    LedgerOwner Sender, int Version, int Number, LedgerPlace? About, JsonElement Content, bool IsMovementClosed = false);

/// <summary>What is told to another owner.</summary>
/// <param name="Kind">The name of the receiver's state.</param>
/// <param name="Key">The receiver's key.</param>
/// <param name="Content">What is said.</param>
/// <param name="Token">The place of the movement of which it speaks; null where of none.</param>
/// <param name="Number">The number at that place.</param>
internal sealed record SentRow(string Kind, string Key, JsonElement Content, long? Token = null, int? Number = null)
{
    /// <summary>What is told of a movement.</summary>
    public static SentRow Of(LedgerOwner to, JsonElement content, LedgerPlace? about = null) =>
        new(to.Kind, to.Key, content, about?.Token, about?.Number);
}

/// <summary>A row of another owner that is taken in.</summary>
internal sealed record ReceivedMark(string Kind, string Key, int Version, int Number)
{
    public static ReceivedMark Of(OwnerRow row) => new(row.Sender.Kind, row.Sender.Key, row.Version, row.Number);
}

/// <summary>A row of another owner that could not be taken in.</summary>
internal sealed record SetAsideMark(string Kind, string Key, int Version, int Number, string Error);

/// <summary>What became of a row that was set aside: <c>applied</c>, <c>closed</c>, or <c>waiting</c> still, tried in vain.</summary>
internal sealed record ResolvedRowMark(
    string Kind, string Key, int Version, int Number, string Status, string By, string? Error = null);

/// <summary>A number that names its owner at an address of another.</summary>
internal sealed record PayToMark(string Address, long Number);

/// <summary>Whom a movement says it is for, besides the owner of the address.</summary>
/// <param name="Address">Where it went.</param>
/// <param name="Number">The number that names somebody there.</param>
/// <param name="Key">Whom the number has to name; null where only the number was given.</param>
public readonly record struct NamedPayee(string Address, long Number, string? Key);
