using Microsoft.AspNetCore.Http.Connections;
using StellarPay.Frontdoor.Compression;
using StellarPay.Frontdoor.Json;
using StellarPay.Frontdoor.RateLimits;

namespace StellarPay.Frontdoor.Live;

/// <summary>The hub at which clients see their wallet change.</summary>
internal static class LiveApi
{
    public const string Path = "/hubs/live";

    // Clients only listen; what they send is the handshake and pings.
    private const int MaxReceivedBytes = 4096;

    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddOptions<LiveOptions>()
            .BindConfiguration(LiveOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LiveConnections>();
        services.AddSingleton<EventTail>();
        services.AddSingleton<LivePump>();
        services.AddSignalR(hub =>
        {
            hub.MaximumReceiveMessageSize = MaxReceivedBytes;
            hub.EnableDetailedErrors = false;
        }).AddJsonProtocol(protocol => WireJson.Configure(protocol.PayloadSerializerOptions));
        return services;
    }

    public static void MapLive(this IEndpointRouteBuilder routes) =>
        routes.MapHub<LiveHub>(Path, hub =>
        {
            // The other transports are many requests, which would all have to reach the same front door.
            hub.Transports = HttpTransportType.WebSockets;
            hub.ApplicationMaxBufferSize = MaxReceivedBytes;
        }).RequireAuthorization().RequireRateLimiting(RateLimitNames.Api)
            // A connection's token is as good as its user's.
            .WithMetadata(NeverCompressed.Because);
}
