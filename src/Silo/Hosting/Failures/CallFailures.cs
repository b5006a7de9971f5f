using System.Data.Common;
using Microsoft.Extensions.Logging;
using StellarPay.Adapters.Failures;
using StellarPay.Grains.Failures;
using StellarPay.Grains.Requests;

namespace StellarPay.Silo.Hosting.Failures;

/// <summary>
/// An exception of a library's own type cannot travel to another process: Orleans' serializer knows System's, Microsoft's and
/// its own only, and what it knows loses what it does not know (a SQLSTATE, an HTTP status). So what leaves a silo is one of
/// two types of ours, made where the cause is still whole.
/// </summary>
internal sealed partial class CallFailures(ILogger<CallFailures> logger) : ICallFailures
{
    public Exception Report(Exception cause, string what)
    {
        if (TravellerIn(cause) is { } told)
        {
            // It was logged where it happened.
            return told;
        }

        var request = RequestContext.Get(RequestIds.ContextKey) as string;
        var passes = AdapterFailures.Passes(cause);
        using (request is null ? null : logger.BeginScope(new RequestScope(request)))
        {
            LogFailure(logger, passes ? LogLevel.Warning : LogLevel.Error, cause, what);
        }

        return Travelling(cause, passes, request);
    }

    /// <summary>What travels in the place of an exception: nothing of it but its kind, for a message may hold what was sent.</summary>
    internal static Exception Travelling(Exception cause, bool passes, string? request)
    {
        var where = request is null ? "" : $" The silo's log has the cause under {request}.";
        return passes
            ? new TryAgainException($"Something that a grain needs does not answer now ({KindOf(cause)}). Please try again.{where}")
            : new GrainFailedException($"A grain failed ({KindOf(cause)}).{where}");
    }

    private static Exception? TravellerIn(Exception? exception) => exception switch
    {
        null or TryAgainException or NotBegunException or GrainFailedException => exception,
        _ => TravellerIn(exception.InnerException),
    };

    private static string KindOf(Exception cause)
    {
        var kind = cause is DbException { SqlState: { } state } ? $"{cause.GetType().FullName} {state}" : cause.GetType().FullName;
        return cause.InnerException is { } inner ? $"{kind} of {KindOf(inner)}" : kind!;
    }

    [LoggerMessage(EventId = 6003, Message = "{What} failed")]
    private static partial void LogFailure(ILogger logger, LogLevel level, Exception cause, string what);
}
