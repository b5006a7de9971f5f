using System.Text;
using System.Threading.Channels;

namespace StellarPay.Stellar.Tests.Horizon;

/// <summary>A body that arrives in pieces, when the test says so.</summary>
internal sealed class ScriptedStream : Stream
{
    private readonly Channel<byte[]> _pieces = Channel.CreateUnbounded<byte[]>();
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _piece = [];
    private int _read;

    /// <summary>Completes when the reader has everything that was sent so far and waits for more.</summary>
    public Task Drained => _drained.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public ScriptedStream Send(string text)
    {
        _pieces.Writer.TryWrite(Encoding.UTF8.GetBytes(text)).ShouldBeTrue();
        return this;
    }

    public ScriptedStream End()
    {
        _pieces.Writer.TryComplete();
        return this;
    }

    public ScriptedStream Break()
    {
        _pieces.Writer.TryComplete(new IOException("The connection was reset."));
        return this;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_read == _piece.Length)
        {
            try
            {
                var next = _pieces.Reader.ReadAsync(cancellationToken);
                if (!next.IsCompleted)
                {
                    _drained.TrySetResult();
                }
                _piece = await next;
                _read = 0;
            }
            catch (ChannelClosedException closed) when (closed.InnerException is IOException)
            {
                throw new IOException("The connection was reset.");
            }
            catch (ChannelClosedException)
            {
                return 0;
            }
        }
        var count = Math.Min(buffer.Length, _piece.Length - _read);
        _piece.AsMemory(_read, count).CopyTo(buffer);
        _read += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
