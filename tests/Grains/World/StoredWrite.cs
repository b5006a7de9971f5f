using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Tests.World;

/// <summary>What one write asks for, read and refused as the SQL functions read and refuse it.</summary>
internal sealed record StoredWrite(
    string Key, string State, IReadOnlyList<JsonObject> Events, IReadOnlyList<IdempotencyKeyEntry> Keys,
    JsonNode? Inbox, StoredRows Rows, JsonNode? Invited = null)
{
    public const string KeyTaken = "SP001";

    private const int MaxBytes = 1_048_576;
    private const int MaxEvents = 1_000;

    // The lifetime that idempotency_remember takes for granted.
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromHours(24);

    public static StoredWrite Parse(string key, BinaryData payload)
    {
        var bytes = payload.ToMemory();
        RequireThat(bytes.Length <= MaxBytes, PostgresErrorCodes.ProgramLimitExceeded, $"The state is {bytes.Length} bytes.");
        RequireThat(
            !HasNul(bytes.Span), PostgresErrorCodes.UntranslatableCharacter, "unsupported Unicode escape sequence");
        var state = JsonNode.Parse(bytes.Span)!.AsObject();
        if (state["dueAt"] is JsonValue due)
        {
            RequireThat(due.TryGetValue<DateTimeOffset>(out _), PostgresErrorCodes.InvalidDatetimeFormat, "dueAt is no time.");
        }

        JsonObject[] events = [.. (state["outbox"] as JsonArray ?? []).Select(e => e!.DeepClone().AsObject())];
        IdempotencyKeyEntry[] keys =
            [.. (state["keys"] as JsonArray ?? []).Select(k => k.Deserialize<IdempotencyKeyEntry>(JsonSerializerOptions.Web)!)];
        state.Remove("outbox");
        state.Remove("keys");
        var inbox = state["inbox"]?.DeepClone();
        state.Remove("inbox");
        var rows = StoredRows.Take(state);
        var invited = state["invited"]?.DeepClone();
        state.Remove("invited");
        state.Remove("listed");
        return new StoredWrite(key, state.ToJsonString(), events, keys, inbox, rows, invited);
    }

    /// <summary>Refuses keys that are there, or there twice; one that is over is taken again.</summary>
    public void RequireNewKeys(IReadOnlyDictionary<(string Key, string Hash), IdempotencyKeyEntry> there)
    {
        RequireThat(
            Keys.Select(k => (k.Scope, k.Hash)).Distinct().Count() == Keys.Count, PostgresErrorCodes.CardinalityViolation,
            "ON CONFLICT DO UPDATE command cannot affect row a second time");
        RequireThat(
            !Keys.Any(k => there.TryGetValue((k.Scope ?? Key, k.Hash), out var old) && old.Until > (k.Given ?? k.Until - KeyLifetime)),
            KeyTaken,
            "An idempotency key was used before.");
    }

    /// <summary>Refuses an outbox that is too long or incomplete.</summary>
    public void RequireWholeEvents()
    {
        RequireThat(
            Events.Count <= MaxEvents, PostgresErrorCodes.ProgramLimitExceeded, $"An outbox holds at most {MaxEvents} events.");
        foreach (var member in new[] { "id", "type", "subject", "at" })
        {
            RequireThat(
                Events.All(e => e[member] is JsonValue), PostgresErrorCodes.NotNullViolation, $"An event has no {member}.");
        }

        foreach (var member in new[] { "type", "subject" })
        {
            RequireThat(
                Events.All(e => (string)e[member]! != ""), PostgresErrorCodes.CheckViolation, $"An event's {member} is empty.");
        }
    }

    // An escape of an escape, \\u0000, is six characters of text and no NUL.
    private static bool HasNul(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.GetString()!.Contains('\0'))
            {
                return true;
            }
        }

        return false;
    }

    public static void RequireThat(bool isSo, string sqlState, string message)
    {
        if (!isSo)
        {
            throw new PostgresException(message, "ERROR", "ERROR", sqlState);
        }
    }
}
