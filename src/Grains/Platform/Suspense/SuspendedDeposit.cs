using System.Text.Json;
using System.Text.Json.Serialization;

namespace StellarPay.Grains.Platform.Suspense;

/// <summary>Where a suspended deposit stands.</summary>
[GenerateSerializer, Alias("sp.SuspenseStatus")]
public enum SuspenseStatus
{
    /// <summary>Nobody has decided.</summary>
    Open,

    /// <summary>The transaction that hands it on is stored and under way.</summary>
    Sending,

    /// <summary>A user's wallet has it.</summary>
    Assigned,

    /// <summary>Its sender has it back.</summary>
    Returned,

    /// <summary>It is the platform's own.</summary>
    Kept,
}

/// <summary>A deposit to an account of the platform that nobody was expecting.</summary>
/// <param name="Id"><c>sus_</c> and the operation's place in the ledger's order.</param>
/// <param name="PagingToken">That place (SEP-35).</param>
/// <param name="Ledger">The ledger's sequence.</param>
/// <param name="TransactionHash">Its transaction.</param>
/// <param name="Account">The platform's account that has it.</param>
/// <param name="AccountKey">That account's grain.</param>
/// <param name="Asset">What it is, in canonical form.</param>
/// <param name="Stroops">How much.</param>
/// <param name="Sender">Who sent it; null where the ledger names nobody.</param>
/// <param name="SenderMuxed">The sender's <c>M…</c> address where one was used.</param>
/// <param name="AccountMuxed">Our account's <c>M…</c> address where one was used.</param>
/// <param name="Memo">The transaction's memo as text, or null.</param>
/// <param name="MemoType">The kind of the memo, or null.</param>
/// <param name="ReceivedAt">When the ledger closed.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Decision">What was decided, or null.</param>
public sealed record SuspendedDeposit(
    string Id,
    long PagingToken,
    long Ledger,
    string TransactionHash,
    string Account,
    string AccountKey,
    string Asset,
    long Stroops,
    string? Sender,
    string? SenderMuxed,
    string? AccountMuxed,
    string? Memo,
    string? MemoType,
    DateTimeOffset ReceivedAt,
    SuspenseStatus Status = SuspenseStatus.Open,
    SuspenseDecision? Decision = null);

/// <summary>What an operator decided of a deposit. Stored as JSON.</summary>
/// <param name="Outcome">What the deposit will be.</param>
/// <param name="Operator">Who decided.</param>
/// <param name="DecidedAt">When, by business time.</param>
/// <param name="User">Whose wallet gets it, or null.</param>
/// <param name="Destination">Who is paid, or null.</param>
/// <param name="Hash">The hash of the transaction that pays, in lower-case hex, or null.</param>
/// <param name="CompletedLedger">The ledger that holds it, once one does.</param>
/// <param name="Failure">Why an attempt came to nothing, so that the deposit is open again.</param>
[GenerateSerializer, Immutable, Alias("sp.SuspenseDecision")]
public sealed record SuspenseDecision(
    [property: Id(0), JsonConverter(typeof(SuspenseStatusConverter))] SuspenseStatus Outcome,
    [property: Id(1)] string Operator,
    [property: Id(2)] DateTimeOffset DecidedAt,
    [property: Id(3)] string? User = null,
    [property: Id(4)] string? Destination = null,
    [property: Id(5)] string? Hash = null,
    [property: Id(6)] long? CompletedLedger = null,
    [property: Id(7)] string? Failure = null);

/// <summary>Writes a status as the table has it, whoever writes.</summary>
public sealed class SuspenseStatusConverter() : JsonStringEnumConverter<SuspenseStatus>(JsonNamingPolicy.SnakeCaseLower);
