using System.Diagnostics.Metrics;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Adapters.Telemetry;

/// <summary>
/// What the database shows, as gauges. Every silo tells the same, so that it is told while any silo lives: take the
/// largest, never the sum.
/// </summary>
internal static class StandingTelemetry
{
    private const string Status = "stellarpay.status";
    private const string StateName = "stellarpay.grain.state";
    private const string Projection = "stellarpay.projection.name";

    private static volatile Reading? _latest;

    static StandingTelemetry()
    {
        Gauge("stellarpay.operations.parked", "{operation}", "Operations of the ledger that could not be taken.",
            now => now.Is.Parked.Select(one => With(one.Count, Status, one.Status)));
        Gauge("stellarpay.owner_rows", "{row}", "What owners told each other and was not taken in for ten seconds, 10000 at most, or was set aside.",
            now => now.Is.OwnerRows.Select(one => With(one.Count, Status, one.Status)));
        Gauge("stellarpay.deposits.suspended", "{deposit}", "Deposits to the platform's accounts that nobody was expecting.",
            now => now.Is.Suspended.Select(one => With(one.Count, Status, one.Status)));
        Gauge("stellarpay.wakeups.due", "{wakeup}", "Grains whose due time has come.",
            now => now.Is.Wakeups.Select(one => With(one.All, StateName, one.StateName)));
        Gauge("stellarpay.wakeups.late", "{wakeup}", "Grains that have been due for more than ten seconds.",
            now => now.Is.Wakeups.Select(one => With(one.Late, StateName, one.StateName)));
        Gauge("stellarpay.projection.lag", "{event}", "Events that a projection has not taken, 10000 at most.",
            now => now.Is.Projections.Select(one => With(one.Events, Projection, one.Projection)));
        Gauge("stellarpay.projection.delay", "s", "Age of the oldest event that a projection has not taken.",
            now => now.Is.Projections.Select(one => With(one.Delay.TotalSeconds, Projection, one.Projection)));
        Gauge<double>("stellarpay.outbox.delay", "s", "Age of the oldest committed event that readers may not see yet.",
            now => now.Is.EventsHeld is { } held ? [new Measurement<double>(held.TotalSeconds)] : []);
        Gauge<double>("stellarpay.database.oldest_write", "s", "How long the oldest transaction of the database cluster has been writing.",
            now => [new Measurement<double>(now.Is.OldestWriter?.For.TotalSeconds ?? 0)]);
        Gauge("stellarpay.projection.set_aside", "{event}", "Events that a projection could not take in.",
            now => now.Is.SetAside.Select(one => With(one.Count, Projection, one.Status)));
        Gauge("stellarpay.books.wrong", "{problem}",
            "Entries of the journal that could not be posted by their template, and balances of which the chain says something else.",
            now => now.Is.Books.Select(one => With(one.Count, Status, one.Status)));
        Gauge<long>("stellarpay.books.uncompared", "{account}",
            "Accounts that wait to be held against the chain, 10000 at most, and those of them of which it could not be told.",
            now => now.Is.Comparing is { } one ? [With(one.Waiting, Status, "waiting"), With(one.Unclear, Status, "unclear")] : []);
        Gauge<double>("stellarpay.books.uncompared.age", "s",
            "For how long the account that waits longest was not held against the chain, and how long the daily walk over all takes by now.",
            now => now.Is.Comparing is { } one
                ? [With(one.Oldest.TotalSeconds, Status, "oldest"), With(one.Walk.TotalSeconds, Status, "walk")]
                : []);
        Gauge<double>("stellarpay.follower.age", "s", "Time since the last ledger closed that all wallets have.",
            now => now.Is.Watermark is { } mark ? [new Measurement<double>((now.At - mark.ClosedAt).TotalSeconds)] : []);
    }

    /// <summary>The database was read; null where it could not be, and then nothing is told.</summary>
    public static void Stands(Standing? standing, DateTimeOffset at) => _latest = standing is null ? null : new Reading(standing, at);

    private static void Gauge<T>(string name, string unit, string description, Func<Reading, IEnumerable<Measurement<T>>> observe)
        where T : struct => StellarPayTelemetry.Meter.CreateObservableGauge(
            name, () => _latest is { } latest ? observe(latest) : [], unit, description);

    private static Measurement<T> With<T>(T value, string name, string tag)
        where T : struct => new(value, new KeyValuePair<string, object?>(name, tag));

    private sealed record Reading(Standing Is, DateTimeOffset At);
}
