using System.Globalization;
using StellarPay.Sandbox.Admin.Faults;
using StellarPay.Sandbox.Network;

namespace StellarPay.Sandbox.Horizon.Http;

/// <summary>What every request to the Horizon API goes through: headers, armed faults, and a problem if it breaks.</summary>
internal sealed partial class HorizonPipeline(
    RequestDelegate next, SandboxNetwork network, ILogger<HorizonPipeline> logger)
{
    private const string AsOfItem = "sandbox-as-of";
    private const string TimeoutItem = "sandbox-timeout-after-applying";
    private const string SilentItem = "sandbox-silent-stream";

    public static HorizonRequest RequestOf(HttpContext http, SandboxNetwork network) => new(http, network)
    {
        AsOf = http.Items[AsOfItem] is uint asOf ? asOf : uint.MaxValue,
    };

    /// <summary>Whether a fault wants this submission applied, and answered with a timeout.</summary>
    public static bool TimesOutAfterApplying(HttpContext http) => http.Items.ContainsKey(TimeoutItem);

    public static bool IsSilent(HttpContext http) => http.Items.ContainsKey(SilentItem);

    public async Task InvokeAsync(HttpContext http)
    {
        http.Response.Headers.AccessControlAllowOrigin = "*";
        http.Response.Headers["Latest-Ledger"] = network.LatestLedger.ToString(CultureInfo.InvariantCulture);
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            http.Response.Headers.AccessControlAllowHeaders = "*";
            http.Response.Headers.AccessControlAllowMethods = "GET, POST, DELETE";
            return;
        }

        try
        {
            if (http.Request.Path.StartsWithSegments("/admin") || !await FailsAsync(http))
            {
                await next(http);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone.
        }
        catch (BadHttpRequestException exception) when (!http.Response.HasStarted)
        {
            await HorizonAnswer.ProblemAsync(
                http, HorizonProblem.BadRequest(exception.Message) with { Status = exception.StatusCode });
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            LogFailed(logger, exception, http.Request.Method, http.Request.Path);
            await HorizonAnswer.ProblemAsync(http, HorizonProblem.ServerError);
        }
    }

    private async ValueTask<bool> FailsAsync(HttpContext http)
    {
        var request = http.Request;
        if (network.Faults.Take(request, FaultKind.Delay) is { } delay)
        {
            await Task.Delay(delay.Delay, network.Clock.Source, http.RequestAborted);
        }

        if (network.Faults.Take(request, FaultKind.StaleReads) is { } stale)
        {
            http.Items[AsOfItem] = network.LatestLedger - Math.Min(stale.Ledgers, network.LatestLedger - 1);
        }

        if (network.Faults.Take(request, FaultKind.SilentStream) is not null)
        {
            http.Items[SilentItem] = true;
        }

        var fault = network.Faults.Take(
            request, FaultKind.ConnectionReset, FaultKind.RateLimit, FaultKind.TimeoutWithoutApplying,
            FaultKind.TimeoutAfterApplying);
        switch (fault?.Kind)
        {
            case FaultKind.ConnectionReset:
                http.Abort();
                return true;
            case FaultKind.RateLimit:
                await HorizonAnswer.ProblemAsync(http, HorizonProblem.RateLimited(fault.RetryAfter));
                return true;
            case FaultKind.TimeoutWithoutApplying:
                await HorizonAnswer.ProblemAsync(http, HorizonProblem.Timeout);
                return true;
            case FaultKind.TimeoutAfterApplying:
                http.Items[TimeoutItem] = true;
                return false;
            default:
                return false;
        }
    }

    [LoggerMessage(3001, LogLevel.Error, "{Method} {Path} failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method, PathString path);
}
