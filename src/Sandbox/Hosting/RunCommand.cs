using System.Globalization;

namespace StellarPay.Sandbox.Hosting;

/// <summary><c>sandbox [--port N] [--data DIR] [--close-interval 1s]</c>: runs a network until it is told to stop.</summary>
internal static class RunCommand
{
    public const string Usage =
        """
        usage: sandbox [--port N] [--address IP] [--data DIR] [--passphrase TEXT] [--close-interval 1s]
               sandbox replay FILE…

          --port N              port of the Horizon API (8000)
          --address IP          address to listen on (127.0.0.1)
          --data DIR            keep the ledgers there; without it they are gone when the sandbox stops
          --passphrase TEXT     the network's passphrase (Standalone Network ; February 2017)
          --close-interval T    how often a ledger closes, such as 1s, 500ms or 5s; 0 closes one for each transaction
        """;

    private const int Failed = 1;
    private const int Misused = 2;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is ["--help" or "-h"])
        {
            await output.WriteLineAsync(Usage);
            return 0;
        }

        var options = new SandboxOptions();
        if (Parse(args, options) is { } mistake)
        {
            await errors.WriteLineAsync(mistake);
            await errors.WriteLineAsync(Usage);
            return Misused;
        }

        try
        {
            await using var host = await SandboxHost.StartAsync(options);
            await output.WriteLineAsync($"Horizon API    {host.BaseAddress}");
            await output.WriteLineAsync($"Friendbot      {host.BaseAddress}friendbot?addr=G…");
            await output.WriteLineAsync($"Passphrase     {options.Passphrase}");
            await output.WriteLineAsync($"USDC issuer    {host.UsdcIssuer}");
            await output.WriteLineAsync("Stop with Ctrl-C.");
            await host.WaitForShutdownAsync();
            return 0;
        }
        catch (SandboxStartException exception)
        {
            await errors.WriteLineAsync(exception.Message);
            return Failed;
        }
    }

    /// <summary>What is wrong with the arguments; null if nothing is.</summary>
    internal static string? Parse(string[] args, SandboxOptions options)
    {
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length)
            {
                return $"{args[i]} needs a value.";
            }

            if (Take(args[i], args[i + 1], options) is { } mistake)
            {
                return mistake;
            }
        }

        return null;
    }

    private static string? Take(string name, string value, SandboxOptions options)
    {
        switch (name)
        {
            case "--port" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                && port <= ushort.MaxValue:
                options.Port = port;
                return null;
            case "--address" when System.Net.IPAddress.TryParse(value, out _):
                options.Address = value;
                return null;
            case "--data":
                options.DataFolder = value;
                return null;
            case "--passphrase":
                options.Passphrase = value;
                return null;
            case "--close-interval" when TryParseInterval(value, out var interval):
                options.CloseInterval = interval;
                return null;
            case "--port" or "--address" or "--close-interval":
                return $"{value} is no value for {name}.";
            default:
                return $"There is no option {name}.";
        }
    }

    private static bool TryParseInterval(string text, out TimeSpan interval)
    {
        var (number, unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 1)
            : text.EndsWith('s') ? (text[..^1], 1_000)
            : (text, 1_000);
        interval = TimeSpan.Zero;
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > 3_600)
        {
            return false;
        }

        interval = TimeSpan.FromMilliseconds((long)count * unit);
        return true;
    }
}
