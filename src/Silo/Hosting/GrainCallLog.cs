using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.CodeGeneration;

namespace StellarPay.Silo.Hosting;

/// <summary>
/// Says once, at level Debug, which kind of grain calls which, so that a running system can be compared with the graph of
/// docs/decisions/0003. A cycle in it would be calls that wait for each other until they time out.
/// </summary>
internal sealed partial class GrainCallLog(ILogger<GrainCallLog> logger) : IOutgoingGrainCallFilter
{
    // What the runtime does for a call, such as its cancelling, is no call of its own.
    private const string Runtime = "Orleans.";

    private readonly ConcurrentDictionary<(GrainType From, GrainType To, bool Waits), bool> _seen = [];

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.SourceId is { } source && IsOurs(source) && IsOurs(context.TargetId)
            && !context.InterfaceName.StartsWith(Runtime, StringComparison.Ordinal) && logger.IsEnabled(LogLevel.Debug))
        {
            var waits = source != context.TargetId
                && (context.Request is not IRequest { Options: var options } || !options.HasFlag(InvokeMethodOptions.OneWay));
            if (_seen.TryAdd((source.Type, context.TargetId.Type, waits), true))
            {
                LogCall(source.Type, waits ? "-->" : "-.->", context.TargetId.Type, context.InterfaceName, context.MethodName);
            }
        }

        return context.Invoke();
    }

    private static bool IsOurs(GrainId grain) => !grain.IsSystemTarget() && !grain.IsClient() && !grain.Type.IsGrainService();

    [LoggerMessage(6010, LogLevel.Debug, "Grain call: {From} {Arrow} {To} ({Interface}.{Method})")]
    private partial void LogCall(GrainType from, string arrow, GrainType to, string @interface, string method);
}
