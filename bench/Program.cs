using StellarPay.Bench.Runtime;

return args switch
{
    ["runtime", .. var rest] => await RuntimeBenchmark.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench runtime [--json]");
    return 2;
}
