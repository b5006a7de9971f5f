using System.Globalization;
using System.Text.Json;
using StellarPay.Bench.Wallet;
using StellarPay.Bench.Wallet.Load;
using StellarPay.Bench.Wallet.Machine;

namespace StellarPay.Bench.Limits;

/// <summary>
/// What trust at the door costs: an entry of the audit log beside a bare row; of each request how long a front door with its own silo takes
/// to count it by a rate limit, by the histogram that it tells itself, with the default limit of a user; and what payments there are with
/// all that, beside PostgreSQL's own benchmark, as <c>bench wallet</c> counts them.
/// </summary>
internal static class AccountBenchmark
{
    public const string Name = "account";
    public const string Usage = "account [--seconds N] [--json]";

    private const string Limit = "api";
    private const int People = 64;
    private const int Payers = 1_000;
    private const int SignUpsAtOnce = 400;
    private const int UsualSeconds = 20;
    private const int YardstickSeconds = 5;

    // Twice a second, so that most are counted by what the front door holds; and so seldom that it holds nothing each time.
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);
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

        var during = TimeSpan.FromSeconds(seconds);
        using var folder = BenchFolder.Create();
        await using var postgres = folder.Stops(await PrivatePostgres.StartAsync(folder.Path));
        await using var product = folder.Stops(new Product(folder.Path, postgres));
        using var metrics = new RateLimitMetrics(product.TellMetrics());
        product.Set("StellarPay__RateLimits__ApiPerUser", "1200");
        await product.StartAsync(WalletBenchmark.CheapIterations);
        await using var watch = await EventWatch.StartAsync(postgres.ConnectionString);
        var signUps = new SignUpLoad(product.Port, watch, "person");
        await signUps.FillAsync(Payers, SignUpsAtOnce);
        Person[] people = [.. signUps.People.Take(People)];
        await AskAsync(product.Port, people, Often, WarmUp);
        var often = await MeasureAsync(metrics, () => AskAsync(product.Port, people, Often, during));
        var seldom = await MeasureAsync(metrics, () => AskAsync(product.Port, people, Seldom, during + Seldom));
        var (chained, bare) = await AuditAppends.MeasureAsync(postgres.ConnectionString);
        var yardstick = new PgBench(postgres);
        await yardstick.PrepareAsync();
        var before = await yardstick.MeasureAsync(YardstickSeconds);
        var paid = await PayAsync(product, postgres, watch, [.. signUps.People.Take(Payers)], during);
        var tps = (before + await yardstick.MeasureAsync(YardstickSeconds)) / 2;
        var result = new AccountResult(
            often.At(0.5), often.At(0.99), often.Count, seldom.At(0.5), seldom.At(0.99), seldom.Count, chained, bare,
            Math.Round(tps), Math.Round(paid, 1), Math.Round(paid / tps, 4));
        Console.WriteLine(args.Contains("--json") ? JsonSerializer.Serialize(result, Json) : Text(result));
        return 0;
    }

    private static async Task<double> PayAsync(
        Product product, PrivatePostgres postgres, EventWatch watch, Person[] payers, TimeSpan during)
    {
        var books = await Funding.OfAsync(product.Port, payers, SignUpsAtOnce);
        await Task.Delay(WarmUp / 2);
        await books.OpenAsync();
        return await new PaymentLoad(product.Port, watch, books).MeasureAsync(
            lanes: 1, () => new SteadyState(product, postgres).WaitAsync(WarmUp), during, new PaymentSeries());
    }

    private static int? ReadSeconds(string[] args) => args.Where(arg => arg != "--json").ToArray() switch
    {
        [] => UsualSeconds,
        ["--seconds", var text] when int.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 => seconds,
        _ => null,
    };

    private static async Task<DurationHistogram> MeasureAsync(RateLimitMetrics metrics, Func<Task> work)
    {
        var before = await metrics.ReadAsync(Limit);
        await work();
        return (await metrics.ReadAsync(Limit)).Since(before);
    }

    // Each on a connection of its own, not all at one moment.
    private static Task AskAsync(int port, Person[] people, TimeSpan every, TimeSpan during) =>
        Task.WhenAll(people.Select(async (person, n) =>
        {
            using var connection = await WireConnection.OpenAsync(port);
            await Task.Delay(every * ((double)n / people.Length));
            using var ticks = new PeriodicTimer(every);
            for (var asked = 0; asked < Math.Max(1, (int)(during / every)); asked++)
            {
                (await connection.GetAsync("/v1/wallet", person.Token)).Require("The wallet");
                await ticks.WaitForNextTickAsync();
            }
        }));

    private static string Text(AccountResult result) => string.Create(CultureInfo.InvariantCulture, $"""
        rate_limit_check_p50_us   {result.RateLimitCheckP50Us:F1}   (at most 50)
        rate_limit_check_p99_us   {result.RateLimitCheckP99Us:F1}   of {result.RateLimitChecks}, each of {People} users twice a second
        rate_limit_asked_p50_us   {result.RateLimitAskedP50Us:F1}   where the silo is asked each time
        rate_limit_asked_p99_us   {result.RateLimitAskedP99Us:F1}   of {result.RateLimitAsks}
        audit_append_p50_us       {result.AuditAppendP50Us:F1}   one command
        bare_insert_p50_us        {result.BareInsertP50Us:F1}   the same row, without a chain
        payments_ratio            {result.PaymentsRatio:F4}   {result.PaymentsPerSecond:F0} a second, of {result.PgbenchTps:F0} of pgbench
        """);
}

/// <summary>The figures; with <c>--json</c> this is the object.</summary>
/// <param name="RateLimitCheckP50Us">Until a request was counted by its user's limit, in microseconds; half took less.</param>
/// <param name="RateLimitCheckP99Us">The same; one of a hundred took more.</param>
/// <param name="RateLimitChecks">How many there were.</param>
/// <param name="RateLimitAskedP50Us">The same where each asked the silo.</param>
/// <param name="RateLimitAskedP99Us">The same where each asked the silo; one of a hundred took more.</param>
/// <param name="RateLimitAsks">How many there were.</param>
/// <param name="AuditAppendP50Us">How long an entry of the audit log takes, in microseconds, by one writer.</param>
/// <param name="BareInsertP50Us">The same for a row of a table without chains.</param>
/// <param name="PgbenchTps">Transactions a second of PostgreSQL's own benchmark, before and after the payments.</param>
/// <param name="PaymentsPerSecond">Payments that were complete, a second.</param>
/// <param name="PaymentsRatio">The one by the other.</param>
internal sealed record AccountResult(
    double RateLimitCheckP50Us, double RateLimitCheckP99Us, long RateLimitChecks, double RateLimitAskedP50Us, double RateLimitAskedP99Us,
    long RateLimitAsks, double AuditAppendP50Us, double BareInsertP50Us, double PgbenchTps, double PaymentsPerSecond, double PaymentsRatio);
