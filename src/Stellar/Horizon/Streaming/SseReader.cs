using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace StellarPay.Stellar.Horizon.Streaming;

/// <summary>Reads text/event-stream, in events of bounded size.</summary>
/// <remarks>Source: https://html.spec.whatwg.org/multipage/server-sent-events.html</remarks>
internal sealed class SseReader(Stream stream, int maxEventBytes)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly ArrayBufferWriter<byte> _line = new(1024);
    private readonly ArrayBufferWriter<byte> _data = new(1024);
    private int _start;
    private int _end;
    private bool _skipLineFeed;
    private string _type = "";

    /// <summary>How long the server asks to wait before reconnecting; null if it has not said.</summary>
    internal TimeSpan? Retry { get; private set; }

    /// <summary>
    /// The next event with data; null at the end of the stream, where an unfinished event is dropped.
    /// </summary>
    /// <param name="onBytes">Called for each piece that arrives, comments included.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="HorizonException">An event is too long.</exception>
    internal async ValueTask<SseEvent?> ReadAsync(Action onBytes, CancellationToken cancellationToken)
    {
        _data.ResetWrittenCount();
        _type = "";
        while (true)
        {
            while (TryReadLine())
            {
                if (_line.WrittenCount > 0)
                {
                    TakeField(_line.WrittenSpan);
                    _line.ResetWrittenCount();
                }
                else if (_data.WrittenCount > 0)
                {
                    // Each data line ended with a line feed; the last one does not count.
                    return new SseEvent(_type.Length > 0 ? _type : "message", _data.WrittenMemory[..^1]);
                }
                else
                {
                    _type = "";
                }
            }
            _start = 0;
            _end = await stream.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
            if (_end == 0)
            {
                return null;
            }
            onBytes();
        }
    }

    // Lines end with LF, CR or CRLF. What has no end yet is kept in _line.
    private bool TryReadLine()
    {
        if (_skipLineFeed && _start < _end)
        {
            _start += _buffer[_start] == '\n' ? 1 : 0;
            _skipLineFeed = false;
        }
        var rest = _buffer.AsSpan(_start, _end - _start);
        var length = rest.IndexOfAny((byte)'\n', (byte)'\r');
        Append(_line, length < 0 ? rest : rest[..length]);
        if (length < 0)
        {
            _start = _end;
            return false;
        }
        _skipLineFeed = rest[length] == '\r';
        _start += length + 1;
        return true;
    }

    private void TakeField(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? [] : line[(colon + 1)..];
        if (!value.IsEmpty && value[0] == ' ')
        {
            value = value[1..];
        }
        if (name.SequenceEqual("data"u8))
        {
            Append(_data, value);
            Append(_data, "\n"u8);
        }
        else if (name.SequenceEqual("event"u8))
        {
            _type = Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("retry"u8)
            && Utf8Parser.TryParse(value, out uint milliseconds, out var used)
            && used == value.Length)
        {
            Retry = TimeSpan.FromMilliseconds(milliseconds);
        }
        // The id of an event is its record's paging token, which is read from the record.
    }

    private void Append(ArrayBufferWriter<byte> writer, ReadOnlySpan<byte> bytes)
    {
        if (writer.WrittenCount + bytes.Length > maxEventBytes)
        {
            throw new HorizonException(
                $"An event of Horizon's stream is longer than {maxEventBytes} bytes.", isTransient: false);
        }
        writer.Write(bytes);
    }
}
