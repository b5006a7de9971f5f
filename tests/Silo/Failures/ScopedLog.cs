using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace StellarPay.Silo.Tests.Failures;

/// <summary>Keeps what a silo logs, with the scopes that it was logged in.</summary>
internal sealed class ScopedLog : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public ConcurrentQueue<LogLine> Lines { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    internal sealed record LogLine(LogLevel Level, string Scopes, Exception? Exception);

    private sealed class Logger(ScopedLog log) : ILogger
    {
        public IDisposable BeginScope<TState>(TState state)
            where TState : notnull => log._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<string?>();
            log._scopes.ForEachScope((scope, list) => list.Add(scope?.ToString()), scopes);
            log.Lines.Enqueue(new LogLine(logLevel, string.Join(' ', scopes), exception));
        }
    }
}
