using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StellarPay.Bench.Wallet.Data;
using StellarPay.Bench.Wallet.Load;
using StellarPay.Bench.Wallet.Machine;

namespace StellarPay.Bench.Live;

/// <summary>
/// Ten thousand clients of the hub, each a user of its own with a wallet of its own: what they cost the server in memory,
/// how long they take to connect, and how late a changed balance reaches the one whose it is.
/// </summary>
internal static class LiveBenchmark
{
    public const string Name = "live";
    public const string Usage = "live [--clients N] [--seconds N] [--json]";

    private const double BytesPerMib = 1024 * 1024;
    private const int UsualClients = 10_000;
    private const int UsualSeconds = 20;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true,
    };

    public static async Task<int> RunAsync(string[] args)
    {
        var clients = Number(args, "--clients", UsualClients);
        var seconds = Number(args, "--seconds", UsualSeconds);
        if (clients < LivePushes.Writers || seconds < 1)
        {
            await Console.Error.WriteLineAsync($"usage: bench {Usage}");
            return 2;
        }

        using var folder = BenchFolder.Create();
        await using var postgres = folder.Stops(await PrivatePostgres.StartAsync(folder.Path));
        await using var product = folder.Stops(new Product(folder.Path, postgres));
        await product.StartAsync(Wallet.WalletBenchmark.CheapIterations);
        var people = await MakeAsync(postgres, product, clients);
        var tokens = Path.Combine(folder.Path, "tokens");
        await File.WriteAllLinesAsync(tokens, people.Select(person => person.Token));
        var before = product.ResidentBytes();
        var began = Stopwatch.GetTimestamp();
        using var client = StartClients(product.Port, tokens);
        while (await client.StandardOutput.ReadLineAsync() is { } line && line != LiveClients.Ready)
        {
        }

        var connecting = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await Task.Delay(Rest);
        var idle = product.ResidentBytes();
        var pushed = await LivePushes.RunAsync(postgres.ConnectionString, people, TimeSpan.FromSeconds(seconds));
        var busy = product.ResidentBytes();
        client.StandardInput.Close();
        var sum = JsonSerializer.Deserialize<LiveSum>(await client.StandardOutput.ReadToEndAsync())!;
        var result = new LiveResult(
            sum.Clients, sum.Lost, Mib(before), Mib(idle), Mib(busy), Math.Round((idle - before) / 1024.0 / clients, 1),
            Math.Round(connecting, 1), sum.Connect, pushed, sum.Pushes, sum.Push, sum.Errors);
        Console.WriteLine(args.Contains("--json") ? JsonSerializer.Serialize(result, Json) : Text(result));
        return sum.Lost == 0 && sum.Errors == 0 && sum.Pushes == pushed ? 0 : 1;
    }

    // One signs up and is copied as often as there are clients.
    private static async Task<Person[]> MakeAsync(PrivatePostgres postgres, Product product, int clients)
    {
        await using var watch = await EventWatch.StartAsync(postgres.ConnectionString);
        var first = new SignUpLoad(product.Port, watch, "first");
        await first.FillAsync(1, 1);
        var many = new ManyWallets(postgres.ConnectionString, product.Port);
        await many.AddAsync(clients, first.People.Single());
        await many.CatchUpAsync();
        return await many.LogInAsync(clients);
    }

    private static Process StartClients(int port, string tokens)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "StellarPay.Bench.dll");
        var info = new ProcessStartInfo("dotnet", [program, LiveClients.Name, port.ToString(CultureInfo.InvariantCulture), tokens])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(info)!;
    }

    private static string Text(LiveResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        clients            {result.Clients} connected in {result.ConnectSeconds:F1} s; {result.Lost} lost
        server's memory    {result.RssMibBefore} MiB before, {result.RssMibIdle} MiB with all, {result.RssMibBusy} MiB while pushing
                           {result.KibPerClient} KiB for each client and its wallet   (in all under 1024 MiB)
        to connect         p50 {result.Connect.P50} ms, p95 {result.Connect.P95} ms, p99 {result.Connect.P99} ms
        a changed balance  p50 {result.Push.P50} ms, p95 {result.Push.P95} ms, p99 {result.Push.P99} ms
                           {result.Received} of {result.Pushed} came
        errors             {result.Errors}
        """);

    private static long Mib(long bytes) => (long)(bytes / BytesPerMib);

    private static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at < 0 ? otherwise
            : at + 1 < args.Length && int.TryParse(args[at + 1], CultureInfo.InvariantCulture, out var number) ? number : -1;
    }
}

/// <summary>The figures of one run; with <c>--json</c> this is the object.</summary>
internal sealed record LiveResult(
    int Clients, int Lost, long RssMibBefore, long RssMibIdle, long RssMibBusy, double KibPerClient, double ConnectSeconds,
    Percentiles Connect, int Pushed, int Received, Percentiles Push, int Errors);
