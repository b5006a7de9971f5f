using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using StellarPay.Adapters.Keys;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Settings;
using StellarPay.Grains;
using StellarPay.Grains.Keys;
using StellarPay.Silo.Hosting;

namespace StellarPay.Frontdoor.Keys;

/// <summary>
/// <c>./stellarpay keys …</c>. Speaks to the database and the keeper of the key-encryption key alone, so that it works
/// while nothing else runs, and while everything does.
/// </summary>
internal static class KeysCommand
{
    public const string Usage = """
        usage: stellarpay keys COMMAND
          status            which key-encryption keys wrap how many seeds, and how the rotation stands
          rotate            have all data keys wrapped by the current key, in the background
          new-kek           add a key to the local key ring; it wraps from now on
          list              the platform's accounts that have a key
          generate NAME     make the key of a platform account: treasury, suspense, notary,
                            sponsor_00, fees_00 …
          import NAME FILE  take in its seed (S…) from a file, or from standard input as -
        """;

    private const int Failed = 1;
    private const int WrongUsage = 2;

    /// <summary>Runs one command with the settings of the environment.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] command)
    {
        var code = 0;
        var failed = await StartFailures.ExplainAsync(async () => code = await RunWithSettingsAsync(command), SentenceOf);
        return failed != 0 ? failed : code;
    }

    /// <summary>Runs one command.</summary>
    internal static async Task<int> RunAsync(string[] command, KeysTools tools, Func<byte[]> readSeed, TextWriter output)
    {
        switch (command)
        {
            case ["status"]:
                return await ShowStatusAsync(tools, output);
            case ["rotate"]:
                await tools.Rotations.AskAsync(CancellationToken.None);
                await output.WriteLineAsync("A rotation is asked for; a running silo begins within a second. See: stellarpay keys status");
                return 0;
            case ["list"]:
                foreach (var account in await tools.Accounts.ListAsync(CancellationToken.None))
                {
                    await output.WriteLineAsync($"{account.Name} {account.Address} {account.KeyId}");
                }

                return 0;
            case ["generate", var name]:
                return await tools.AddAsync(name, seed: null, output) ? 0 : Failed;
            case ["import", var name, var file]:
                var seed = file == "-" ? readSeed() : await File.ReadAllBytesAsync(file);
                try
                {
                    return await tools.AddAsync(name, seed, output) ? 0 : Failed;
                }
                finally
                {
                    CryptographicOperations.ZeroMemory(seed);
                }

            default:
                await output.WriteLineAsync(Usage);
                return WrongUsage;
        }
    }

    private static async Task<int> RunWithSettingsAsync(string[] command)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddStellarPaySettings();
        var settings = builder.ReadStellarPaySettings();
        if (command is ["new-kek"])
        {
            await Console.Out.WriteLineAsync($"{KeyRings.Add(settings)} wraps from now on. Next: stellarpay keys rotate");
            return 0;
        }

        builder.Services.AddStellarPayDatabase();
        builder.Services.AddKeyEncryptionKey(settings);
        builder.Services.AddStellarPayKeys();
        builder.Services.AddSingleton<KeysTools>();
        using var host = builder.Build();
        await host.StartAsync();
        try
        {
            return await RunAsync(command, host.Services.GetRequiredService<KeysTools>(), ReadSeed, Console.Out);
        }
        finally
        {
            await host.StopAsync();
        }
    }

    private static async Task<int> ShowStatusAsync(KeysTools tools, TextWriter output)
    {
        var counts = await tools.Inventory.CountAsync(CancellationToken.None);
        var current = tools.KeyEncryptionKey.CurrentKeyId;
        foreach (var id in counts.Keys.Union(tools.KeyEncryptionKey.KeyIds).Order(StringComparer.Ordinal))
        {
            var note = id == current ? " (current)" : "";
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{id}{note}: {counts.GetValueOrDefault(id)} seeds"));
        }

        await output.WriteLineAsync(await tools.Rotations.FindAsync(CancellationToken.None) switch
        {
            null => "No rotation so far.",
            { FinishedAt: { } at, Running: false } done => string.Create(
                CultureInfo.InvariantCulture, $"The last rotation finished at {at:u}: {done.Rewrapped} data keys wrapped anew."),
            { } running => string.Create(
                CultureInfo.InvariantCulture,
                $"A rotation is under way: {running.Rewrapped} data keys wrapped anew, {running.Failed} failed in this pass. {running.LastError}").TrimEnd(),
        });
        return 0;
    }

    // Typed without echo, or piped in; never an argument, which every user of the machine could see.
    private static byte[] ReadSeed()
    {
        const int Longest = 256;
        var seed = GC.AllocateArray<byte>(Longest, pinned: true);
        var length = 0;
        if (Console.IsInputRedirected)
        {
            using var input = Console.OpenStandardInput();
            length = input.ReadAtLeast(seed, Longest, throwOnEndOfStream: false);
            return Cut(seed, length);
        }

        Console.Error.Write("Seed: ");
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key && length < Longest)
        {
            seed[length++] = (byte)key.KeyChar;
        }

        Console.Error.WriteLine();
        return Cut(seed, length);
    }

    private static byte[] Cut(byte[] seed, int length)
    {
        var cut = GC.AllocateArray<byte>(length, pinned: true);
        seed.AsSpan(0, length).CopyTo(cut);
        CryptographicOperations.ZeroMemory(seed);
        return cut;
    }

    internal static string? SentenceOf(Exception e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedTable } =>
            "the database is not up to date; start StellarPay once.",
        KeyEncryptionUnavailableException or FileNotFoundException or DirectoryNotFoundException or InvalidOperationException
            or FormatException or IOException => e.Message,
        _ => null,
    };
}
