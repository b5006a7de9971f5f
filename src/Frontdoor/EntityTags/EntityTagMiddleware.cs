using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using StellarPay.Frontdoor.HeldAnswers;

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
        using var held = await HeldAnswer.OfAsync(context, next);
        if (response.StatusCode == StatusCodes.Status200OK && !response.HasStarted)
        {
            var tag = TagOf(held.Body);
            response.GetTypedHeaders().ETag = tag;
            if (Has(context.Request.GetTypedHeaders().IfNoneMatch, tag))
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                response.ContentType = null;
                response.ContentLength = null;
                return;
            }
        }

        await held.ReleaseAsync();
    }

    private static EntityTagHeaderValue TagOf(ReadOnlySpan<byte> body) =>
        new($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, TagBytes))}\"", isWeak: true);

    private static bool Has(IList<EntityTagHeaderValue> known, EntityTagHeaderValue tag) =>
        known.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false));
}
