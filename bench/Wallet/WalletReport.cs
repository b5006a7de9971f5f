using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StellarPay.Bench.Wallet;

/// <summary>Writes a result for people, or as JSON.</summary>
internal static class WalletReport
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string AsJson(WalletResult result) => JsonSerializer.Serialize(result, Json);

    public static string AsText(WalletResult result)
    {
        var text = new StringBuilder();
        foreach (var phase in result.Phases)
        {
            Write(text, phase);
        }

        Line(text, $"pgbench -N -c 16        {result.PgbenchTps:F0} tps, the mean of {string.Join(", ", result.PgbenchRuns.Select(r => r.ToString("F0", CultureInfo.InvariantCulture)))}");
        Line(text, $"payments_ratio          {result.PaymentsRatio:F4}   (at least 0.12, aim 0.18)");
        Line(text, $"balance_reads_ratio     {result.BalanceReadsRatio:F3}    (at least 5)");
        Line(text, $"confirm_p99_ms          {result.ConfirmP99Ms:F1}     (under 50)");
        Line(text, $"  in pgbench transactions {result.ConfirmP99Transactions:F1}  (50 ms were 13.1 of them on the machine that was asked: 16 clients, 4,186 tps)");
        Line(text, $"signups_ratio           {result.SignupsRatio:F4}   (at least 0.04; password hash of {WalletBenchmark.CheapIterations} rounds)");
        Line(text, $"  with production's hash {result.SignupsFullHashRatio:F4}  ({result.SignupPasswordHashMs:F1} ms of processor time for each hash)");
        Line(text, $"growth_ratio            {result.GrowthRatio:F3}    (at least 0.95)");
        Line(text, $"idle_wallet_kib         {result.IdleWalletKib:F1}     (under 8)");
        Line(text, $"wallets_wrong           {result.WalletsWrong}        (must be 0)");
        return text.ToString();
    }

    private static void Write(StringBuilder text, Phase phase)
    {
        Line(text, $"{phase.Name}: {phase.PerSecond:F1}/s");
        foreach (var (step, latency) in phase.Latencies)
        {
            Line(text, $"  {step,-22} p50 {latency.P50:F1} ms, p95 {latency.P95:F1} ms, p99 {latency.P99:F1} ms");
        }

        var use = phase.ProcessorSeconds.OrderByDescending(u => u.Value).Select(u => $"{u.Key} {u.Value / phase.Seconds:F2}");
        Line(text, $"  processors             {string.Join(", ", use)}");
        var each = phase.ProcessorMillisecondsEach.OrderByDescending(u => u.Value).Select(u => $"{u.Key} {u.Value:F3}");
        Line(text, $"  processor ms for each  {string.Join(", ", each)}");
        Line(text, $"  for each               {phase.LogBytesEach} B of database log, {phase.AllocatedBytesEach} B allocated; collector paused {phase.GcPauseMilliseconds} ms in {phase.Seconds:F0} s");
        foreach (var statement in phase.Statements.Where(s => s.Milliseconds >= 10))
        {
            Line(text, $"  {statement.Milliseconds,8:F0} ms {statement.Calls,8} × {statement.Text}");
        }

        Line(text, $"  errors                 {(phase.Errors.Count == 0 ? "none" : string.Join(", ", phase.Errors.Select(e => $"{e.Value} × {e.Key}")))}");
        text.AppendLine();
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
