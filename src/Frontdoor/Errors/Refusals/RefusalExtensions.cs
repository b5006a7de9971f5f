using System.Diagnostics;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace StellarPay.Frontdoor.Errors.Refusals;

/// <summary>
/// What Kestrel refuses by itself (a target with %00, headers without end) never reaches the middleware and would be
/// answered without a body. Here it gets the one error shape and a request id too.
/// </summary>
internal static class RefusalExtensions
{
    private const string BadRequestEvent = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>Lets each connection's answers pass by a writer that can give a refusal its shape.</summary>
    public static void ShapeRefusals(this KestrelServerOptions kestrel) =>
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection =>
        {
            var logger = kestrel.ApplicationServices.GetRequiredService<ILogger<RefusalWriter>>();
            var output = new RefusalWriter(connection.Transport.Output, logger);
            connection.Transport = new ShapedTransport(connection.Transport.Input, output);
            connection.Features.Set(output);
            return next(connection);
        }));

    /// <summary>Tells that writer when Kestrel refuses a request.</summary>
    public static void WatchRefusals(this WebApplication app) =>
        app.Services.GetRequiredService<DiagnosticListener>().Subscribe(new RefusalObserver(), name => name == BadRequestEvent);
}
