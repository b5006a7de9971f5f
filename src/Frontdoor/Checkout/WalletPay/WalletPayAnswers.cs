using System.Globalization;
using StellarPay.Frontdoor.Checkout.Page;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.Checkout.WalletPay;

/// <summary>What the steps of a payer's way answer with, besides their pages.</summary>
internal static class WalletPayAnswers
{
    /// <summary>Leads on to what is looked at.</summary>
    public static IResult To(PayerVisit visit, string url)
    {
        visit.Context.Response.Headers.Location = url;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>A page that says why something was not done, with the status and the wait of the refusal.</summary>
    public static IResult Refused(PayerVisit visit, Problem why, string page)
    {
        if (why.RetryAfter is { } wait)
        {
            visit.Context.Response.Headers.RetryAfter =
                Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return CheckoutApi.Html(page, why.Status);
    }

    /// <summary>He asks too often.</summary>
    public static async Task<IResult> BusyAsync(PayerVisit visit, CheckoutPages others, TimeSpan wait) => Refused(
        visit, StatusProblems.Of(StatusCodes.Status429TooManyRequests) with { RetryAfter = wait },
        await others.OfBusyAsync(visit.Context.Request));
}
