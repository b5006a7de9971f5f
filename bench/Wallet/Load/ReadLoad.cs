using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace StellarPay.Bench.Wallet.Load;

/// <summary>
/// Balance reads over a few kept-alive connections, one request on each at a time. One thread with blocking sockets and
/// requests made beforehand, so that the load takes as little as it can from what it measures.
/// </summary>
internal sealed class ReadLoad(int port, IReadOnlyList<Person> people)
{
    private const int BufferBytes = 16 * 1024;
    private const int Ok = 200;

    private readonly byte[][] _requests =
        [.. people.Select(person => WireConnection.Request(port, "GET", "/v1/wallet", person.Token, ""))];

    private readonly byte[] _buffer = new byte[BufferBytes];

    public Series Reads { get; } = new();

    /// <summary>Reads a second. The warm-up does not count.</summary>
    public Task<double> MeasureAsync(int connections, TimeSpan warmUp, TimeSpan during) =>
        Task.Factory.StartNew(() => Run(connections, warmUp, during), TaskCreationOptions.LongRunning);

    private double Run(int connections, TimeSpan warmUp, TimeSpan during)
    {
        var sockets = Enumerable.Range(0, connections).Select(_ => Connect()).ToArray();
        var sent = new long[connections];
        var next = 0;
        for (var i = 0; i < connections; i++)
        {
            sent[i] = Send(sockets[i], next++);
        }

        Loop(sockets, sent, ref next, warmUp);
        Reads.Clear();
        var began = Stopwatch.GetTimestamp();
        Loop(sockets, sent, ref next, during);
        var rate = Reads.Count / Stopwatch.GetElapsedTime(began).TotalSeconds;
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }

        return rate;
    }

    private void Loop(Socket[] sockets, long[] sent, ref int next, TimeSpan during)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < during)
        {
            for (var i = 0; i < sockets.Length; i++)
            {
                Receive(sockets[i]);
                Reads.Add(Stopwatch.GetElapsedTime(sent[i]));
                sent[i] = Send(sockets[i], next++);
            }
        }
    }

    private long Send(Socket socket, int number)
    {
        var began = Stopwatch.GetTimestamp();
        socket.Send(_requests[number % _requests.Length]);
        return began;
    }

    private void Receive(Socket socket)
    {
        var received = 0;
        while (true)
        {
            var more = socket.Receive(_buffer, received, _buffer.Length - received, SocketFlags.None);
            received += more > 0 ? more : throw new IOException("The front door closed the connection.");
            if (WireAnswer.TryRead(_buffer.AsSpan(0, received), out var answer))
            {
                if (answer.Status != Ok || answer.BodyLength == 0)
                {
                    Reads.Fail($"status {answer.Status}");
                }

                return;
            }
        }
    }

    private Socket Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        return socket;
    }
}
