using StellarPay.Bench.Wallet.Data;
using StellarPay.Bench.Wallet.Load;
using StellarPay.Bench.Wallet.Machine;

namespace StellarPay.Bench.Wallet;

/// <summary>
/// What wallets do on this machine, with PostgreSQL's own benchmark on the same cluster as the yardstick: sign-ups,
/// payments, balance reads, and what a hundred times as many wallets change.
/// </summary>
internal sealed class WalletBenchmark : IAsyncDisposable
{
    public const string Name = "wallet";

    /// <summary>The password hash's rounds while sign-ups, not hashes, are measured.</summary>
    public const int CheapIterations = 1_000;

    private const int ReadConnections = 64;
    private const int SignUpsAtOnce = 400;
    private const int FullHashSignUpsAtOnce = 64;
    private const int IdleWallets = 10_000;
    private const double BytesPerKib = 1024;
    private const double MillisecondsPerSecond = 1000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);

    private readonly WalletOptions _options;
    private readonly PrivatePostgres _postgres;
    private readonly Product _product;
    private readonly DatabaseUse _database;
    private readonly PgBench _yardstick;
    private readonly List<double> _pgbench = [];
    private readonly List<Phase> _phases = [];

    private WalletBenchmark(WalletOptions options, string folder, PrivatePostgres postgres)
    {
        _options = options;
        _postgres = postgres;
        _product = new Product(folder, postgres);
        _database = new DatabaseUse(postgres.ConnectionString);
        _yardstick = new PgBench(postgres);
    }

    private TimeSpan During => TimeSpan.FromSeconds(_options.Seconds);

    public static async Task<int> RunAsync(string[] args)
    {
        if (WalletOptions.Parse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync($"usage: bench {WalletOptions.Usage}");
            return 2;
        }

        using var folder = BenchFolder.Create(options.Keep);
        await using var postgres = folder.Stops(await PrivatePostgres.StartAsync(folder.Path));
        await using var benchmark = folder.Stops(new WalletBenchmark(options, folder.Path, postgres));
        var result = await benchmark.MeasureAsync();
        await Console.Out.WriteLineAsync(options.Json ? WalletReport.AsJson(result) : WalletReport.AsText(result));
        return result.WalletsWrong == 0 ? 0 : 1;
    }

    public ValueTask DisposeAsync() => _product.DisposeAsync();

    private async Task<WalletResult> MeasureAsync()
    {
        await SayAsync("PostgreSQL's own benchmark");
        await _yardstick.PrepareAsync();
        await _database.PrepareAsync();
        await YardstickAsync();
        var (fullHash, hashMilliseconds) = await SignUpWithFullHashAsync();
        await _product.StartAsync(CheapIterations);
        await using var watch = await EventWatch.StartAsync(_postgres.ConnectionString);
        var (signUps, people) = await SignUpAsync(watch);
        var books = await FundAsync(people);
        await YardstickAsync();
        var payments = await PayAsync($"payments, {_options.Few} wallets", watch, books);
        await YardstickAsync();
        var confirm = await PaceAsync(payments / 2, watch, books);
        var reads = await ReadAsync(people);
        await YardstickAsync();
        var idle = await GrowAsync(people);
        var grown = await PayAsync($"payments, {_options.Many} wallets", watch, books);
        await YardstickAsync();
        var wrong = await books.CountWrongAsync();
        var tps = _pgbench.Average();
        return new WalletResult(
            Math.Round(tps), _pgbench, Ratio(payments, tps, 4),
            Ratio(reads, tps, 3), confirm, Transactions(confirm), Ratio(signUps, tps, 4), Ratio(fullHash, tps, 4), hashMilliseconds,
            Ratio(grown * (_pgbench[1] + _pgbench[2]), payments * (_pgbench[3] + _pgbench[4]), 3),
            Math.Round(idle, 2), wrong, _phases.Sum(p => p.Errors.Values.Sum()), _phases);
    }

    private double Transactions(double milliseconds) =>
        Ratio(milliseconds * (_pgbench[2] + _pgbench[3]), 2 * PgBench.Clients * MillisecondsPerSecond, 1);

    // JSON knows no infinity; where nothing came about, the errors say why.
    private static double Ratio(double figure, double by, int places) => by > 0 ? Math.Round(figure / by, places) : 0;

    private async Task YardstickAsync() => _pgbench.Add(Math.Round(await _yardstick.MeasureAsync(Math.Max(5, _options.Seconds / 2))));

    private async Task<(double PerSecond, double HashMilliseconds)> SignUpWithFullHashAsync()
    {
        await SayAsync("sign-ups with production's password hash");
        await _product.StartAsync(passwordIterations: null);
        await using var watch = await EventWatch.StartAsync(_postgres.ConnectionString);
        var load = new SignUpLoad(_product.Port, watch, "slow");
        var probe = await ProbeAsync();
        var rate = await load.MeasureAsync(FullHashSignUpsAtOnce, WarmAsync, During / 2);
        _phases.Add(await probe.EndAsync(
            "sign-ups, production's password hash", rate, load.People.Count, ("answer", load.Answers), ("active", load.Active)));
        await _product.StopAsync();
        return (rate, PasswordHash.MeasureMilliseconds());
    }

    private async Task<(double PerSecond, IReadOnlyList<Person> People)> SignUpAsync(EventWatch watch)
    {
        await SayAsync("sign-ups");
        var load = new SignUpLoad(_product.Port, watch, "person");
        var probe = await ProbeAsync();
        var rate = await load.MeasureAsync(SignUpsAtOnce, WarmAsync, During);
        _phases.Add(await probe.EndAsync(
            "sign-ups", rate, load.People.Count, ("answer", load.Answers), ("active", load.Active)));
        await load.FillAsync(_options.Few, SignUpsAtOnce);
        return (rate, [.. load.People.Take(_options.Few)]);
    }

    private async Task<Books> FundAsync(IReadOnlyList<Person> people)
    {
        await SayAsync($"money for {people.Count} wallets");
        var books = await Funding.OfAsync(_product.Port, people, SignUpsAtOnce);
        await Task.Delay(WarmUp / 2);
        await books.OpenAsync();
        return books;
    }

    private async Task<double> PayAsync(string name, EventWatch watch, Books books)
    {
        await SayAsync(name);
        var series = new PaymentSeries();
        var before = books.Entered;
        var probe = await ProbeAsync();
        var rate = await new PaymentLoad(_product.Port, watch, books).MeasureAsync(
            _options.Lanes, WarmAsync, During, series);
        _phases.Add(await probe.EndAsync(
            name, rate, books.Entered - before, ("quote", series.Quote), ("confirm", series.Confirm), ("complete", series.Complete)));
        return rate;
    }

    private async Task<double> PaceAsync(double perSecond, EventWatch watch, Books books)
    {
        await SayAsync($"{perSecond:F0} payments a second");
        var series = new PaymentSeries();
        var load = new PaymentLoad(_product.Port, watch, books);
        await load.PaceAsync(perSecond, new SteadyState(_product, _postgres).WaitAsync(WarmUp / 2), new PaymentSeries());
        var before = books.Entered;
        var probe = await ProbeAsync();
        await load.PaceAsync(perSecond, Task.Delay(During), series);
        _phases.Add(await probe.EndAsync(
            "payments at half load", perSecond, books.Entered - before, ("quote", series.Quote), ("confirm", series.Confirm),
            ("confirm to submitted", series.Submitted), ("complete", series.Complete)));
        return series.Submitted.Sum().P99;
    }

    private async Task<double> ReadAsync(IReadOnlyList<Person> people)
    {
        await SayAsync("balance reads");
        // What the payments of before still have to tell people is no part of a read.
        await new SteadyState(_product, _postgres).WaitAsync(WarmUp);
        var load = new ReadLoad(_product.Port, people);
        var probe = await ProbeAsync();
        var rate = await load.MeasureAsync(ReadConnections, WarmUp / 2, During);
        _phases.Add(await probe.EndAsync(
            "balance reads", rate, (long)(rate * (During + (WarmUp / 2)).TotalSeconds), ("read", load.Reads)));
        return rate;
    }

    /// <summary>Fills the database, and measures what a wallet costs that was looked at once. Gives KiB.</summary>
    private async Task<double> GrowAsync(IReadOnlyList<Person> people)
    {
        await SayAsync($"{_options.Many} wallets");
        var many = new ManyWallets(_postgres.ConnectionString, _product.Port);
        await many.AddAsync(_options.Many - _options.Few, people[0]);
        await many.CatchUpAsync();
        var sleepers = await many.LogInAsync(Math.Min(IdleWallets, _options.Many - _options.Few));
        // First what the front door keeps of whoever calls; that is not the wallet's.
        await AskAsync(sleepers, "/v1/wallet/transactions?limit=1");
        var before = (await _product.ReadProcessAsync(collect: true)).GetProperty("managed_bytes").GetInt64();
        await AskAsync(sleepers, "/v1/wallet");
        var after = (await _product.ReadProcessAsync(collect: true)).GetProperty("managed_bytes").GetInt64();
        return (after - before) / BytesPerKib / sleepers.Length;
    }

    private Task WarmAsync() => new SteadyState(_product, _postgres).WaitAsync(WarmUp);

    private async Task AskAsync(Person[] people, string path)
    {
        using var connection = await WireConnection.OpenAsync(_product.Port);
        foreach (var person in people)
        {
            (await connection.GetAsync(path, person.Token)).Require(path);
        }
    }

    private async Task<Probe> ProbeAsync()
    {
        var probe = new Probe(_product, _postgres, _database);
        await probe.BeginAsync();
        return probe;
    }

    // Where it is, for whoever waits; standard output is the result's.
    private static Task SayAsync(string phase) => Console.Error.WriteLineAsync($"bench wallet: {phase} …");
}
