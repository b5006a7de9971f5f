using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StellarPay.Adapters.Postgres.Audit;

/// <summary>An entry as it is stored, whoever stored it.</summary>
/// <param name="Chain">Its chain.</param>
/// <param name="Number">Its number in the chain.</param>
/// <param name="RecordedMicroseconds">When it was written, in microseconds since 1970.</param>
/// <param name="Actor">Who.</param>
/// <param name="Action">What.</param>
/// <param name="Subject">To what.</param>
/// <param name="Data">PostgreSQL's text of the JSON.</param>
/// <param name="PreviousHash">What it says of the entry before it.</param>
/// <param name="Hash">What it says of itself.</param>
internal sealed record AuditRow(
    string Chain, long Number, long RecordedMicroseconds, string Actor, string Action, string Subject, string Data, string PreviousHash,
    string Hash)
{
    /// <summary>What the first entry of a chain says of the one before it.</summary>
    public static string NoHash { get; } = new('0', 64);

    /// <summary>
    /// The hash that an entry with this content has. Computed here: whoever can change rows can change the database's function too.
    /// </summary>
    public string ComputeHash()
    {
        var text = new StringBuilder("[");
        Write(text, Chain).Append(CultureInfo.InvariantCulture, $", {Number}, {RecordedMicroseconds}, ");
        Write(text, Actor).Append(", ");
        Write(text, Action).Append(", ");
        Write(text, Subject).Append(", ").Append(Data).Append(", ");
        Write(text, PreviousHash).Append(']');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    // As PostgreSQL writes a text in JSON (escape_json).
    private static StringBuilder Write(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        return text.Append('"');
    }
}
