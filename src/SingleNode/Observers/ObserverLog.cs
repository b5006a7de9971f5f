using Microsoft.Extensions.Logging;

namespace StellarPay.SingleNode;

internal static partial class ObserverLog
{
    [LoggerMessage(140, LogLevel.Debug, "Observer {Observer} failed and is forgotten.")]
    public static partial void Defunct(ILogger log, Exception error, string? observer);
}
