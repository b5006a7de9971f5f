using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StellarPay.Chaos.Plan;
using StellarPay.Demo;

namespace StellarPay.Chaos.Clients.Shops;

/// <summary>
/// A merchant's server that is told what happens: it checks every signature, writes down what it was sent, and does with it what the plan
/// says. It answers one request a connection, so that it can be cut off anywhere.
/// </summary>
internal sealed class ShopReceiver(int seed) : IAsyncDisposable
{
    private const int LongestWaitMs = 4_000;

    private static readonly byte[] Taken = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"u8.ToArray();
    private static readonly byte[] Failed =
        "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray();

    private readonly int _port = FreePorts.Next();
    private readonly Random _random = new(seed);
    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<ReceivedCall> _calls = new();
    private readonly ConcurrentDictionary<Task, byte> _serving = new();
    private readonly ConcurrentDictionary<ReceiverMode, int> _met = new();
    private CancellationTokenSource _up = new();
    private TcpListener? _listener;
    private ReceiverMode _mode;

    /// <summary>Where it is called.</summary>
    public Uri Address => new($"http://127.0.0.1:{_port}/hook");

    /// <summary>What the calls are signed with; those before it is known are taken for unsigned.</summary>
    public WebhookSecret? Secret { get; set; }

    /// <summary>All that it was sent whole.</summary>
    public IReadOnlyCollection<ReceivedCall> Calls => _calls;

    /// <summary>How many calls met it in each mode; of <see cref="ReceiverMode.IsGone"/> how often it was.</summary>
    public IReadOnlyDictionary<ReceiverMode, int> Met => _met;

    /// <summary>Does this from now on.</summary>
    public async Task SetAsync(ReceiverMode mode)
    {
        _mode = mode;
        if (mode == ReceiverMode.IsGone)
        {
            await StopAsync();
        }
        else if (_listener is null)
        {
            _up = new CancellationTokenSource();
            _listener = new TcpListener(IPAddress.Loopback, _port);
            _listener.Start();
            Follow(AcceptAsync(_listener, _up.Token));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _up.Dispose();
    }

    private async Task StopAsync()
    {
        if (_listener is null)
        {
            return;
        }

        _met.AddOrUpdate(ReceiverMode.IsGone, 1, (_, count) => count + 1);
        await _up.CancelAsync();
        _listener.Dispose();
        _listener = null;
        await Task.WhenAll(_serving.Keys);
        _up.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                Follow(ServeAsync(await listener.AcceptSocketAsync(stop), stop));
            }
        }
        catch (Exception e) when (stop.IsCancellationRequested
            && e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is gone.
        }
    }

    private async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        // Whatever is closed without an answer is reset.
        socket.LingerState = new LingerOption(true, 0);
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            if (await HttpRequestReader.ReadAsync(stream, stop) is { } request)
            {
                var mode = _mode;
                _met.AddOrUpdate(mode, 1, (_, count) => count + 1);
                _calls.Enqueue(Read(request.Headers, request.Body));
                await AnswerAsync(mode, socket, stream, stop);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side hung up, or this one is gone.
        }
    }

    private async Task AnswerAsync(ReceiverMode mode, Socket socket, NetworkStream stream, CancellationToken stop)
    {
        switch (mode)
        {
            case ReceiverMode.Resets:
                if (Draw(2) == 0)
                {
                    await stream.WriteAsync(Taken.AsMemory(0, "HTTP/1.1 2".Length), stop);
                }

                return;
            case ReceiverMode.IsSlow:
                await Task.Delay(Draw(LongestWaitMs), stop);
                break;
        }

        await stream.WriteAsync(mode == ReceiverMode.Fails ? Failed : Taken, stop);
        socket.LingerState = new LingerOption(false, 0);
    }

    private ReceivedCall Read(IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        var (type, about, sequence) = TextOf(body);
        return new ReceivedCall(
            headers.GetValueOrDefault("webhook-id") ?? "", type, about, sequence, Convert.ToHexString(SHA256.HashData(body)),
            Secret?.HasSigned(headers, body, TimeProvider.System.GetUtcNow()) == true);
    }

    // An event in its usual form, or in the simple one.
    private static (string? Type, string? Object, long Sequence) TextOf(byte[] body)
    {
        try
        {
            using var sent = JsonDocument.Parse(body);
            var root = sent.RootElement;
            return root.TryGetProperty("event", out var simple)
                ? (simple.GetString(), root.GetProperty("session_id").GetString(), 0)
                : (root.GetProperty("type").GetString(), root.GetProperty("stellarpay").GetProperty("object").GetString(),
                    root.GetProperty("stellarpay").GetProperty("sequence").GetInt64());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return (null, Encoding.UTF8.GetString(body), 0);
        }
    }

    private int Draw(int below)
    {
        lock (_lock)
        {
            return _random.Next(below);
        }
    }

    private void Follow(Task task)
    {
        _serving[task] = 0;
        _ = task.ContinueWith(
            done => _serving.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
