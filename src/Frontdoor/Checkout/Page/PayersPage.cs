using System.Globalization;

namespace StellarPay.Frontdoor.Checkout.Page;

/// <summary>An endpoint that people see: who asks it too often is told so by a page.</summary>
internal sealed class PayersPage
{
    public static PayersPage Mark { get; } = new();

    /// <summary>Tells somebody to wait, where a page is what he asked for; false where it is not.</summary>
    public static async Task<bool> TryRefuseAsync(HttpContext context, TimeSpan wait)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<PayersPage>() is null
            || !context.RequestServices.GetRequiredService<CheckoutLinks>().IsOurs(context.Request))
        {
            return false;
        }

        var page = await context.RequestServices.GetRequiredService<CheckoutPages>().OfBusyAsync(context.Request);
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(page, context.RequestAborted);
        return true;
    }
}
