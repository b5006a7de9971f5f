using System.Diagnostics;
using StellarPay.Chaos.Audit;
using StellarPay.Chaos.Audit.Evidence;
using StellarPay.Chaos.Clients;
using StellarPay.Chaos.Clients.Network;
using StellarPay.Chaos.Deployment;
using StellarPay.Chaos.Faults;
using StellarPay.Chaos.Plan;

namespace StellarPay.Chaos;

/// <summary>
/// One run: a system of its own, clients that pay, faults, healing, and then the auditor. docs/chaos.md tells it for people.
/// </summary>
public static class ChaosRun
{
    private static readonly TimeSpan PrepareDeadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan HealDeadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan RestDeadline = TimeSpan.FromMinutes(2);
    // Longer than a quote or a signed payment is valid: what has not changed since will not.
    private static readonly TimeSpan StillFor = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan AuditEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);

    /// <summary>Carries a run out.</summary>
    /// <param name="options">What it is to be.</param>
    /// <param name="say">Is told how far it is.</param>
    /// <param name="cancellationToken">Ends it without a report.</param>
    /// <exception cref="ChaosException">It could not be carried out.</exception>
    public static async Task<ChaosReport> RunAsync(ChaosOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        say($"chaos seed {options.Seed}: {options.Duration.TotalSeconds:0} s, {options.Wallets} wallets");
        var plan = ChaosPlan.Draw(options.Seed, options.Duration, options.Wallets, options.ActionsPerSecond);
        await using var cluster = await ChaosCluster.StartAsync(options, cancellationToken);
        var log = new ObservationLog();
        using var network = await ChaosNetwork.ReadAsync(cluster.Sandbox, cancellationToken);
        await using var clients = new ChaosClients(plan, cluster.FrontDoor.Address, network, log);
        using var faults = new FaultInjector(plan, cluster);
        using (var deadline = Deadline(PrepareDeadline, cancellationToken))
        {
            await clients.PrepareAsync(cluster.Database.MakeAdministratorAsync, deadline.Token);
        }

        say($"{plan.Wallets} wallets are open; {plan.Actions.Count} actions and {plan.Faults.Count} faults follow");
        var healing = await DriveAsync(plan, cluster, clients, faults, say, cancellationToken);
        var limits = new LimitRule(options.Limits.Payment, options.Limits.Daily, options.Limits.Monthly, ChaosLimits.Prices);
        var (evidence, findings) = await AuditAsync(cluster, clients, log, limits, say, cancellationToken);
        return Report(options, cluster, clients, faults, evidence, findings, Stopwatch.GetElapsedTime(healing));
    }

    // Returns when healing began.
    private static async Task<long> DriveAsync(
        ChaosPlan plan, ChaosCluster cluster, ChaosClients clients, FaultInjector faults, Action<string> say,
        CancellationToken cancellationToken)
    {
        cluster.KeepAlive();
        using var deadline = Deadline(plan.Duration + HealDeadline, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        var acting = clients.RunAsync(started, deadline.Token);
        await faults.RunAsync(started, deadline.Token);
        var healing = Stopwatch.GetTimestamp();
        await cluster.HealAsync(deadline.Token);
        say($"{cluster.Deaths.Count} deaths; {Seconds()} every process is up again");
        await acting;
        say($"{Seconds()} every request has its answer");
        await Task.WhenAll(clients.DecideRestAsync(deadline.Token), clients.RepeatAllAsync(deadline.Token));
        say($"{Seconds()} it had the same one when it was repeated");
        return healing;

        string Seconds() => $"after {Stopwatch.GetElapsedTime(healing).TotalSeconds:0} s of healing";
    }

    // At rest it agrees; on the way there it need not. What is wrong at the deadline is wrong.
    private static async Task<(AuditEvidence Evidence, IReadOnlyList<Finding> Findings)> AuditAsync(
        ChaosCluster cluster, ChaosClients clients, ObservationLog log, LimitRule limits, Action<string> say,
        CancellationToken cancellationToken)
    {
        var database = new DatabaseReader(cluster.Database.Direct);
        using var ledger = new LedgerReader(cluster.Sandbox);
        var began = Stopwatch.GetTimestamp();
        var open = await database.OpenAsync(cancellationToken);
        while (open.Count > 0 && Stopwatch.GetElapsedTime(began) < RestDeadline)
        {
            await Task.Delay(PollEvery, cancellationToken);
            open = await database.OpenAsync(cancellationToken);
        }

        say($"{Stopwatch.GetElapsedTime(began).TotalSeconds:0} s later there is open: "
            + (open.Count == 0 ? "nothing" : string.Join(", ", open.Select(kind => $"{kind.Count} {kind.Kind}"))));

        IReadOnlyList<Finding> before = [];
        var changed = began;
        while (true)
        {
            var rows = await database.ReadAsync(cancellationToken);
            var evidence = new AuditEvidence(
                await ledger.ReadAsync(cancellationToken),
                rows,
                await UserReader.ReadAsync(clients.Users, rows, cancellationToken),
                log.All,
                limits,
                TimeSpan.FromSeconds(ChaosLimits.PaymentValidSeconds))
            {
                Hub = clients.HubPictures,
                Merchants = await MerchantReader.ReadAsync(clients.Shops, cancellationToken),
            };
            var findings = Auditor.Audit(evidence);
            if (!findings.SequenceEqual(before))
            {
                (before, changed) = (findings, Stopwatch.GetTimestamp());
            }

            if (findings.Count == 0 || Stopwatch.GetElapsedTime(began) > RestDeadline || Stopwatch.GetElapsedTime(changed) > StillFor)
            {
                return (evidence, findings);
            }

            say($"{findings.Count} findings after {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s, such as {findings[0]}");
            await Task.Delay(AuditEvery, cancellationToken);
        }
    }

    private static ChaosReport Report(
        ChaosOptions options, ChaosCluster cluster, ChaosClients clients, FaultInjector faults, AuditEvidence evidence,
        IReadOnlyList<Finding> findings, TimeSpan healing) => new()
        {
            Seed = options.Seed,
            Silos = options.Silos,
            Seconds = options.Duration.TotalSeconds,
            HealingSeconds = healing.TotalSeconds,
            Wallets = clients.Users.Count,
            Payments = Count(evidence.Payments.Values.Select(payment => payment.Status)),
            Requests = evidence.Observations.Count,
            Unanswered = evidence.Observations.Count(seen => seen.Answered is null),
            Refusals = Count(evidence.Observations.Where(seen => seen.Error is not null).Select(seen => $"{seen.Status} {seen.Error}")),
            Kills = cluster.Deaths.Count,
            UnexpectedEnds = [.. cluster.UnexpectedEnds],
            Faults = new SortedDictionary<string, int>(faults.Injected, StringComparer.Ordinal),
            PointsHit = Count(cluster.PointsHit),
            WritesCutBefore = cluster.Database.Proxy.HitsOf(WriteFault.BeforeItTookEffect),
            WritesCutAfter = cluster.Database.Proxy.HitsOf(WriteFault.AfterItTookEffect),
            GivenUp = [.. clients.GivenUp],
            Deaths = Count(cluster.Deaths.Select(death => death.Process)),
            Happened = Happenings.Count(evidence),
            Findings = findings,
        };

    private static Dictionary<string, int> Count(IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    private static CancellationTokenSource Deadline(TimeSpan after, CancellationToken cancellationToken)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(after);
        return deadline;
    }
}
