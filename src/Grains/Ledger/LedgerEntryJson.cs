using System.Text.Json;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Ledger;

/// <summary>
/// What is stored of a ledger's entry: its kind, and JSON as bytes, for strangers choose part of it. Stored for ever:
/// property names are a contract.
/// </summary>
public static class LedgerEntryJson
{
    private const string Outcome = "outcome";
    private const string Movement = "movement";
    private const string Unread = "unread";

    /// <summary>The kind of an entry as it is stored.</summary>
    public static string KindOf(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Outcome is not null ? Outcome : entry.Movement is not null ? Movement : Unread;
    }

    /// <summary>An entry's content.</summary>
    public static byte[] Write(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry switch
        {
            { Outcome: { } outcome } => JsonSerializer.SerializeToUtf8Bytes(outcome, JsonSerializerOptions.Web),
            { Movement: { } movement } => JsonSerializer.SerializeToUtf8Bytes(movement, JsonSerializerOptions.Web),
            _ => JsonSerializer.SerializeToUtf8Bytes(entry.Unread, JsonSerializerOptions.Web),
        };
    }

    /// <summary>An entry as it was stored.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static LedgerEntry Read(LedgerPlace place, string kind, ReadOnlySpan<byte> content) => kind switch
    {
        Outcome => new LedgerEntry(place, Outcome: Of<LedgerOutcome>(content)),
        Movement => new LedgerEntry(place, Movement: Of<LedgerOperation>(content)),
        Unread => new LedgerEntry(place, Unread: Of<UnreadOperation>(content)),
        _ => throw new JsonException($"'{kind}' is no kind of a ledger's entry."),
    };

    private static T Of<T>(ReadOnlySpan<byte> content) =>
        JsonSerializer.Deserialize<T>(content, JsonSerializerOptions.Web) ?? throw new JsonException("A ledger's entry is null.");
}
