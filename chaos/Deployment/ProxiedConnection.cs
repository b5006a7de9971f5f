using System.Net.Sockets;

namespace StellarPay.Chaos.Deployment;

/// <summary>One connection through the proxy.</summary>
internal sealed class ProxiedConnection(PostgresProxy proxy, Socket client)
{
    private const int BufferBytes = 64 * 1024;

    // 'Z', its length, and that no transaction is open: what was asked for is committed.
    private static readonly byte[] ReadyAndIdle = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly PostgresFrontend _frontend = new();
    private volatile bool _cutWhenDone;
    private volatile bool _clientIsCut;

    /// <summary>Serves both directions until either ends.</summary>
    public async Task RunAsync(string host, int port)
    {
        try
        {
            client.NoDelay = true;
            _server.NoDelay = true;
            await _server.ConnectAsync(host, port);
            await Task.WhenAll(ForwardAsync(), ReturnAsync());
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // Cut, by us or by an end that died: the other end must notice.
        }
        finally
        {
            Cut();
        }
    }

    /// <summary>Ends it for both.</summary>
    public void Cut()
    {
        client.Close();
        _server.Close();
    }

    /// <summary>Ends the client's end only. The database's end goes on until it has done what it was asked.</summary>
    public void CutClient()
    {
        (_clientIsCut, _cutWhenDone) = (true, true);
        client.Close();
    }

    private async Task ForwardAsync()
    {
        var (from, to) = (new NetworkStream(client), new NetworkStream(_server));
        var buffer = new byte[BufferBytes];
        while (await ReadClientAsync(from, buffer) is > 0 and var read)
        {
            if (_frontend.Take(buffer.AsSpan(0, read)) && proxy.TakeFault() is { } fault)
            {
                if (fault == WriteFault.BeforeItTookEffect)
                {
                    break;
                }

                if (fault == WriteFault.Held)
                {
                    await proxy.LetGoAsync();
                }
                else
                {
                    _cutWhenDone = true;
                }
            }

            await to.WriteAsync(buffer.AsMemory(0, read));
        }

        if (!_clientIsCut)
        {
            Cut();
        }
    }

    private async Task<int> ReadClientAsync(NetworkStream from, byte[] buffer)
    {
        try
        {
            return await from.ReadAsync(buffer);
        }
        catch (Exception) when (_clientIsCut)
        {
            return 0;
        }
    }

    private async Task ReturnAsync()
    {
        var (from, to) = (new NetworkStream(_server), new NetworkStream(client));
        var buffer = new byte[BufferBytes];
        var end = new List<byte>(ReadyAndIdle.Length * 2);
        while (await from.ReadAsync(buffer) is > 0 and var read)
        {
            if (!_cutWhenDone)
            {
                await to.WriteAsync(buffer.AsMemory(0, read));
                continue;
            }

            // From here on the client hears nothing more.
            end.AddRange(buffer.AsSpan(Math.Max(0, read - ReadyAndIdle.Length), Math.Min(read, ReadyAndIdle.Length)));
            end.RemoveRange(0, Math.Max(0, end.Count - ReadyAndIdle.Length));
            if (end.SequenceEqual(ReadyAndIdle))
            {
                break;
            }
        }

        Cut();
    }
}
