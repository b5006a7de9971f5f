using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Storage;
using StellarPay.Adapters.Faults;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;

namespace StellarPay.Silo.Hosting;

/// <summary>
/// An exception of a library's own type cannot travel to another process: Orleans' serializer knows System's, Microsoft's and
/// its own only, and the caller would hear of a missing codec, which looks like a bug of ours. What passes by itself travels
/// as an <see cref="OrleansException"/>, so that the front door answers "try again".
/// </summary>
internal sealed partial class PassingFailureFilter(ILogger<PassingFailureFilter> logger) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception exception) when (IsPassing(exception))
        {
            LogPassing(exception);
            throw new OrleansException("Something that a grain needs does not answer now. Please try again.");
        }
    }

    /// <summary>Whether the cause, however deep, is something that is away for a moment and of a type that cannot travel.</summary>
    internal static bool IsPassing(Exception exception) => exception switch
    {
        // The runtime knows this one, and ends the activation.
        InconsistentStateException => false,
        PostgresException postgres => postgres.IsTransient,
        NpgsqlException or KeyEncryptionUnavailableException or NetworkUnavailableException => true,
        DenyListUnavailableException or FaultInjectedException => true,
        { InnerException: { } inner } => IsPassing(inner),
        _ => false,
    };

    [LoggerMessage(6003, LogLevel.Warning, "A grain call failed for something that is away for a moment")]
    private partial void LogPassing(Exception exception);
}
