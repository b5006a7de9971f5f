using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;

namespace StellarPay.Stellar.Sep1;

/// <summary>Reads TOML that strangers wrote, within bounds, and takes values out of it: what has another type is not there.</summary>
/// <remarks>Source: TOML, https://toml.io/en/v1.0.0</remarks>
internal static class TomlDocument
{
    private const int MaxValues = 10_000;

    private static readonly TomlSerializerOptions Options = new() { MaxDepth = 16 };

    /// <exception cref="FormatException">It is not TOML, or holds too much; the message names the line.</exception>
    internal static TomlTable Read(string text)
    {
        // U+FFFD stands where bytes were no UTF-8, and Tomlyn refuses it: such bytes in a description, which are common,
        // would hide a domain's keys.
        text = text.Replace('\ufffd', '?');
        try
        {
            // The parser keeps nothing; so a file that is too rich is refused before its values take memory.
            CountValues(text);
            // Only this refuses a key that is given twice; reading into tables lets the later one win.
            SyntaxParser.ParseStrict(text, Options, sourceName: null, validate: true);
            return TomlSerializer.Deserialize<TomlTable>(text, Options) ?? [];
        }
        catch (TomlException exception)
        {
            throw NotToml(exception.Line ?? exception.Diagnostics.FirstOrDefault()?.Span.Start.Line + 1, exception);
        }
        catch (ArgumentException exception)
        {
            // Tomlyn 2.10.2 fails so while it words its complaint of an escape that the end of the text cuts off.
            throw NotToml(null, exception);
        }
    }

    internal static string? Text(this TomlTable table, string key) => Value(table, key) as string;

    internal static long? Number(this TomlTable table, string key) => Value(table, key) as long?;

    internal static TomlTable? Table(this TomlTable table, string key) => Value(table, key) as TomlTable;

    internal static IEnumerable<string> Texts(this TomlTable table, string key) => Items(table, key).OfType<string>();

    internal static IEnumerable<TomlTable> Tables(this TomlTable table, string key) => Items(table, key).OfType<TomlTable>();

    private static object? Value(TomlTable table, string key) => table.TryGetValue(key, out var value) ? value : null;

    private static IEnumerable<object?> Items(TomlTable table, string key) => Value(table, key) switch
    {
        TomlArray list => list,
        TomlTableArray tables => tables,
        _ => [],
    };

    private static void CountValues(string text)
    {
        var parser = TomlParser.Create(text, Options);
        var values = 0;
        while (parser.MoveNext())
        {
            var isValue = parser.Current.Kind
                is not (TomlParseEventKind.PropertyName or TomlParseEventKind.EndTable or TomlParseEventKind.EndArray);
            if (isValue && ++values > MaxValues)
            {
                throw new FormatException($"stellar.toml, line {parser.Current.Line}: there are more than {MaxValues} values.");
            }
        }
    }

    // The library's sentence repeats pieces of the file, and whoever wrote that may want them in our logs.
    private static FormatException NotToml(int? line, Exception cause) => new(
        line is null ? "stellar.toml: it is not TOML." : $"stellar.toml, line {line}: it is not TOML.", cause);
}
