using System.Diagnostics;
using System.Globalization;
using StellarPay.Bench.Fuzzing;

namespace StellarPay.Bench.Stellar;

/// <summary><c>bench stellar-fuzz [--count N] [--seed S]</c>: feeds so many damaged inputs to the XDR decoder, and as many
/// to StrKey's; the exit code is 0 if none got anything but the documented error out of them.</summary>
internal static class FuzzCommand
{
    public const string Name = "stellar-fuzz";

    private const long DefaultCount = 10_000_000;
    private const int DefaultSeed = 1;
    private const int Found = 1;
    private const int Misused = 2;

    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output)
    {
        if (!TryParse(args, out var count, out var seed))
        {
            await output.WriteLineAsync("usage: stellar-fuzz [--count N] [--seed S]");
            return Misused;
        }

        try
        {
            await output.WriteLineAsync($"seed {seed}, {count} inputs each");
            var xdr = XdrFuzz.OverSamples(seed);
            await output.WriteLineAsync($"XDR:    {Timed(() => xdr.Run(count))}, {xdr.Accepted} valid, {xdr.Refused} refused");
            var keys = new StrKeyFuzz(seed);
            await output.WriteLineAsync($"StrKey: {Timed(() => keys.Run(count))}, {keys.Accepted} valid, {keys.Refused} refused");
            return 0;
        }
        catch (InvalidOperationException finding)
        {
            await output.WriteLineAsync($"FOUND: {finding.Message}");
            await output.WriteLineAsync(finding.InnerException?.ToString());
            return Found;
        }
    }

    private static bool TryParse(IReadOnlyList<string> args, out long count, out int seed)
    {
        count = DefaultCount;
        seed = DefaultSeed;
        for (var i = 0; i + 1 < args.Count; i += 2)
        {
            var isRead = args[i] switch
            {
                "--count" => long.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out count),
                "--seed" => int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out seed),
                _ => false,
            };
            if (!isRead)
                return false;
        }

        return args.Count % 2 == 0;
    }

    private static string Timed(Action run)
    {
        var started = Stopwatch.GetTimestamp();
        run();
        return $"{Stopwatch.GetElapsedTime(started).TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)} s";
    }
}
