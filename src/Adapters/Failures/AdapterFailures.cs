using Azure;
using Azure.Identity;
using StellarPay.Grains.Failures;

namespace StellarPay.Adapters.Failures;

/// <summary>The rule of <see cref="PassingFailures"/>, with what the adapters' libraries throw.</summary>
public static class AdapterFailures
{
    private const int RequestTimeout = 408;
    private const int TooManyRequests = 429;
    private const int ServerError = 500;

    /// <summary>Whether the same call may succeed in a moment.</summary>
    public static bool Passes(Exception exception) => PassingFailures.Passes(exception, Known);

    private static bool? Known(Exception exception) => exception switch
    {
        // No status: nobody answered.
        HttpRequestException http => http.StatusCode is not { } status || Passes((int)status),
        RequestFailedException azure => azure.Status == 0 || Passes(azure.Status),
        // The identity was refused, unless nobody could be asked.
        AuthenticationFailedException => exception.InnerException is { } inner && Passes(inner),
        _ => null,
    };

    private static bool Passes(int status) => status is RequestTimeout or TooManyRequests or >= ServerError;
}
