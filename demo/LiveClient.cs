using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace StellarPay.Demo;

/// <summary>
/// A small SignalR client: the hub protocol in JSON over a WebSocket, enough to be pushed to. It remembers every
/// invocation, so that a caller can wait for one that has come already.
/// </summary>
internal sealed class LiveClient : IAsyncDisposable
{
    private const char RecordSeparator = '\u001e';
    private const int MaxMessageBytes = 1 << 20;

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<LiveMessage> _messages = [];
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;

    private LiveClient()
    {
    }

    /// <summary>Connects to the hub and shakes hands.</summary>
    public static async Task<LiveClient> ConnectAsync(Uri baseAddress, string accessToken, CancellationToken cancellationToken)
    {
        var client = new LiveClient();
        var uri = new UriBuilder(baseAddress)
        {
            Scheme = baseAddress.Scheme == "https" ? "wss" : "ws",
            Path = "/hubs/live",
            Query = "access_token=" + Uri.EscapeDataString(accessToken),
        }.Uri;
        await client._socket.ConnectAsync(uri, cancellationToken);
        await client.SendAsync("""{"protocol":"json","version":1}""", cancellationToken);
        client._reading = client.ReadAsync();
        return client;
    }

    /// <summary>All that was pushed so far, oldest first.</summary>
    public IReadOnlyList<LiveMessage> Messages
    {
        get
        {
            lock (_lock)
            {
                return [.. _messages];
            }
        }
    }

    /// <summary>Waits until something was pushed that fits, now or before.</summary>
    /// <exception cref="TimeoutException">The deadline passed first.</exception>
    public async Task<LiveMessage> WaitForAsync(Func<LiveMessage, bool> fits, string what, TimeSpan deadline)
    {
        using var timeout = new CancellationTokenSource(deadline);
        var seen = 0;
        while (true)
        {
            Task next;
            lock (_lock)
            {
                for (; seen < _messages.Count; seen++)
                {
                    if (fits(_messages[seen]))
                    {
                        return _messages[seen];
                    }
                }

                next = _arrived.Task;
            }

            try
            {
                await next.WaitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"The live client did not see {what} within {deadline.TotalSeconds:0} s.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _stop.Dispose();
    }

    private Task SendAsync(string message, CancellationToken cancellationToken) => _socket.SendAsync(
        Encoding.UTF8.GetBytes(message + RecordSeparator), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    private async Task ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        var pending = new MemoryStream();
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(), _stop.Token);
                if (received.MessageType == WebSocketMessageType.Close || pending.Length > MaxMessageBytes)
                {
                    return;
                }

                pending.Write(buffer, 0, received.Count);
                TakeWhole(pending);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // The server went away or we are stopping; what was pushed stays readable.
        }
    }

    private void TakeWhole(MemoryStream pending)
    {
        var bytes = pending.ToArray();
        var from = 0;
        for (int end; (end = Array.IndexOf(bytes, (byte)RecordSeparator, from)) >= 0; from = end + 1)
        {
            Take(JsonDocument.Parse(bytes.AsMemory(from, end - from)).RootElement);
        }

        pending.SetLength(0);
        pending.Write(bytes, from, bytes.Length - from);
    }

    private void Take(JsonElement record)
    {
        if (!record.TryGetProperty("type", out var type) || type.GetInt32() != 1)
        {
            return;
        }

        TaskCompletionSource arrived;
        lock (_lock)
        {
            var arguments = record.GetProperty("arguments");
            _messages.Add(new LiveMessage(record.GetProperty("target").GetString()!, arguments[0]));
            arrived = _arrived;
            _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        arrived.SetResult();
    }
}

/// <summary>One invocation that the hub pushed.</summary>
internal sealed record LiveMessage(string Target, JsonElement Body);
