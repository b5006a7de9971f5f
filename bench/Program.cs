using StellarPay.Bench.Runtime;
using StellarPay.Bench.Stellar;

return args switch
{
    ["runtime", .. var rest] => await RuntimeBenchmark.RunAsync(rest),
    [StellarBenchmark.Name, .. var rest] => await StellarBenchmark.RunAsync(rest),
    [FuzzCommand.Name, .. var rest] => await FuzzCommand.RunAsync(rest, Console.Out),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench runtime [--json] | stellar [--json] | stellar-fuzz [--count N] [--seed S]");
    return 2;
}
