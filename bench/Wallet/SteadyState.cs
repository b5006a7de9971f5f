using StellarPay.Bench.Wallet.Machine;

namespace StellarPay.Bench.Wallet;

/// <summary>
/// Waits until the product's compiler has done most of its work. A process that compiles takes a third of two processors from what is
/// measured, for some seconds after its start and then never again for as long as it lives.
/// </summary>
internal sealed class SteadyState(Product product, PrivatePostgres postgres)
{
    private const string Compiler = "product/jit";
    private const double MostProcessors = 0.05;
    private const int MostRounds = 20;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    private readonly ProcessorUse _processor = new(product.ProcessId, product.SandboxProcessId, postgres.ProcessId);

    /// <summary>Waits for as long as is given, and then until the compiler is quiet, for a minute at most.</summary>
    public async Task WaitAsync(TimeSpan least)
    {
        await Task.Delay(least);
        for (var round = 0; round < MostRounds; round++)
        {
            var before = _processor.Read();
            await Task.Delay(Round);
            var used = _processor.Read().GetValueOrDefault(Compiler) - before.GetValueOrDefault(Compiler);
            if (used < MostProcessors * Round.TotalSeconds)
            {
                return;
            }
        }
    }
}
