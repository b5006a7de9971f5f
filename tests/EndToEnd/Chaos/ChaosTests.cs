using System.Globalization;
using System.Security.Cryptography;
using StellarPay.Chaos;
using StellarPay.Tests.Shared;

namespace StellarPay.EndToEnd.Tests.Chaos;

/// <summary>
/// A minute of everything going wrong at once, and then the auditor. A run that fails prints its seed; with
/// STELLARPAY_CHAOS_SEED it draws the same plan again, and with STELLARPAY_CHAOS_SECONDS it goes on for longer.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Wallets = 24;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(12);

    [Fact]
    public Task Whatever_dies_repeats_or_times_out_every_payment_is_made_once_or_never() => RunAsync(
        Setting("STELLARPAY_CHAOS_SEED") ?? NewSeed(), silos: 2, TimeSpan.FromSeconds(Setting("STELLARPAY_CHAOS_SECONDS") ?? 60));

    /// <summary>For <c>./stellarpay test --all</c>: longer, in one process and in several.</summary>
    [Theory(Explicit = true)]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public Task However_long_it_goes_on_every_payment_is_made_once_or_never(int silos) =>
        RunAsync(NewSeed(), silos, TimeSpan.FromMinutes(3));

    private async Task RunAsync(int seed, int silos, TimeSpan duration)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience + duration);
        var options = new ChaosOptions
        {
            Seed = seed,
            Silos = silos,
            Duration = duration,
            Wallets = Wallets,
            Postgres = (await PostgresCluster.GetAsync()).ConnectionString,
            LogFolder = Environment.GetEnvironmentVariable("STELLARPAY_CHAOS_LOGS"),
        };

        var report = await ChaosRun.RunAsync(options, Say, deadline.Token);

        Say(report.ToString());
        report.Findings.ShouldBeEmpty(report.ToString());
        report.GivenUp.ShouldBeEmpty(report.ToString());
        // A run in which little happened proves little.
        report.Wallets.ShouldBeGreaterThanOrEqualTo(Wallets);
        report.PaymentCount.ShouldBeGreaterThan(200, report.ToString());
        report.Payments["succeeded"].ShouldBeGreaterThan(100, report.ToString());
        report.Kills.ShouldBeGreaterThanOrEqualTo(3, report.ToString());
        report.WritesCutBefore.ShouldBeGreaterThan(0, report.ToString());
        report.WritesCutAfter.ShouldBeGreaterThan(0, report.ToString());
        foreach (var kind in report.Happened)
        {
            kind.Value.ShouldBeGreaterThan(0, $"{kind.Key}\n{report}");
        }

        report.Deaths.Keys.ShouldContain("sandbox", report.ToString());
        if (silos > 0)
        {
            report.Deaths.Keys.ShouldContain("front door", report.ToString());
        }
    }

    private void Say(string line) => output.WriteLine(line);

    private static int NewSeed() => RandomNumberGenerator.GetInt32(int.MaxValue);

    private static int? Setting(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : null;
}
