namespace StellarPay.Stellar.Horizon.Streaming;

/// <summary>
/// A body of text/event-stream, passed on as it is but never an event longer than allowed: the parser behind it keeps an
/// event until its end, which a server that is broken or not Horizon need not send.
/// </summary>
/// <param name="body">The body.</param>
/// <param name="maxEventBytes">How long an event may be; a comment counts as long as its line lasts.</param>
/// <param name="onBytes">Called for each piece that arrives, comments included.</param>
/// <remarks>Source: https://html.spec.whatwg.org/multipage/server-sent-events.html</remarks>
internal sealed class BoundedEventStream(Stream body, int maxEventBytes, Action onBytes) : Stream
{
    private long _eventBytes;
    private long _lineBytes;
    private bool _isComment;
    private bool _endedWithReturn;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="HorizonException">An event is too long.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (count > 0)
        {
            onBytes();
            Count(buffer.Span[..count]);
        }
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOfAny((byte)'\n', (byte)'\r');
            AddToLine(end < 0 ? bytes : bytes[..end]);
            if (end < 0)
            {
                return;
            }
            // The line feed of a CRLF ends no other line.
            if (bytes[end] == '\r' || !_endedWithReturn || _lineBytes > 0)
            {
                EndLine();
            }
            _endedWithReturn = bytes[end] == '\r';
            bytes = bytes[(end + 1)..];
        }
    }

    private void AddToLine(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }
        if (_lineBytes == 0)
        {
            _isComment = bytes[0] == ':';
        }
        _lineBytes += bytes.Length;
        if (_eventBytes + _lineBytes > maxEventBytes)
        {
            throw new HorizonException(
                $"An event of Horizon's stream is longer than {maxEventBytes} bytes.", isTransient: false);
        }
    }

    private void EndLine()
    {
        if (_lineBytes == 0)
        {
            _eventBytes = 0;
        }
        else if (!_isComment)
        {
            // One more for the line end, so that lines of one byte are counted as what they take.
            _eventBytes += _lineBytes + 1;
        }
        _lineBytes = 0;
    }
}
