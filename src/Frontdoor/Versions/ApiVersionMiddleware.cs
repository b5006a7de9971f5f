namespace StellarPay.Frontdoor.Versions;

/// <summary>Refuses versions that are not served, and names the one that an answer is of, with whatever of it goes out of use.</summary>
internal sealed class ApiVersionMiddleware(RequestDelegate next, ApiVersions versions)
{
    private static readonly PathString Versioned = "/v1";

    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(Versioned))
        {
            return next(context);
        }

        var (version, problem) = versions.Find(context.Request.Headers[ApiVersions.Header]);
        if (version is null)
        {
            return problem!.ExecuteAsync(context);
        }

        // As the answer begins: what failed on the way had its headers taken away.
        context.Response.OnStarting(
            static state =>
            {
                var (answer, used) = ((HttpContext, ApiVersion))state;
                Tell(answer, used);
                return Task.CompletedTask;
            },
            (context, version));
        return next(context);
    }

    private static void Tell(HttpContext context, ApiVersion version)
    {
        var headers = context.Response.Headers;
        headers[ApiVersions.Header] = version.ToString();
        var own = context.GetEndpoint()?.Metadata.GetMetadata<Deprecation>();
        var first = new[] { version.Deprecated, own }.OfType<Deprecation>().MinBy(each => each.Sunset);
        first?.Tell(headers);
    }
}
