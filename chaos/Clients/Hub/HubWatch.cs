using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace StellarPay.Chaos.Clients.Hub;

/// <summary>
/// A user's client at the hub of live updates: SignalR's JSON protocol over a WebSocket. Whenever it is cut off it connects
/// again, as a program does that shows a balance.
/// </summary>
internal sealed class HubWatch : IAsyncDisposable
{
    private const byte RecordSeparator = 0x1e;
    private const int Invocation = 1;
    private static readonly TimeSpan ConnectDeadline = TimeSpan.FromSeconds(10);
    // Pings come each 15 s: a connection that says nothing for so long is none.
    private static readonly TimeSpan SilenceDeadline = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(300);

    private readonly ChaosUser _user;
    private readonly Uri _hub;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    public HubWatch(ChaosUser user, Uri frontDoor)
    {
        _user = user;
        _hub = new UriBuilder(frontDoor) { Scheme = "ws", Path = "/hubs/live" }.Uri;
        _watching = WatchAsync();
    }

    public int User => _user.Number;

    public HubView View { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var socket = new ClientWebSocket();
                await ConnectAsync(socket);
                await ReadAsync(socket);
            }
            catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or HttpRequestException)
            {
                // Cut off, as is the lot of a client here.
            }

            try
            {
                await Task.Delay(RetryPause, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ConnectAsync(ClientWebSocket socket)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        deadline.CancelAfter(ConnectDeadline);
        socket.Options.SetRequestHeader("Authorization", "Bearer " + _user.Token);
        await socket.ConnectAsync(_hub, deadline.Token);
        var hello = Encoding.UTF8.GetBytes("""{"protocol":"json","version":1}""");
        await socket.SendAsync(
            (byte[])[.. hello, RecordSeparator], WebSocketMessageType.Text, endOfMessage: true, deadline.Token);
        View.Connected();
    }

    private async Task ReadAsync(ClientWebSocket socket)
    {
        var buffer = new byte[16 * 1024];
        var record = new List<byte>();
        while (true)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            deadline.CancelAfter(SilenceDeadline);
            var received = await socket.ReceiveAsync(buffer.AsMemory(), deadline.Token);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            foreach (var value in buffer.AsSpan(0, received.Count))
            {
                if (value != RecordSeparator)
                {
                    record.Add(value);
                    continue;
                }

                Take([.. record]);
                record.Clear();
            }
        }
    }

    private void Take(byte[] record)
    {
        using var message = JsonDocument.Parse(record);
        if (message.RootElement.TryGetProperty("type", out var type) && type.GetInt32() == Invocation)
        {
            View.Take(message.RootElement.GetProperty("target").GetString()!, message.RootElement.GetProperty("arguments")[0]);
        }
    }
}
