using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace StellarPay.Frontdoor.Tests.Live;

/// <summary>A SignalR client as its protocol says: JSON records that end with 0x1E, over a WebSocket.</summary>
internal sealed class LiveClient : IAsyncDisposable
{
    private const char RecordEnd = '\u001e';
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly ClientWebSocket _socket = new();
    private readonly Channel<(string Method, JsonElement Body)> _received = Channel.CreateUnbounded<(string, JsonElement)>();
    private Task _reading = Task.CompletedTask;
    private bool _security;
    private JsonElement? _wallet;

    /// <summary>Every record as it came, the protocol's own among them.</summary>
    public ConcurrentQueue<string> Records { get; } = [];

    /// <summary>Completes when the server has closed the connection.</summary>
    public Task Closed => _reading.WaitAsync(Deadline);

    /// <param name="door">The front door.</param>
    /// <param name="token">An access token.</param>
    /// <param name="security">Whether messages about the user's safety count; his own login may still come after he connects.</param>
    public static async Task<LiveClient> ConnectAsync(Uri door, string token, bool security = false)
    {
        var client = new LiveClient { _security = security };
        var address = new UriBuilder(door) { Scheme = "ws", Path = "/hubs/live", Query = $"access_token={token}" }.Uri;
        await client._socket.ConnectAsync(address, TestContext.Current.CancellationToken);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        client._reading = Task.Run(client.ReadAsync);
        return client;
    }

    /// <summary>The next message, which must be of this method.</summary>
    public async Task<JsonElement> NextAsync(string method)
    {
        var (got, body) = await _received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline);
        got.ShouldBe(method, body.GetRawText());
        return body;
    }

    /// <summary>
    /// The wallet, in a state or a balance, once it is as wanted; other messages are passed over. The one that was returned last
    /// counts too: one message may tell what two waits in a row look for.
    /// </summary>
    public async Task<JsonElement> WalletWhereAsync(Func<JsonElement, bool> wanted)
    {
        while (_wallet is not { } last || !wanted(last))
        {
            var (method, body) = await _received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline);
            _wallet = method switch
            {
                "state" => body.GetProperty("wallet"),
                "balance" => body,
                _ => _wallet,
            };
        }

        return _wallet.Value;
    }

    /// <summary>The next message of this method; others are passed over.</summary>
    public async Task<JsonElement> FirstAsync(string wanted)
    {
        while (true)
        {
            var (method, body) = await _received.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline);
            if (method == wanted)
            {
                return body;
            }
        }
    }

    /// <summary>
    /// The messages about the user's safety up to the one that is awaited, which is the last. What happened before the client
    /// connected may still be told to it, so that the next message is not always the awaited one.
    /// </summary>
    public async Task<IReadOnlyList<JsonElement>> SecurityUntilAsync(string type, string? session)
    {
        var told = new List<JsonElement>();
        do
        {
            told.Add(await FirstAsync("security"));
        }
        while (told[^1].GetProperty("type").GetString() != type || told[^1].GetProperty("session").GetString() != session);
        return told;
    }

    /// <summary>How many messages came that nobody has looked at.</summary>
    public int Waiting => _received.Reader.Count;

    public Task SendAsync(string record) => _socket.SendAsync(
        Encoding.UTF8.GetBytes(record + RecordEnd), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer, CancellationToken.None);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                text.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
                Take(text);
            }
        }
        catch (WebSocketException)
        {
            // The connection was cut.
        }
        finally
        {
            _received.Writer.TryComplete();
        }
    }

    private void Take(StringBuilder text)
    {
        var records = text.ToString().Split(RecordEnd);
        text.Clear().Append(records[^1]);
        Array.ForEach(records[..^1], Records.Enqueue);
        foreach (var record in records[..^1].Select(record => JsonDocument.Parse(record).RootElement))
        {
            if (record.TryGetProperty("type", out var type) && type.GetInt32() == 1)
            {
                var method = record.GetProperty("target").GetString()!;
                if (_security || method != "security")
                {
                    _received.Writer.TryWrite((method, record.GetProperty("arguments")[0]));
                }
            }
        }
    }
}
