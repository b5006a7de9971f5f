using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace StellarPay.Demo;

/// <summary>
/// Hands out ports of 127.0.0.1, each once, also among processes that run at the same time. They are from below those that the
/// system gives to outgoing connections: between the draw and the start of what listens there, or while a killed process is
/// away, any connection of the machine could get such a port.
/// </summary>
internal static class FreePorts
{
    private const int First = 20_000;
    private const int Count = 12_000;

    private static readonly Lock Drawing = new();

    // Held until this process ends: the system lets go of them then, however it ends.
    private static readonly List<FileStream> Held = [];
    private static int _next = RandomNumberGenerator.GetInt32(Count);

    public static int Next()
    {
        lock (Drawing)
        {
            for (var tries = 0; tries < Count; tries++)
            {
                var port = First + (_next++ % Count);
                if (TryHold(port) && IsFree(port))
                {
                    return port;
                }
            }
        }

        throw new InvalidOperationException($"No port from {First} to {First + Count - 1} is free.");
    }

    private static bool TryHold(int port)
    {
        try
        {
            var folder = Path.Combine(Path.GetTempPath(), $"stellarpay-ports-{Environment.UserName}");
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, port.ToString(CultureInfo.InvariantCulture));
            Held.Add(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
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
