using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Access;
using StellarPay.Grains.Failures;

namespace StellarPay.Silo.Hosting;

/// <summary>
/// Refuses what only grains may call of each other to every client of the cluster: a front door in a process of its own, and one
/// in a silo's process, which calls as that silo's hosted client. So a fault at the door cannot advance a payment or drain an
/// inbox. What is for front doors (<see cref="ForDoorsAttribute"/>) it refuses to grains. What the host itself begins (<see cref="AlsoHostsAttribute"/>) comes from the hosted client too, and from no other.
/// </summary>
internal sealed partial class GrainsOnlyFilter(ILogger<GrainsOnlyFilter> logger) : IIncomingGrainCallFilter
{
    // As Orleans names the client that a silo hosts in its own process.
    private const string HostedPrefix = "hosted-";

    private readonly ConcurrentDictionary<MethodInfo, (bool GrainsOnly, bool AlsoHosts, bool ForDoors)> _methods = [];

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.SourceId is not { } source)
        {
            return context.Invoke();
        }

        // The interface that declares it: one for users may inherit what is for grains.
        var (grainsOnly, alsoHosts, forDoors) = _methods.GetOrAdd(context.InterfaceMethod, method => (
            method.DeclaringType!.IsDefined(typeof(GrainsOnlyAttribute), inherit: false),
            method.IsDefined(typeof(AlsoHostsAttribute), inherit: false),
            method.DeclaringType!.IsDefined(typeof(ForDoorsAttribute), inherit: false)));
        var may = source.IsClient() ? !grainsOnly || (alsoHosts && IsHosted(source)) : !forDoors;
        if (may)
        {
            return context.Invoke();
        }

        var whose = grainsOnly ? "grains" : "front doors";
        LogRefused(source, context.InterfaceName, context.MethodName, context.TargetId, whose);
        throw new GrainFailedException($"{context.InterfaceName}.{context.MethodName} is for {whose} only.");
    }

    internal static bool IsHosted(GrainId client) =>
        client.Key.ToString() is { } key && key.StartsWith(HostedPrefix, StringComparison.Ordinal);

    [LoggerMessage(
        6004, LogLevel.Critical, "{Caller} called {Interface}.{Method} of {Grain}, which is for {Whose} only; it was refused")]
    private partial void LogRefused(GrainId caller, string @interface, string method, GrainId grain, string whose);
}
