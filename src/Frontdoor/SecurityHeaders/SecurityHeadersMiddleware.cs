namespace StellarPay.Frontdoor.SecurityHeaders;

/// <summary>Tells browsers to trust what we send as little as it needs.</summary>
internal sealed class SecurityHeadersMiddleware(RequestDelegate next, IHostEnvironment environment)
{
    private const string NothingPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    // The page that browses the API document comes with scripts and styles of its own.
    private const string DocsPolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(
            state =>
            {
                Set((HttpContext)state, environment.IsDevelopment());
                return Task.CompletedTask;
            },
            context);
        return next(context);
    }

    private static void Set(HttpContext context, bool isDevelopment)
    {
        var headers = context.Response.Headers;
        var policy = context.Features.Get<ContentPolicy>() ?? context.GetEndpoint()?.Metadata.GetMetadata<ContentPolicy>();
        headers.XContentTypeOptions = "nosniff";
        // It knows no list: where one says who may, it would forbid it to browsers that look at both.
        if (policy is not { IsFramed: true })
        {
            headers.XFrameOptions = "DENY";
        }

        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] =
            context.GetEndpoint()?.Metadata.GetMetadata<ForAnyPage>() is null ? "same-origin" : "cross-origin";
        if (context.GetEndpoint()?.Metadata.GetMetadata<OwnWindow>() is not null)
        {
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
        }

        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/docs") ? DocsPolicy : policy?.Policy ?? NothingPolicy;
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }

        // In development the name is localhost, and others are served there too.
        if (context.Request.IsHttps && !isDevelopment)
        {
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        }
    }
}
