using System.Text;
using System.Text.Json.Nodes;
using Npgsql;

namespace StellarPay.Grains.Tests.World;

/// <summary>What one write does to the rows of its state, refused and done as <c>grain_rows_apply</c> refuses and does it.</summary>
internal sealed class StoredRows(JsonObject put, string[] deleted)
{
    private const int MaxRows = 1_000;
    private const int MaxBytes = 65_536;
    private const int MaxKeyLength = 200;

    /// <summary>Takes them out of the state that is written.</summary>
    public static StoredRows Take(JsonObject state)
    {
        var rows = state["rows"] as JsonObject;
        state.Remove("rows");
        return new StoredRows(
            rows?["put"] as JsonObject ?? [], [.. (rows?["deleted"] as JsonArray ?? []).Select(key => (string)key!)]);
    }

    /// <summary>A state as it is read, with its rows.</summary>
    public static string Join(string payload, IReadOnlyDictionary<string, string> rows)
    {
        if (rows.Count == 0)
        {
            return payload;
        }

        var state = JsonNode.Parse(payload)!.AsObject();
        state["rows"] = new JsonObject
        {
            ["stored"] = new JsonObject(rows.Select(row => KeyValuePair.Create(row.Key, JsonNode.Parse(row.Value)))),
        };
        return state.ToJsonString();
    }

    /// <summary>Refuses too many, too long ones, and such as are none.</summary>
    public void RequireFit()
    {
        foreach (var (key, row) in put)
        {
            StoredWrite.RequireThat(
                Encoding.UTF8.GetByteCount(row?.ToJsonString() ?? "") <= MaxBytes, PostgresErrorCodes.ProgramLimitExceeded,
                $"Row {key} is too long.");
            StoredWrite.RequireThat(
                key.Length is > 0 and <= MaxKeyLength && row is JsonObject, PostgresErrorCodes.CheckViolation, $"Row {key} is none.");
            StoredWrite.RequireThat(
                row!["dueAt"] is not JsonValue due || due.TryGetValue<DateTimeOffset>(out _), PostgresErrorCodes.InvalidDatetimeFormat,
                "dueAt is no time.");
        }

        StoredWrite.RequireThat(
            put.Count + deleted.Length <= MaxRows, PostgresErrorCodes.ProgramLimitExceeded, $"A write touches at most {MaxRows} rows.");
    }

    public void Apply(SortedDictionary<string, string> rows)
    {
        foreach (var key in deleted)
        {
            rows.Remove(key);
        }

        foreach (var (key, row) in put)
        {
            rows[key] = row!.ToJsonString();
        }
    }
}
