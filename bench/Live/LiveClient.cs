using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace StellarPay.Bench.Live;

/// <summary>
/// A client of the hub with nothing to spare: a socket, the WebSocket handshake, SignalR's JSON protocol. Ten thousand of
/// them must fit beside the server that is measured.
/// </summary>
internal sealed class LiveClient : IDisposable
{
    private const int BufferBytes = 8 * 1024;
    private const int MaskBytes = 4;
    private const byte TextFrame = 0x81;
    private const byte CloseFrame = 0x88;
    private const byte Masked = 0x80;
    private const int ShortLength = 126;
    private const int LongLength = 127;
    private static readonly byte[] Handshake = Frame("{\"protocol\":\"json\",\"version\":1}\u001e");
    private static readonly byte[] Ping = Frame("{\"type\":6}\u001e");

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[BufferBytes];
    private int _received;

    /// <summary>Connects, and has the present state when it returns.</summary>
    public async Task ConnectAsync(int port, string token)
    {
        await _socket.ConnectAsync(IPAddress.Loopback, port);
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var request = $"GET /hubs/live?access_token={token} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            + $"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n";
        await _socket.SendAsync(Encoding.ASCII.GetBytes(request));
        await ReadAnswerAsync();
        await _socket.SendAsync(Handshake);
        while (!(await ReadAsync()).Contains("\"target\":\"state\"", StringComparison.Ordinal))
        {
        }
    }

    public async Task PingAsync() => await _socket.SendAsync(Ping);

    /// <summary>The next frame's text.</summary>
    public async Task<string> ReadAsync()
    {
        while (true)
        {
            if (TryTakeFrame(out var text))
            {
                return text;
            }

            await ReceiveAsync();
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReadAnswerAsync()
    {
        int end;
        while ((end = _buffer.AsSpan(0, _received).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await ReceiveAsync();
        }

        var head = Encoding.ASCII.GetString(_buffer, 0, end);
        if (!head.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
        {
            throw new IOException($"The hub answered {head.Split('\r')[0]}.");
        }

        Forget(end + 4);
    }

    private async Task ReceiveAsync()
    {
        if (_received == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        var more = await _socket.ReceiveAsync(_buffer.AsMemory(_received));
        _received += more > 0 ? more : throw new IOException("The hub closed the connection.");
    }

    private bool TryTakeFrame(out string text)
    {
        text = "";
        var frame = _buffer.AsSpan(0, _received);
        if (frame.Length < 2)
        {
            return false;
        }

        long length = frame[1];
        var start = 2;
        if (length == ShortLength && frame.Length >= 4)
        {
            (length, start) = (BinaryPrimitives.ReadUInt16BigEndian(frame[2..]), 4);
        }
        else if (length == LongLength && frame.Length >= 10)
        {
            (length, start) = (BinaryPrimitives.ReadInt64BigEndian(frame[2..]), 10);
        }
        else if (length >= ShortLength)
        {
            return false;
        }

        if (frame.Length < start + length)
        {
            return false;
        }

        if (frame[0] == CloseFrame)
        {
            throw new IOException("The hub ended the connection.");
        }

        text = Encoding.UTF8.GetString(frame.Slice(start, (int)length));
        Forget(start + (int)length);
        return true;
    }

    private void Forget(int bytes)
    {
        _buffer.AsSpan(bytes, _received - bytes).CopyTo(_buffer);
        _received -= bytes;
    }

    private static byte[] Frame(string text)
    {
        // All texts that a client sends are short, and a mask of zeros leaves them as they are.
        var payload = Encoding.UTF8.GetBytes(text);
        return [TextFrame, (byte)(Masked | payload.Length), .. new byte[MaskBytes], .. payload];
    }
}
