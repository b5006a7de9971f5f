namespace StellarPay.Stellar.Sep1;

/// <summary>A table of a TOML text: strings, bare values (numbers, dates, booleans as they stand), lists and tables.</summary>
internal sealed class TomlTable
{
    internal Dictionary<string, object> Values { get; } = new(StringComparer.Ordinal);

    internal string? Text(string key) => Values.GetValueOrDefault(key) switch
    {
        string text => text,
        TomlBare bare => bare.Text,
        _ => null,
    };

    internal IEnumerable<string> Texts(string key) =>
        Values.GetValueOrDefault(key) is List<object> list ? list.OfType<string>() : [];

    internal TomlTable? Table(string key) => Values.GetValueOrDefault(key) as TomlTable;

    internal IEnumerable<TomlTable> Tables(string key) =>
        Values.GetValueOrDefault(key) is List<object> list ? list.OfType<TomlTable>() : [];
}

/// <summary>A value without quotes: a number, date or boolean.</summary>
internal sealed record TomlBare(string Text);

/// <summary>Reads TOML as far as stellar.toml needs it: all of its syntax, but numbers and dates stay text.</summary>
/// <remarks>Source: TOML 1.0, https://toml.io/en/v1.0.0</remarks>
internal sealed class TomlReader
{
    private const int MaxDepth = 16;
    private const int MaxValues = 10_000;
    private readonly TomlScanner _scanner;
    private readonly TomlTable _root = new();
    private int _depth;
    private int _values;

    private TomlReader(string text) => _scanner = new TomlScanner(text);

    /// <exception cref="FormatException">It is not TOML; the message names the line.</exception>
    internal static TomlTable Read(string text)
    {
        var reader = new TomlReader(text.TrimStart('\ufeff'));
        reader.ReadDocument();
        return reader._root;
    }

    private void ReadDocument()
    {
        var current = _root;
        for (_scanner.SkipLines(); !_scanner.AtEnd; _scanner.SkipLines())
        {
            if (_scanner.Current == '[')
            {
                current = ReadHeader();
            }
            else
            {
                ReadPair(current);
            }
            _scanner.ExpectLineEnd();
        }
    }

    private TomlTable ReadHeader()
    {
        var isList = _scanner.StartsWith("[[");
        _scanner.Expect('[');
        if (isList)
        {
            _scanner.Expect('[');
        }
        _scanner.SkipBlanks();
        var path = ReadPath();
        _scanner.Expect(']');
        if (isList)
        {
            _scanner.Expect(']');
        }
        var parent = Descend(_root, path.Take(path.Count - 1));
        return isList ? AppendTable(parent, path[^1]) : Descend(parent, [path[^1]]);
    }

    private void ReadPair(TomlTable table)
    {
        var path = ReadPath();
        _scanner.Expect('=');
        _scanner.SkipBlanks();
        var value = ReadValue();
        if (!Descend(table, path.Take(path.Count - 1)).Values.TryAdd(path[^1], value))
        {
            throw _scanner.Error("a key occurs twice");
        }
    }

    private List<string> ReadPath()
    {
        var path = new List<string>();
        do
        {
            _scanner.SkipBlanks();
            path.Add(_scanner.ReadKey());
            _scanner.SkipBlanks();
        }
        while (_scanner.Take('.') && path.Count < MaxDepth);
        return path;
    }

    private object ReadValue()
    {
        if (++_values > MaxValues)
        {
            throw _scanner.Error($"there are more than {MaxValues} values");
        }
        return _scanner.Current switch
        {
            '"' or '\'' => _scanner.ReadString(),
            '[' => Nested(ReadList),
            '{' => Nested(ReadInlineTable),
            _ => new TomlBare(_scanner.ReadBare()),
        };
    }

    private object Nested(Func<object> read)
    {
        if (++_depth > MaxDepth)
        {
            throw _scanner.Error("values are nested too deep");
        }
        var value = read();
        _depth--;
        return value;
    }

    private List<object> ReadList()
    {
        var list = new List<object>();
        _scanner.Expect('[');
        _scanner.SkipLines();
        while (!_scanner.Take(']'))
        {
            list.Add(ReadValue());
            _scanner.SkipLines();
            if (!_scanner.Take(',') && _scanner.Current != ']')
            {
                throw _scanner.Error("a list has no end");
            }
            _scanner.SkipLines();
        }
        return list;
    }

    private TomlTable ReadInlineTable()
    {
        var table = new TomlTable();
        _scanner.Expect('{');
        _scanner.SkipBlanks();
        while (!_scanner.Take('}'))
        {
            ReadPair(table);
            _scanner.SkipBlanks();
            if (!_scanner.Take(',') && _scanner.Current != '}')
            {
                throw _scanner.Error("a table has no end");
            }
            _scanner.SkipBlanks();
        }
        return table;
    }

    // A path through a list of tables goes on in its last one.
    private TomlTable Descend(TomlTable table, IEnumerable<string> path)
    {
        foreach (var key in path)
        {
            if (!table.Values.TryGetValue(key, out var value))
            {
                table.Values[key] = value = new TomlTable();
            }
            table = value switch
            {
                TomlTable next => next,
                List<object> { Count: > 0 } list when list[^1] is TomlTable next => next,
                _ => throw _scanner.Error("a key is a value and a table"),
            };
        }
        return table;
    }

    private TomlTable AppendTable(TomlTable parent, string key)
    {
        if (!parent.Values.TryGetValue(key, out var value))
        {
            parent.Values[key] = value = new List<object>();
        }
        if (value is not List<object> list || ++_values > MaxValues)
        {
            throw _scanner.Error("a key is a value and a list of tables");
        }
        var table = new TomlTable();
        list.Add(table);
        return table;
    }
}
