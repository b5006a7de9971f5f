using System.Globalization;
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
    public async Task Whatever_dies_repeats_or_times_out_every_payment_is_made_once_or_never()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var duration = TimeSpan.FromSeconds(Setting("STELLARPAY_CHAOS_SECONDS") ?? 60);
        deadline.CancelAfter(Patience + duration);
        var cluster = await PostgresCluster.GetAsync();
        var options = new ChaosOptions
        {
            Seed = Setting("STELLARPAY_CHAOS_SEED") ?? System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue),
            Duration = duration,
            Wallets = Wallets,
            Postgres = cluster.ConnectionString,
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
    }

    private void Say(string line) => output.WriteLine(line);

    private static int? Setting(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value) ? value : null;
}
