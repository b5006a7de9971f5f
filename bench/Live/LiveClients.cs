using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using StellarPay.Bench.Wallet.Load;

namespace StellarPay.Bench.Live;

/// <summary>
/// The clients of <c>bench live</c>, a process of their own: connects one for each token that a file holds, says so, and
/// at the end of its input says what came and how late. A pushed balance's revision is the moment at which it was sent.
/// </summary>
internal sealed partial class LiveClients(int port, string[] tokens)
{
    public const string Name = "live-clients";
    public const string Ready = "ready";

    private const int ConnectingAtOnce = 64;
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(10);

    private readonly Series _pushes = new();
    private readonly Series _connects = new();
    private readonly LiveClient[] _clients = [.. tokens.Select(_ => new LiveClient())];

    public static async Task<int> RunAsync(string[] args)
    {
        var clients = new LiveClients(int.Parse(args[0], CultureInfo.InvariantCulture), await File.ReadAllLinesAsync(args[1]));
        return await clients.RunAsync();
    }

    /// <summary>Microseconds of a clock that all processes of the machine share.</summary>
    public static long Microseconds() => (long)(Stopwatch.GetTimestamp() * (1e6 / Stopwatch.Frequency));

    private async Task<int> RunAsync()
    {
        await ConnectAsync();
        var listening = _clients.Select(ListenAsync).ToArray();
        _ = PingAsync();
        Console.WriteLine(Ready);
        await Console.In.ReadToEndAsync();
        var lost = listening.Count(task => task.IsCompleted);
        Console.WriteLine(JsonSerializer.Serialize(new LiveSum(
            _clients.Length, lost, _connects.Sum(), _pushes.Count, _pushes.Sum(), _pushes.Errors.Values.Sum())));
        return 0;
    }

    private Task ConnectAsync()
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, ConnectingAtOnce).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var i && i < _clients.Length)
            {
                var began = Stopwatch.GetTimestamp();
                await _clients[i].ConnectAsync(port, tokens[i]);
                _connects.Add(Stopwatch.GetElapsedTime(began));
            }
        }));
    }

    private async Task ListenAsync(LiveClient client)
    {
        try
        {
            for (var last = 0L; ;)
            {
                foreach (Match balance in Balance().Matches(await client.ReadAsync()))
                {
                    var sent = long.Parse(balance.Groups[1].Value, CultureInfo.InvariantCulture);
                    _pushes.Add(TimeSpan.FromMicroseconds(Microseconds() - sent));
                    if (sent <= last)
                    {
                        _pushes.Fail("out of order");
                    }

                    last = sent;
                }
            }
        }
        catch (IOException e)
        {
            _pushes.Fail(e.Message);
        }
    }

    private async Task PingAsync()
    {
        while (true)
        {
            await Task.Delay(PingInterval);
            foreach (var client in _clients)
            {
                await client.PingAsync();
            }
        }
    }

    [GeneratedRegex("\"target\":\"balance\".*?\"revision\":([0-9]+)")]
    private static partial Regex Balance();
}

/// <summary>What the clients have seen.</summary>
internal sealed record LiveSum(int Clients, int Lost, Percentiles Connect, int Pushes, Percentiles Push, int Errors);
