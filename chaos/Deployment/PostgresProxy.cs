using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace StellarPay.Chaos.Deployment;

/// <summary>
/// Stands between the processes and PostgreSQL, and makes the connection fail where it hurts most: before a state's write
/// has reached the database, or after it was committed and before the silo hears of it.
/// </summary>
internal sealed class PostgresProxy : IAsyncDisposable
{
    private static readonly WriteFault[] Faults = Enum.GetValues<WriteFault>();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _connections = new();
    private readonly string _host;
    private readonly int _port;
    private readonly int[] _armed = new int[Faults.Length];
    private readonly int[] _hits = new int[Faults.Length];
    private TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _accepting = Task.CompletedTask;
    private volatile bool _away;

    private PostgresProxy(string host, int port)
    {
        _host = host;
        _port = port;
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many writes were cut off so.</summary>
    public int HitsOf(WriteFault fault) => Volatile.Read(ref _hits[(int)fault]);

    /// <summary>Begins to listen on a port of 127.0.0.1.</summary>
    public static PostgresProxy Start(string host, int port)
    {
        var proxy = new PostgresProxy(host, port);
        proxy._listener.Start();
        proxy._accepting = proxy.AcceptAsync();
        return proxy;
    }

    /// <summary>Cuts off the next so many writes of states.</summary>
    public void FailWrites(WriteFault fault, int count) => Interlocked.Add(ref _armed[(int)fault], count);

    /// <summary>Cuts every connection that there is.</summary>
    public void CutAll()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Cut();
        }
    }

    /// <summary>Cuts every connection, and every new one until it is called with false.</summary>
    public void SetAway(bool away)
    {
        _away = away;
        if (away)
        {
            CutAll();
        }
    }

    /// <summary>Lets everything pass again.</summary>
    public void Heal()
    {
        foreach (var fault in Faults)
        {
            Interlocked.Exchange(ref _armed[(int)fault], 0);
        }

        LetGo();
        _away = false;
    }

    /// <summary>Cuts the silo's end of every connection; what was on its way to the database still arrives.</summary>
    public void CutClients()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.CutClient();
        }
    }

    /// <summary>Lets the writes that are held go on to the database.</summary>
    public void LetGo() => Interlocked.Exchange(ref _letGo, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Completes when held writes may go on.</summary>
    internal Task LetGoAsync() => Volatile.Read(ref _letGo).Task;

    /// <summary>Which fault the write that begins now gets, if any.</summary>
    internal WriteFault? TakeFault()
    {
        foreach (var fault in Faults)
        {
            if (Interlocked.Decrement(ref _armed[(int)fault]) >= 0)
            {
                Interlocked.Increment(ref _hits[(int)fault]);
                return fault;
            }

            Interlocked.Increment(ref _armed[(int)fault]);
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        LetGo();
        _listener.Stop();
        await _accepting;
        CutAll();
        await Task.WhenAll(_connections.Values);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                if (_away)
                {
                    client.Dispose();
                    continue;
                }

                var connection = new ProxiedConnection(this, client);
                _connections[connection] = ServeAsync(connection);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy ends.
        }
    }

    private async Task ServeAsync(ProxiedConnection connection)
    {
        await Task.Yield();
        await connection.RunAsync(_host, _port);
        _connections.TryRemove(connection, out _);
    }
}
