using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace StellarPay.Chaos.Deployment;

/// <summary>
/// Hands out ports of 127.0.0.1, each once, from below those that the system gives to outgoing connections: a process that
/// was killed must find its port free when it starts again.
/// </summary>
internal sealed class FreePorts
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private int _next = RandomNumberGenerator.GetInt32(Count);

    public int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (_next++ % Count);
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new ChaosException($"No port from {First} to {First + Count - 1} is free.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
