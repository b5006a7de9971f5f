using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>All that was logged, with scopes and exceptions, as text.</summary>
internal sealed class CapturedLog : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public ConcurrentQueue<LogLine> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull =>
            log._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<string>();
            var members = new List<string> { Members(state) };
            log._scopes.ForEachScope((scope, _) => members.Add(Members(scope)), log);
            log._scopes.ForEachScope((scope, list) => list.Add(scope?.ToString() ?? ""), scopes);
            log.Lines.Enqueue(new LogLine(
                logLevel, category, formatter(state, exception), exception?.ToString(), [.. scopes], string.Join(' ', members)));
        }

        // What a logger of structure, such as the JSON console, would write.
        private static string Members(object? state) => state is IEnumerable<KeyValuePair<string, object?>> members
            ? string.Join(' ', members.Select(member => $"{member.Key}={member.Value}"))
            : "";
    }
}

internal sealed record LogLine(LogLevel Level, string Category, string Message, string? Exception, string[] Scopes, string Members)
{
    public string Everything => $"{Level} {Category} {Message} {Exception} {Members} {string.Join(' ', Scopes)}";
}
