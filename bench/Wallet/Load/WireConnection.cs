using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace StellarPay.Bench.Wallet.Load;

/// <summary>One client's connection to the front door: HTTP/1.1, kept alive, one request at a time.</summary>
internal sealed class WireConnection : IDisposable
{
    private const int BufferBytes = 32 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly int _port;

    private WireConnection(int port) => _port = port;

    public static async Task<WireConnection> OpenAsync(int port)
    {
        var connection = new WireConnection(port);
        await connection._socket.ConnectAsync(IPAddress.Loopback, port);
        return connection;
    }

    public Task<WireReply> GetAsync(string path, string? token) => AskAsync("GET", path, token, "", key: null);

    public Task<WireReply> PostAsync(string path, string? token, string json, string? key = null) =>
        AskAsync("POST", path, token, json, key);

    /// <summary>A request's bytes.</summary>
    public static byte[] Request(int port, string method, string path, string? token, string body, string? key = null)
    {
        var authorization = token is null ? "" : $"Authorization: Bearer {token}\r\n";
        var content = method == "GET"
            ? ""
            : $"Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n";
        var idempotency = key is null ? "" : $"Idempotency-Key: {key}\r\n";
        return Encoding.UTF8.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{authorization}{idempotency}{content}\r\n{body}");
    }

    public void Dispose() => _socket.Dispose();

    private async Task<WireReply> AskAsync(string method, string path, string? token, string body, string? key)
    {
        var request = Request(_port, method, path, token, body, key);
        await _socket.SendAsync(request);
        var received = 0;
        while (true)
        {
            var more = await _socket.ReceiveAsync(_buffer.AsMemory(received));
            received += more > 0 ? more : throw new IOException("The front door closed the connection.");
            if (WireAnswer.TryRead(_buffer.AsSpan(0, received), out var answer))
            {
                return new WireReply(answer.Status, _buffer.AsMemory(answer.BodyStart, answer.BodyLength));
            }
        }
    }
}

/// <summary>An answer; its body is good until the connection's next request.</summary>
internal readonly record struct WireReply(int Status, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Body);
        return document.RootElement.Clone();
    }

    /// <summary>The JSON of a success.</summary>
    public JsonElement Require(string what) => IsSuccess
        ? Json()
        : throw new InvalidOperationException($"{what}: {Status} {Encoding.UTF8.GetString(Body.Span)}");

    /// <summary>The error's code, or the status.</summary>
    public string ErrorCode() =>
        Body.Length > 0 && Json() is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("error", out var error)
            ? error.GetProperty("code").GetString()!
            : $"status {Status}";
}
