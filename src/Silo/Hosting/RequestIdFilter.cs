using Microsoft.Extensions.Logging;
using StellarPay.Grains.Requests;

namespace StellarPay.Silo.Hosting;

/// <summary>Puts the id of the request that caused a grain call into every log line of that call.</summary>
internal sealed class RequestIdFilter(ILogger<RequestIdFilter> logger) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (RequestContext.Get(RequestIds.ContextKey) is not string id)
        {
            await context.Invoke();
            return;
        }

        using (logger.BeginScope(new RequestScope(id)))
        {
            await context.Invoke();
        }
    }
}
