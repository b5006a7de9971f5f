using StellarPay.Frontdoor.Merchants.Access;

namespace StellarPay.Frontdoor.Merchants.Signing;

/// <summary>
/// Sees to the signatures of requests that show an API key, whom <see cref="MerchantGate"/> has let in: so requests of strangers, and those
/// beyond a key's rate limit, are not even read. People prove themselves by other means, and sign nothing.
/// </summary>
internal sealed class SignatureGate(RequestDelegate next, RequestSignatures signatures)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<MerchantOnly>() is { } only
            && context.Features.Get<MerchantCaller>() is { Signing: { } signing } caller
            && await signatures.CheckAsync(context, caller, signing, only.MovesMoney) is { } refused)
        {
            if (refused.Status == StatusCodes.Status401Unauthorized)
            {
                context.Response.Headers.WWWAuthenticate = "Bearer";
            }

            await refused.ExecuteAsync(context);
            return;
        }

        await next(context);
    }
}
