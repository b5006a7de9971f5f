using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Logging;
using StellarPay.Grains.Access;
using StellarPay.Grains.Failures;

namespace StellarPay.Silo.Hosting;

/// <summary>
/// Refuses what only grains may call of each other to every client of the cluster: a front door in a process of its own, and one
/// in a silo's process, which calls as that silo's hosted client. So a fault at the door cannot advance a payment or drain an
/// inbox. What the host itself begins (<see cref="AlsoHostsAttribute"/>) comes from the hosted client too, and from no other.
/// </summary>
internal sealed partial class GrainsOnlyFilter(ILogger<GrainsOnlyFilter> logger) : IIncomingGrainCallFilter
{
    // As Orleans names the client that a silo hosts in its own process.
    private const string HostedPrefix = "hosted-";

    private readonly ConcurrentDictionary<MethodInfo, (bool GrainsOnly, bool AlsoHosts)> _methods = [];

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.SourceId is not { } source || !source.IsClient())
        {
            return context.Invoke();
        }

        // The interface that declares it: one for users may inherit what is for grains.
        var (grainsOnly, alsoHosts) = _methods.GetOrAdd(context.InterfaceMethod, method => (
            method.DeclaringType!.IsDefined(typeof(GrainsOnlyAttribute), inherit: false),
            method.IsDefined(typeof(AlsoHostsAttribute), inherit: false)));
        if (!grainsOnly || (alsoHosts && IsHosted(source)))
        {
            return context.Invoke();
        }

        LogRefused(source, context.InterfaceName, context.MethodName, context.TargetId);
        throw new GrainFailedException($"{context.InterfaceName}.{context.MethodName} is for grains only.");
    }

    internal static bool IsHosted(GrainId client) =>
        client.Key.ToString() is { } key && key.StartsWith(HostedPrefix, StringComparison.Ordinal);

    [LoggerMessage(6004, LogLevel.Critical, "The client {Client} called {Interface}.{Method} of {Grain}, which is for grains only; it was refused")]
    private partial void LogRefused(GrainId client, string @interface, string method, GrainId grain);
}
