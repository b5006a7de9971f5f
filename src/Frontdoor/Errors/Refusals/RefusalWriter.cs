using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;

namespace StellarPay.Frontdoor.Errors.Refusals;

/// <summary>Passes everything on, but for the answer to a refused request: that is held until it is whole, and shaped.</summary>
internal sealed partial class RefusalWriter(PipeWriter inner, ILogger<RefusalWriter> logger) : PipeWriter
{
    private const int StatusAt = 9;
    private const int StatusDigits = 3;

    private ArrayBufferWriter<byte>? _held;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes + (_held?.WrittenCount ?? 0);

    /// <summary>What is written from now to the next flush answers a request that Kestrel refused.</summary>
    public void Refuse() => _held ??= new ArrayBufferWriter<byte>();

    public override void Advance(int bytes)
    {
        if (_held is { } held)
        {
            held.Advance(bytes);
        }
        else
        {
            inner.Advance(bytes);
        }
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) =>
        _held is { } held ? held.GetMemory(sizeHint) : inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) =>
        _held is { } held ? held.GetSpan(sizeHint) : inner.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Release();
        return inner.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        Release();
        inner.Complete(exception);
    }

    public override ValueTask CompleteAsync(Exception? exception = null)
    {
        Release();
        return inner.CompleteAsync(exception);
    }

    private void Release()
    {
        if (_held is not { } held)
        {
            return;
        }

        _held = null;
        if (IsBareRefusal(held.WrittenSpan, out var status))
        {
            var id = RequestIds.RequestIdMiddleware.NewId();
            inner.Write(RefusalText.Of(status, id));
            LogRefused(logger, status, id);
        }
        else
        {
            inner.Write(held.WrittenSpan);
        }
    }

    // Over TLS these would be other bytes, and after the head of an answer only its end.
    private static bool IsBareRefusal(ReadOnlySpan<byte> answer, out int status)
    {
        status = 0;
        return answer.StartsWith("HTTP/1.1 4"u8)
            && Utf8Parser.TryParse(answer.Slice(StatusAt, StatusDigits), out status, out var used)
            && used == StatusDigits
            && answer.IndexOf("Content-Length: 0\r\n"u8) > 0;
    }

    [LoggerMessage(EventId = 5003, Level = LogLevel.Information, Message = "A request was refused as malformed: {Status}, request_id:{RequestId}.")]
    private static partial void LogRefused(ILogger logger, int status, string requestId);
}
