using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.Features;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Payments;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Merchants.Signing;

/// <summary>
/// Whether a request that shows an API key is signed as it has to be. Whoever signs is held to it, whether he has to or not. What costs
/// something comes last: nothing is read or opened for what is not of the form or of this time, and only a right signature uses up a nonce.
/// </summary>
internal sealed class RequestSignatures(
    SigningSecrets secrets, RequestNonces nonces, [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    /// <summary>For how long a signature holds, and by how much who signs may be ahead of us.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromMinutes(5);

    private static readonly Problem Missing = Refusal(
        "missing", "This business has what moves money signed. Sign this request with the signing secret of the API key: "
        + $"{RequestSignature.Header}: {RequestSignature.Form}.");

    private static readonly Problem Malformed = Refusal("invalid", $"{RequestSignature.Header} is {RequestSignature.Form}.");

    private static readonly Problem NoSecret = Refusal(
        "invalid", "This API key has no signing secret: a publishable one is everybody's, and one that was made before there were any is to be exchanged.");

    private static readonly Problem Wrong = Refusal(
        "invalid",
        "The signature is not that of this request by the signing secret that was shown with this API key. What is signed is method, path and "
        + "query, time, nonce, Idempotency-Key and the SHA-256 of the body, a line each.");

    private static readonly Problem Expired = Refusal(
        "expired", "The request was signed more than 5 minutes ago, or is dated more than 5 minutes ahead of the Date of this answer. Sign it anew.");

    private static readonly Problem Replayed = Refusal(
        "replayed", "A request with this nonce was received before. Sign what is sent again with a nonce of its own, and under the same Idempotency-Key.");

    /// <summary>Why a request is not let in; null where it is. Its body is read by then, and can be read again.</summary>
    public async Task<Problem?> CheckAsync(HttpContext context, MerchantCaller caller, KeySigning signing, bool movesMoney)
    {
        if (!context.Request.Headers.TryGetValue(RequestSignature.Header, out var header))
        {
            return signing.IsDemanded && movesMoney ? Missing : null;
        }

        if (header.Count != 1 || !RequestSignature.TryParse(header[0], out var signature))
        {
            return Malformed;
        }

        if ((time.GetUtcNow() - signature.At).Duration() > Holds)
        {
            return Expired;
        }

        if (signing.SealedSecret is null)
        {
            return NoSecret;
        }

        var (body, tooLarge) = await ReadAsync(context);
        if (tooLarge is not null)
        {
            return tooLarge;
        }

        if (!await IsRightAsync(context, caller, signing.SealedSecret, signature, body))
        {
            return Wrong;
        }

        return await nonces.TakeAsync(caller.KeyId!, signature.Nonce, signature.At + Holds, context.RequestAborted) ? null : Replayed;
    }

    private async Task<bool> IsRightAsync(
        HttpContext context, MerchantCaller caller, byte[] sealedSecret, RequestSignature signature, ReadOnlyMemory<byte> body)
    {
        if (await secrets.OpenAsync(caller.Merchant, caller.KeyId!, sealedSecret, context.RequestAborted) is not { } secret)
        {
            return false;
        }

        try
        {
            // As it stands in the request: what is decoded and encoded again may be other characters.
            var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            var key = context.Request.Headers[IdempotencyKey.Header].ToString();
            return signature.IsOf(signature.TextOf(context.Request.Method, target, key, body.Span), secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    // Whoever reads it next reads what was signed, and nothing else. Bounded here too, whatever serves this.
    private static async Task<(ReadOnlyMemory<byte> Body, Problem? TooLarge)> ReadAsync(HttpContext context)
    {
        var held = new MemoryStream();
        context.Response.RegisterForDispose(held);
        var part = new byte[8192];
        int read;
        while ((read = await context.Request.Body.ReadAsync(part, context.RequestAborted)) > 0)
        {
            if (held.Length + read > FrontdoorExtensions.MaxBodyBytes)
            {
                return (default, StatusProblems.Of(StatusCodes.Status413PayloadTooLarge));
            }

            held.Write(part.AsSpan(0, read));
        }

        held.Position = 0;
        context.Request.Body = held;
        return (held.GetBuffer().AsMemory(0, (int)held.Length), null);
    }

    private static Problem Refusal(string what, string message) =>
        Problem.Unauthenticated($"request_signature_{what}", message, RequestSignature.Header);
}
