using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StellarPay.Bench.Sandbox;

namespace StellarPay.Bench.Stellar;

/// <summary>
/// <c>bench stellar [--json]</c>: what a payment costs in processor time, and how many times as much it costs with the
/// official JS SDK on this machine, both measured in turns, so that a busy machine is busy for both; then what the
/// sandbox network takes.
/// </summary>
internal static class StellarBenchmark
{
    public const string Name = "stellar";

    private const int Rounds = 3;
    private const double SecondsPerPart = 1;

    public static async Task<int> RunAsync(string[] args)
    {
        using var work = new PaymentWork();
        var withNode = await JavaScriptSdk.TryInstallAsync();
        var ours = new List<PaymentCost>();
        var theirs = new List<PaymentCost>();
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(Measure(work));
            if (withNode)
            {
                theirs.Add(await JavaScriptSdk.MeasureAsync(SecondsPerPart));
            }
        }

        var sandbox = await SandboxBenchmark.MeasureAsync();
        Print(Best(ours), withNode ? Best(theirs) : null, sandbox, args.Contains("--json"));
        return 0;
    }

    private static PaymentCost Measure(PaymentWork work)
    {
        var xdr = work.BuildSignEncode();
        CostOf(() => work.BuildSignEncode());
        var build = CostOf(() => work.BuildSignEncode());
        CostOf(() => work.DecodeVerify(xdr));
        var decode = CostOf(() => work.DecodeVerify(xdr));
        return new PaymentCost(build, decode);
    }

    // Processor time of the whole process, garbage collection and compilation included, as Node's is.
    private static double CostOf(Action work)
    {
        var before = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        var calls = 0;
        while (watch.Elapsed.TotalSeconds < SecondsPerPart)
        {
            work();
            calls++;
        }

        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / calls;
    }

    // What is above the least is other programs' doing.
    private static PaymentCost Best(List<PaymentCost> costs) => new(
        costs.Min(cost => cost.BuildSignEncode), costs.Min(cost => cost.DecodeVerify));

    private static void Print(PaymentCost ours, PaymentCost? theirs, SandboxFigures sandbox, bool json)
    {
        var build = theirs is null ? null : theirs.BuildSignEncode / ours.BuildSignEncode as double?;
        var decode = theirs is null ? null : theirs.DecodeVerify / ours.DecodeVerify as double?;
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, double?>
            {
                ["build_sign_encode_ratio"] = build,
                ["decode_verify_ratio"] = decode,
                ["sandbox_in_process_tps"] = sandbox.InProcessTps,
                ["sandbox_http_tps"] = sandbox.HttpTps,
                ["accounts_mib"] = sandbox.AccountsMebibytes,
                ["build_sign_encode_us"] = ours.BuildSignEncode,
                ["decode_verify_us"] = ours.DecodeVerify,
            }));
            return;
        }

        Line("build, sign and encode a payment", ours.BuildSignEncode, theirs?.BuildSignEncode, build);
        Line("decode and verify a payment", ours.DecodeVerify, theirs?.DecodeVerify, decode);
        Line("sandbox, payments a second", sandbox.InProcessTps, "in process");
        Line("sandbox, payments a second", sandbox.HttpTps, "through HTTP");
        Line("sandbox, a million accounts", sandbox.AccountsMebibytes, "MiB");
        if (theirs is null)
        {
            Console.WriteLine("Node is not on this machine, so there is no comparison with the official JS SDK.");
        }
    }

    private static void Line(string name, double figure, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34} {figure,8:F0} {unit}"));

    private static void Line(string name, double ours, double? theirs, double? ratio) => Console.WriteLine(
        theirs is null
            ? string.Create(CultureInfo.InvariantCulture, $"{name,-34} {ours,8:F1} µs")
            : string.Create(
                CultureInfo.InvariantCulture, $"{name,-34} {ours,8:F1} µs, JS SDK {theirs,8:F1} µs, ratio {ratio:F1}"));
}
