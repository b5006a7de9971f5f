using StellarPay.Bench.Wallet.Load;

namespace StellarPay.Bench.Wallet;

/// <summary>What one phase of the run measured.</summary>
/// <param name="Name">What was done.</param>
/// <param name="PerSecond">How many were done a second.</param>
/// <param name="Latencies">By step.</param>
/// <param name="Errors">How often what went wrong.</param>
/// <param name="ProcessorSeconds">By process, and inside the product by kind of thread.</param>
/// <param name="ProcessorMillisecondsEach">The same for each of what was done: steadier than rates where others use the machine.</param>
/// <param name="Seconds">How long it was measured.</param>
/// <param name="LogBytesEach">Bytes of write-ahead log for each.</param>
/// <param name="AllocatedBytesEach">Bytes that the product allocated for each.</param>
/// <param name="GcPauseMilliseconds">How long the product stood still to collect.</param>
/// <param name="Statements">The statements that took longest.</param>
internal sealed record Phase(
    string Name,
    double PerSecond,
    IReadOnlyDictionary<string, Percentiles> Latencies,
    IReadOnlyDictionary<string, int> Errors,
    IReadOnlyDictionary<string, double> ProcessorSeconds,
    IReadOnlyDictionary<string, double> ProcessorMillisecondsEach,
    double Seconds,
    long LogBytesEach,
    long AllocatedBytesEach,
    long GcPauseMilliseconds,
    IReadOnlyList<Machine.StatementUse> Statements);
