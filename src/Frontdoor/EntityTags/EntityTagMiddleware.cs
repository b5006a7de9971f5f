using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace StellarPay.Frontdoor.EntityTags;

/// <summary>
/// Gives the answers of <see cref="Polled"/> endpoints an ETag, and answers 304 without a body where If-None-Match has it (RFC 9110,
/// 8.8.3 and 13.1.2). It is a weak one: the answer may be compressed or not. Nothing may store an answer by itself (no-store); a
/// client that polls keeps the tag beside what it shows.
/// </summary>
internal sealed class EntityTagMiddleware(RequestDelegate next)
{
    private const int TagBytes = 16;

    public Task InvokeAsync(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && context.GetEndpoint()?.Metadata.GetMetadata<Polled>() is not null
            ? TagAsync(context)
            : next(context);

    private async Task TagAsync(HttpContext context)
    {
        var response = context.Response;
        var body = response.Body;
        // Pages and states have a limit each, so that what is held is small.
        using var held = new MemoryStream();
        response.Body = held;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = body;
        }

        if (response.StatusCode == StatusCodes.Status200OK && !response.HasStarted)
        {
            var tag = TagOf(held.GetBuffer().AsSpan(0, (int)held.Length));
            response.GetTypedHeaders().ETag = tag;
            if (Has(context.Request.GetTypedHeaders().IfNoneMatch, tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                response.ContentType = null;
                response.ContentLength = null;
                return;
            }
        }

        held.Position = 0;
        await held.CopyToAsync(body, context.RequestAborted);
    }

    private static EntityTagHeaderValue TagOf(ReadOnlySpan<byte> body) =>
        new($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, TagBytes))}\"", isWeak: true);

    private static bool Has(IList<EntityTagHeaderValue> known, EntityTagHeaderValue tag) =>
        known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false));
}
