using StellarPay.Bench.Limits;
using StellarPay.Bench.Chaos;
using StellarPay.Bench.Live;
using StellarPay.Bench.Merchant;
using StellarPay.Bench.Stellar;
using StellarPay.Bench.Wallet;

return args switch
{
    [StellarBenchmark.Name, .. var rest] => await StellarBenchmark.RunAsync(rest),
    [FuzzCommand.Name, .. var rest] => await FuzzCommand.RunAsync(rest, Console.Out),
    [WalletBenchmark.Name, .. var rest] => await WalletBenchmark.RunAsync(rest),
    [AccountBenchmark.Name, .. var rest] => await AccountBenchmark.RunAsync(rest),
    [MerchantBenchmark.Name, .. var rest] => await MerchantBenchmark.RunAsync(rest),
    [ChaosCommand.Name, .. var rest] => await ChaosCommand.RunAsync(rest),
    [LiveBenchmark.Name, .. var rest] => await LiveBenchmark.RunAsync(rest),
    [LiveClients.Name, .. var rest] => await LiveClients.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: bench stellar [--json] | stellar-fuzz [--count N] [--seed S]\n"
        + $"       bench {WalletOptions.Usage}\n       bench {LiveBenchmark.Usage}\n       bench {AccountBenchmark.Usage}\n       bench {MerchantBenchmark.Usage}\n       bench {ChaosCommand.Usage}");
    return 2;
}
