using System.Diagnostics;
using System.Text.Json;
using StellarPay.Bench.Wallet.Load;
using StellarPay.Bench.Wallet.Machine;

namespace StellarPay.Bench.Wallet;

/// <summary>Reads what processes and database have used, around the measured part of a phase.</summary>
internal sealed class Probe(Product product, PrivatePostgres postgres, DatabaseUse database)
{
    private const double MillisecondsPerSecond = 1000;

    private readonly ProcessorUse _processor = new(product.ProcessId, product.SandboxProcessId, postgres.ProcessId);
    private IReadOnlyDictionary<string, double> _processorBefore = new Dictionary<string, double>();
    private long _logBefore;
    private JsonElement _memoryBefore;
    private long _began;

    /// <summary>Called just before the load, so that warming up is in; a phase's rates are not taken from here.</summary>
    public async Task BeginAsync()
    {
        await database.ResetAsync();
        _memoryBefore = await product.ReadProcessAsync();
        _logBefore = await database.ReadLogBytesAsync();
        _processorBefore = _processor.Read();
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>What was used, for so many as were done since the beginning.</summary>
    public async Task<Phase> EndAsync(string name, double perSecond, long done, params (string Step, Series Series)[] series)
    {
        var seconds = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        var use = ProcessorUse.Between(_processorBefore, _processor.Read());
        var log = await database.ReadLogBytesAsync() - _logBefore;
        var memory = await product.ReadProcessAsync();
        var statements = await database.ReadStatementsAsync();
        return new Phase(
            name,
            Math.Round(perSecond, 1),
            series.ToDictionary(s => s.Step, s => s.Series.Sum()),
            series.SelectMany(s => s.Series.Errors).GroupBy(e => e.Key).ToDictionary(e => e.Key, e => e.Sum(one => one.Value)),
            use,
            use.ToDictionary(u => u.Key, u => Math.Round(u.Value * MillisecondsPerSecond / Math.Max(1, done), 3)),
            Math.Round(seconds, 1),
            log / Math.Max(1, done),
            (Of(memory, "allocated_bytes") - Of(_memoryBefore, "allocated_bytes")) / Math.Max(1, done),
            Of(memory, "gc_pause_milliseconds") - Of(_memoryBefore, "gc_pause_milliseconds"),
            statements);
    }

    private static long Of(JsonElement memory, string name) => memory.GetProperty(name).GetInt64();
}
