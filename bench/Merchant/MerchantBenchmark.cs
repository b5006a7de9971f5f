using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StellarPay.Bench.Wallet;
using StellarPay.Bench.Wallet.Load;
using StellarPay.Bench.Wallet.Machine;
using StellarPay.Demo;

namespace StellarPay.Bench.Merchant;

/// <summary>
/// What merchants do on this machine, by PostgreSQL's own benchmark on the same cluster: sessions made, sessions paid by the ledger,
/// webhooks delivered, pages looked at; and whether a shop whose thousand sessions are paid in one ledger delays another's.
/// </summary>
internal static class MerchantBenchmark
{
    public const string Name = "merchant";
    public const string Usage = "merchant [--seconds N] [--json]";

    private const int Shops = 8;
    private const int Connections = 32;
    private const int Accounts = 12;
    private const int Crowded = 1_000;
    private const int Rounds = 4;
    private const int PagesPerSecond = 500;
    private const int UsualSeconds = 15;
    private const int YardstickSeconds = 5;
    private const string Password = "correct horse {0} battery";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true,
    };

    public static async Task<int> RunAsync(string[] args)
    {
        if (ReadSeconds(args) is not { } seconds)
        {
            await Console.Error.WriteLineAsync($"usage: bench {Usage}");
            return 2;
        }

        using var folder = BenchFolder.Create();
        await using var postgres = folder.Stops(await PrivatePostgres.StartAsync(folder.Path));
        await using var product = folder.Stops(new Product(folder.Path, postgres));
        var sandbox = FreePorts.Next();
        product.Set("STELLARPAY_SANDBOX_PORT", sandbox.ToString(CultureInfo.InvariantCulture));
        product.Set("StellarPay__Webhooks__AllowLoopback", "true");
        product.Set("StellarPay__RateLimits__CheckoutPerAddress", "1000000");
        foreach (var limit in (string[])["ApiPerKey", "ApiPerMerchant"])
        {
            for (var tier = 0; tier < 4; tier++)
            {
                product.Set($"StellarPay__RateLimits__{limit}__{tier}", "1000000");
            }
        }

        await product.StartAsync(WalletBenchmark.CheapIterations);
        var result = await MeasureAsync(product, postgres, sandbox, TimeSpan.FromSeconds(seconds));
        Console.WriteLine(args.Contains("--json") ? JsonSerializer.Serialize(result, Json) : Text(result));
        return 0;
    }

    private static async Task<MerchantResult> MeasureAsync(Product product, PrivatePostgres postgres, int sandbox, TimeSpan during)
    {
        var yardstick = new PgBench(postgres);
        await yardstick.PrepareAsync();
        await SayAsync("shops");
        await using var ledgers = LedgerWatch.Start(sandbox);
        await using var receiver = await WebhookReceiver.StartAsync(ledgers);
        var shops = await OpenAsync(product, postgres);
        var endpoints = await ListenAsync(product.Port, shops, receiver);
        using var crowd = await Crowd.GatherAsync(sandbox, Accounts);
        var paid = new PaidWatch(postgres.ConnectionString, ledgers);

        await SayAsync("sessions made");
        var load = new SessionLoad(product.Port, shops);
        var before = await yardstick.MeasureAsync(YardstickSeconds);
        var made = await load.MeasureAsync(Connections, () => new SteadyState(product, postgres).WaitAsync(WarmUp), during);
        var between = await yardstick.MeasureAsync(YardstickSeconds);

        await SayAsync("sessions paid");
        // As sessions are made for a while before that is measured: what was never called is not compiled yet.
        var (warm, burst) = (Math.Min(crowd.MostAtOnce, load.Made.Count / 8), Math.Min(crowd.MostAtOnce * Rounds, load.Made.Count / 2));
        await PayAsync(load.Made.Take(warm).ToArray(), crowd, paid, receiver);
        var (perSecond, told) = await PayAsync(load.Made.Skip(warm).Take(burst).ToArray(), crowd, paid, receiver);
        var after = await yardstick.MeasureAsync(YardstickSeconds);

        await SayAsync("webhooks, all that there are once more");
        var delivered = await ReplayAsync(product.Port, shops, endpoints, receiver, warm + burst);
        var last = await yardstick.MeasureAsync(YardstickSeconds);

        await SayAsync("webhooks, at a quiet pace");
        receiver.Delays.Clear();
        await PaceAsync([.. load.Made.Skip(warm + burst)], crowd, receiver, during);
        var delay = receiver.Delays.Sum();

        await SayAsync($"{Crowded} sessions of one shop in one ledger");
        var database = new DatabaseUse(postgres.ConnectionString);
        await database.PrepareAsync();
        var (crowded, other, statements) = await CrowdAsync(load, shops, crowd, paid, database);

        await SayAsync("pages");
        var open = await load.MakeAsync(shops[0], Connections, Connections);
        await new PageLoad(product.Port).PaceAsync(open, PagesPerSecond, WarmUp);
        var pages = new PageLoad(product.Port);
        await pages.PaceAsync(open, PagesPerSecond, during);

        return new MerchantResult(
            Math.Round((before + between + after + last) / 4),
            Math.Round(made, 1), Ratio(made, (before + between) / 2), load.Answers.Sum().P99,
            Math.Round(perSecond, 1), Ratio(perSecond, (between + after) / 2), Ratio(told, (between + after) / 2),
            Math.Round(delivered, 1), Ratio(delivered, (after + last) / 2), delay.P50, delay.P99,
            Math.Round(crowded, 2), Math.Round(other, 2), pages.Pages.Sum().P99, load.Answers.Failed + pages.Pages.Failed, statements);
    }

    private static async Task<Shop[]> OpenAsync(Product product, PrivatePostgres postgres)
    {
        await using var watch = await EventWatch.StartAsync(postgres.ConnectionString);
        var signUps = new SignUpLoad(product.Port, watch, "owner");
        await signUps.FillAsync(Shops, Shops);
        return await Task.WhenAll(signUps.People.Take(Shops).Select(owner => Shop.OpenAsync(
            product.Port, owner, string.Format(CultureInfo.InvariantCulture, Password, owner.Email["owner".Length..owner.Email.IndexOf('@')]))));
    }

    private static async Task<string[]> ListenAsync(int port, Shop[] shops, WebhookReceiver receiver)
    {
        using var connection = await WireConnection.OpenAsync(port);
        var endpoints = new List<string>();
        foreach (var shop in shops)
        {
            endpoints.Add(await shop.ListenAsync(connection, receiver.Address));
        }

        return [.. endpoints];
    }

    // A second, where nothing else is to be done: what is stored already is only read, sent and written down.
    private static async Task<double> ReplayAsync(int port, Shop[] shops, string[] endpoints, WebhookReceiver receiver, int count)
    {
        using var connection = await WireConnection.OpenAsync(port);
        var (taken, began) = (receiver.Taken, Stopwatch.GetTimestamp());
        foreach (var (shop, endpoint) in shops.Zip(endpoints))
        {
            await shop.ReplayAsync(connection, endpoint);
        }

        await UntilTakenAsync(receiver, taken + count);
        return count / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    // All that fits into each ledger, ledger after ledger: from the first transaction to the last session that is stored as paid, and to
    // the last that the shops' servers have heard of.
    private static async Task<(double Paid, double Told)> PayAsync(
        OpenSession[] sessions, Crowd crowd, PaidWatch paid, WebhookReceiver receiver)
    {
        var (before, taken) = (await paid.CountAsync(), receiver.Taken);
        var began = Stopwatch.GetTimestamp();
        foreach (var some in sessions.Chunk(crowd.MostAtOnce))
        {
            await crowd.PayAsync(some);
        }

        await paid.UntilAsync(before + sessions.Length);
        var stored = Stopwatch.GetElapsedTime(began);
        await UntilTakenAsync(receiver, taken + sessions.Length);
        return (sessions.Length / stored.TotalSeconds, sessions.Length / Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    // One a ledger or two: what the delay of a delivery is where nothing waits for anything.
    private static async Task PaceAsync(OpenSession[] sessions, Crowd crowd, WebhookReceiver receiver, TimeSpan during)
    {
        var (taken, sent) = (receiver.Taken, 0);
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < during && sent + Shops <= sessions.Length)
        {
            await crowd.PayAsync(sessions[sent..(sent + Shops)]);
            sent += Shops;
        }

        await UntilTakenAsync(receiver, taken + sent);
    }

    private static async Task<(double Crowded, double Other, List<StatementUse> Statements)> CrowdAsync(
        SessionLoad load, Shop[] shops, Crowd crowd, PaidWatch paid, DatabaseUse database)
    {
        var before = await paid.CountAsync();
        var crowded = await load.MakeAsync(shops[0], Crowded, Connections);
        var others = (await Task.WhenAll(shops[1..].Select(shop => load.MakeAsync(shop, 1, 1)))).SelectMany(each => each).ToArray();
        await database.ResetAsync();
        await crowd.PayAsync([.. crowded, .. others]);
        await paid.UntilAsync(before + crowded.Length + others.Length);
        var statements = await database.ReadStatementsAsync();
        return (await paid.LongestAsync(crowded), await paid.LongestAsync(others), statements);
    }

    private static async Task UntilTakenAsync(WebhookReceiver receiver, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (receiver.Taken < count)
        {
            await Task.Delay(1, patience.Token);
        }
    }

    private static double Ratio(double figure, double by) => by > 0 ? Math.Round(figure / by, 4) : 0;

    private static int? ReadSeconds(string[] args) => args.Where(arg => arg != "--json").ToArray() switch
    {
        [] => UsualSeconds,
        ["--seconds", var text] when int.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 => seconds,
        _ => null,
    };

    private static Task SayAsync(string phase) => Console.Error.WriteLineAsync($"bench merchant: {phase} …");

    private static string Text(MerchantResult result) => string.Create(CultureInfo.InvariantCulture, $"""
        sessions_created_ratio     {result.SessionsCreatedRatio:F4}   {result.SessionsCreatedPerSecond:F0} a second
        pgbench_tps                {result.PgbenchTps:F0}
        session_created_p99_ms     {result.SessionCreatedP99Ms:F0}
        sessions_paid_ratio        {result.SessionsPaidRatio:F4}   {result.SessionsPaidPerSecond:F0} a second
        sessions_told_ratio        {result.SessionsToldRatio:F4}   of the same, until the shops' servers had heard of the last
        webhooks_delivered_ratio   {result.WebhooksDeliveredRatio:F4}   {result.WebhooksDeliveredPerSecond:F0} a second
        webhook_delay_p99_ms       {result.WebhookDelayP99Ms:F0}   from the ledger's close, p50 {result.WebhookDelayP50Ms:F0}
        one_ledger_seconds         {result.OneLedgerSeconds:F2}   {Crowded} sessions of one shop
        one_ledger_others_seconds  {result.OneLedgerOthersSeconds:F2}   other shops' in the same
        checkout_page_p99_ms       {result.CheckoutPageP99Ms:F1}   at {PagesPerSecond} a second
        failed                     {result.Failed}
        what the database did for the sessions of one shop in one ledger:
        {string.Join('\n', result.OneLedgerStatements.Select(one => $"{one.Milliseconds,8:F0} ms {one.Calls,8} × {one.Text}"))}
        """);
}

/// <summary>The figures; with <c>--json</c> this is the object.</summary>
/// <param name="PgbenchTps">Transactions a second of PostgreSQL's own benchmark, between the phases.</param>
/// <param name="SessionsCreatedPerSecond">Sessions that were answered, a second.</param>
/// <param name="SessionsCreatedRatio">The same by pgbench's.</param>
/// <param name="SessionCreatedP99Ms">From request to answer under that load.</param>
/// <param name="SessionsPaidPerSecond">Sessions that were paid, a second, from the first transaction to the last event.</param>
/// <param name="SessionsPaidRatio">The same by pgbench's.</param>
/// <param name="SessionsToldRatio">The same until the shops' servers had heard of the last, by pgbench's.</param>
/// <param name="WebhooksDeliveredPerSecond">Deliveries a second of events that are stored already, to all shops at once.</param>
/// <param name="WebhooksDeliveredRatio">The same by pgbench's.</param>
/// <param name="WebhookDelayP50Ms">From the ledger's close to the delivery, at a quiet pace.</param>
/// <param name="WebhookDelayP99Ms">The same; one of a hundred took more.</param>
/// <param name="OneLedgerSeconds">From the close of a ledger that pays a thousand sessions of one shop until the last is stored as paid.</param>
/// <param name="OneLedgerOthersSeconds">The same of the sessions of other shops in that ledger.</param>
/// <param name="CheckoutPageP99Ms">A page, at 500 a second.</param>
/// <param name="Failed">Requests that were refused.</param>
/// <param name="OneLedgerStatements">What took the database longest meanwhile.</param>
internal sealed record MerchantResult(
    double PgbenchTps, double SessionsCreatedPerSecond, double SessionsCreatedRatio, double SessionCreatedP99Ms,
    double SessionsPaidPerSecond, double SessionsPaidRatio, double SessionsToldRatio, double WebhooksDeliveredPerSecond,
    double WebhooksDeliveredRatio, double WebhookDelayP50Ms, double WebhookDelayP99Ms,
    double OneLedgerSeconds, double OneLedgerOthersSeconds, double CheckoutPageP99Ms, int Failed,
    IReadOnlyList<StatementUse> OneLedgerStatements);
