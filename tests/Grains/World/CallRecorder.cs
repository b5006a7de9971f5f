using System.Collections.Concurrent;
using Orleans.CodeGeneration;
using StellarPay.Tests.Shared.Calls;

namespace StellarPay.Grains.Tests.World;

/// <summary>Records which grain calls which in every world of this process, for <c>CallGraphTests</c>.</summary>
internal sealed class CallRecorder : IOutgoingGrainCallFilter
{
    // What the runtime does for a call, such as its cancelling, is no call of its own.
    private const string Runtime = "Orleans.";

    private static readonly ConcurrentDictionary<GrainCall, string> Calls = [];
    private static readonly ConcurrentDictionary<string, bool> Classes = [];

    /// <summary>The calls seen so far, each with the method that showed it first.</summary>
    public static IReadOnlyDictionary<GrainCall, string> Seen => Calls;

    /// <summary>The test classes that had a world.</summary>
    public static ICollection<string> Entered => Classes.Keys;

    public static void Enter(string? testClass) => Classes[testClass ?? ""] = true;

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.SourceId is { } source && IsOurs(source) && IsOurs(context.TargetId)
            && !context.InterfaceName.StartsWith(Runtime, StringComparison.Ordinal))
        {
            var waits = source != context.TargetId
                && (context.Request is not IRequest { Options: var options } || !options.HasFlag(InvokeMethodOptions.OneWay));
            Calls.TryAdd(
                new GrainCall(source.Type.ToString()!, context.TargetId.Type.ToString()!, waits),
                $"{context.InterfaceName}.{context.MethodName}");
        }

        return context.Invoke();
    }

    private static bool IsOurs(GrainId grain) => !grain.IsSystemTarget() && !grain.IsClient() && !grain.Type.IsGrainService();
}
