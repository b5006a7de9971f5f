using System.Buffers.Binary;
using System.Text;

namespace StellarPay.Chaos.Deployment;

/// <summary>
/// Reads what a client of PostgreSQL sends, as far as it takes to know when it asks for the write of a grain's state: by
/// the statement's text, or by the name under which it was prepared before. PostgreSQL's protocol, version 3:
/// https://www.postgresql.org/docs/current/protocol-message-formats.html.
/// </summary>
internal sealed class PostgresFrontend
{
    // Of one state by Orleans' provider, and of many at once by ours.
    private static readonly string[] WriteFunctions = ["grain_state_write", "grain_states_write"];

    private const int KeptBytes = 4096;
    private const int SslRequest = 80877103;
    private const int GssRequest = 80877104;

    private readonly HashSet<string> _writes = new(StringComparer.Ordinal);
    private readonly byte[] _kept = new byte[KeptBytes];
    private bool _started;
    private int _length;
    private int _rest = -1;

    /// <summary>Takes the next bytes. True if a write of a state begins in them.</summary>
    public bool Take(ReadOnlySpan<byte> bytes)
    {
        var write = false;
        foreach (var value in bytes)
        {
            write |= Take(value);
        }

        return write;
    }

    private int HeaderLength => _started ? 5 : 4;

    // A message is its type (after the start only), its length without the type, and its body.
    private bool Take(byte value)
    {
        if (_length < KeptBytes)
        {
            _kept[_length] = value;
        }

        _length++;
        if (_rest < 0)
        {
            if (_length < HeaderLength)
            {
                return false;
            }

            _rest = BinaryPrimitives.ReadInt32BigEndian(_kept.AsSpan(HeaderLength - 4)) - 4;
        }
        else
        {
            _rest--;
        }

        if (_rest > 0)
        {
            return false;
        }

        var write = _started && IsWrite(_kept.AsSpan(0, Math.Min(_length, KeptBytes)));
        if (!_started)
        {
            var code = BinaryPrimitives.ReadInt32BigEndian(_kept.AsSpan(4));
            _started = code is not (SslRequest or GssRequest);
        }

        _length = 0;
        _rest = -1;
        return write;
    }

    private bool IsWrite(ReadOnlySpan<byte> message)
    {
        var body = message[5..];
        switch ((char)message[0])
        {
            case 'Q':
                return IsWrite(Text(body));
            case 'P':
                var name = Text(body);
                _writes.Remove(name);
                if (IsWrite(Text(body[(name.Length + 1)..])))
                {
                    _writes.Add(name);
                }

                return false;
            case 'B':
                return _writes.Contains(Text(body[(Text(body).Length + 1)..]));
            default:
                return false;
        }
    }

    private static bool IsWrite(string sql) => WriteFunctions.Any(name => sql.Contains(name, StringComparison.Ordinal));

    // Statement names and our own SQL are ASCII, so that a character is a byte.
    private static string Text(ReadOnlySpan<byte> from)
    {
        var end = from.IndexOf((byte)0);
        return Encoding.Latin1.GetString(end < 0 ? from : from[..end]);
    }
}
