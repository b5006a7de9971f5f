using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace StellarPay.Adapters.Tests.KeyVault;

/// <summary>A log whose lines a test can wait for.</summary>
internal sealed class LineLog : ILoggerFactory, ILogger
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public async Task UntilAsync(string part)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!(await _lines.Reader.ReadAsync(deadline.Token)).Contains(part, StringComparison.Ordinal))
        {
            // Lines before it are passed over.
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
        // All lines stay here.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Writer.TryWrite(formatter(state, exception));

    public void Dispose()
    {
        // Nothing is held.
    }
}
