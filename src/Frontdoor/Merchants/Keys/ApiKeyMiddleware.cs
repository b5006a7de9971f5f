using StellarPay.Frontdoor.Merchants.Access;

namespace StellarPay.Frontdoor.Merchants.Keys;

/// <summary>
/// Reads the key that a request to a merchant's endpoint shows, before requests are counted: whose it is decides how many there may be. Why
/// one lets nobody in is said behind that, so that it counts, too.
/// </summary>
internal sealed class ApiKeyMiddleware(RequestDelegate next, ApiKeyCheck keys)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<MerchantOnly>() is { IsInPath: false } && ShownKey.Of(context.Request) is { } shown)
        {
            var (caller, refused) = await keys.ReadAsync(context, shown);
            context.Features.Set(caller);
            if (refused is not null)
            {
                context.Features.Set(new KeyRefusal(refused));
            }
        }

        await next(context);
    }
}
