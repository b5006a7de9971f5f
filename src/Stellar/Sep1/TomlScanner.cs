using System.Globalization;
using System.Text;

namespace StellarPay.Stellar.Sep1;

/// <summary>Walks over a TOML text: white space, comments, keys and strings.</summary>
/// <remarks>Source: TOML 1.0, https://toml.io/en/v1.0.0</remarks>
internal sealed class TomlScanner(string text)
{
    private int _at;

    internal bool AtEnd => _at >= text.Length;

    internal char Current => AtEnd ? '\0' : text[_at];

    internal bool StartsWith(string mark) => text.AsSpan(_at).StartsWith(mark, StringComparison.Ordinal);

    internal bool Take(char mark)
    {
        if (Current != mark || AtEnd)
        {
            return false;
        }
        _at++;
        return true;
    }

    internal void Expect(char mark)
    {
        if (!Take(mark))
        {
            throw Error($"'{mark}' is missing");
        }
    }

    /// <summary>Spaces and tabs.</summary>
    internal void SkipBlanks()
    {
        while (Current is ' ' or '\t')
        {
            _at++;
        }
    }

    /// <summary>White space, line ends and comments.</summary>
    internal void SkipLines()
    {
        while (true)
        {
            SkipBlanks();
            if (Current == '#')
            {
                SkipComment();
            }
            if (Current is not ('\n' or '\r'))
            {
                return;
            }
            _at++;
        }
    }

    /// <summary>What may follow a value on its line: a comment.</summary>
    internal void ExpectLineEnd()
    {
        SkipBlanks();
        if (Current == '#')
        {
            SkipComment();
        }
        if (!AtEnd && Current is not ('\n' or '\r'))
        {
            throw Error("the line has something after its value");
        }
    }

    /// <summary>One part of a key.</summary>
    internal string ReadKey()
    {
        if (Current is '"' or '\'')
        {
            return ReadString();
        }
        var start = _at;
        while (char.IsAsciiLetterOrDigit(Current) || Current is '-' or '_')
        {
            _at++;
        }
        return _at > start ? text[start.._at] : throw Error("a key is missing");
    }

    /// <summary>A number, date or boolean as it stands.</summary>
    internal string ReadBare()
    {
        var start = _at;
        while (!AtEnd && Current is not (',' or ']' or '}' or '#' or '\n' or '\r'))
        {
            _at++;
        }
        var bare = text[start.._at].TrimEnd(' ', '\t');
        return bare.Length > 0 ? bare : throw Error("a value is missing");
    }

    /// <summary>A string of any of the four kinds.</summary>
    internal string ReadString()
    {
        var quote = Current;
        if (StartsWith(new string(quote, 3)))
        {
            return ReadLong(quote);
        }
        _at++;
        var value = new StringBuilder();
        while (Current != quote)
        {
            if (AtEnd || Current is '\n' or '\r')
            {
                throw Error("a string has no end");
            }
            ReadCharacter(value, escapes: quote == '"');
        }
        _at++;
        return value.ToString();
    }

    internal FormatException Error(string what)
    {
        var line = 1 + text.AsSpan(0, Math.Min(_at, text.Length)).Count('\n');
        return new FormatException(string.Create(CultureInfo.InvariantCulture, $"stellar.toml, line {line}: {what}."));
    }

    private string ReadLong(char quote)
    {
        var mark = new string(quote, 3);
        _at += mark.Length;
        // The line end right after the opening does not count.
        Take('\r');
        Take('\n');
        var value = new StringBuilder();
        while (!StartsWith(mark))
        {
            if (AtEnd)
            {
                throw Error("a string has no end");
            }
            ReadCharacter(value, escapes: quote == '"');
        }
        _at += mark.Length;
        // Up to two quotes may stand right before the closing ones.
        for (var extra = 0; extra < 2 && Take(quote); extra++)
        {
            value.Append(quote);
        }
        return value.ToString();
    }

    private void ReadCharacter(StringBuilder value, bool escapes)
    {
        var character = text[_at++];
        if (character != '\\' || !escapes)
        {
            value.Append(character);
            return;
        }
        var escape = Current;
        _at++;
        switch (escape)
        {
            case 'b': value.Append('\b'); break;
            case 't': value.Append('\t'); break;
            case 'n': value.Append('\n'); break;
            case 'f': value.Append('\f'); break;
            case 'r': value.Append('\r'); break;
            case '"': value.Append('"'); break;
            case '\\': value.Append('\\'); break;
            case 'u': value.Append(ReadScalar(4)); break;
            case 'U': value.Append(ReadScalar(8)); break;
            case ' ' or '\t' or '\r' or '\n': SkipLineContinuation(); break;
            default: throw Error("an escape is not known");
        }
    }

    private string ReadScalar(int digits)
    {
        var valid = _at + digits <= text.Length;
        var number = 0;
        valid = valid && int.TryParse(
            text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
        if (!valid || !Rune.IsValid(number))
        {
            throw Error("an escape is not a character");
        }
        _at += digits;
        return char.ConvertFromUtf32(number);
    }

    private void SkipLineContinuation()
    {
        while (Current is ' ' or '\t' or '\r' or '\n')
        {
            _at++;
        }
    }

    private void SkipComment()
    {
        while (!AtEnd && Current is not ('\n' or '\r'))
        {
            _at++;
        }
    }
}
