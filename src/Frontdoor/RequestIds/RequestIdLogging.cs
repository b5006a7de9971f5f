namespace StellarPay.Frontdoor.RequestIds;

/// <summary>Logs to the console with the scopes, so that every line shows the request that caused it.</summary>
internal static class RequestIdLogging
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    public static ILoggingBuilder AddRequestIds(this ILoggingBuilder logging, IHostEnvironment environment)
    {
        if (environment.IsDevelopment())
        {
            // A person reads these lines: the request's id is enough.
            logging.Configure(factory => factory.ActivityTrackingOptions = ActivityTrackingOptions.None);
            logging.AddSimpleConsole(console =>
            {
                console.IncludeScopes = true;
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = TimeFormat;
            });
        }
        else
        {
            logging.AddJsonConsole(console =>
            {
                console.IncludeScopes = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = TimeFormat;
            });
        }

        // These would write each request's URL, and with it the hub's access token, and each SQL command.
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        logging.AddFilter("Npgsql", LogLevel.Warning);
        // Two lines for each activation that Orleans places.
        logging.AddFilter("Polly", LogLevel.Warning);
        return logging;
    }
}
