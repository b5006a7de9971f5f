using Microsoft.AspNetCore.WebUtilities;
using StellarPay.Frontdoor.Checkout.Embed;
using StellarPay.Frontdoor.Checkout.Page;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Logos;

namespace StellarPay.Frontdoor.PaymentLinks.Page;

/// <summary>Makes the pages of links.</summary>
internal sealed class LinkPages(CheckoutPages pages)
{
    /// <summary>A link's page, the same for everybody who has entered nothing.</summary>
    public Task<string> OfAsync(LinkSale sale, HttpRequest request, DateTimeOffset now, PageFrame? frame, string? entered = null)
    {
        var texts = CheckoutTexts.For(request);
        var status = sale.StatusAt(now);
        return pages.RenderAsync(status == LinkStatus.Open
            ? Begin(sale, texts, frame, "link", "", [texts["link_text"]]) with { Form = FormOf(sale.Link, texts, request, frame, entered) }
            : Closed(sale, texts, frame, LinkNames.Of(status)));
    }

    /// <summary>The page that says why there is no session, with what was entered where that is what is wrong.</summary>
    public Task<string> OfRefusalAsync(LinkSale sale, Problem why, string? entered, HttpRequest request, PageFrame? frame)
    {
        var texts = CheckoutTexts.For(request);
        return pages.RenderAsync(why.Code switch
        {
            "payment_link_sold_out" => Closed(sale, texts, frame, "sold_out"),
            "payment_link_over" => Closed(sale, texts, frame, "over"),
            "payment_link_inactive" or "merchant_suspended" => Closed(sale, texts, frame, "inactive"),
            "payment_link_too_many_unpaid" => Begin(sale, texts, frame, "too_many", texts["too_many"], [texts["too_many_text"]]),
            "amount_invalid" => Begin(sale, texts, frame, "amount", texts["amount_wrong"], []) with
            {
                Form = FormOf(sale.Link, texts, request, frame, entered),
            },
            _ => Begin(sale, texts, frame, "unavailable", texts["unavailable"], [texts["unavailable_text"]]),
        });
    }

    private static CheckoutPageModel Closed(LinkSale sale, CheckoutTexts texts, PageFrame? frame, string state) =>
        Begin(sale, texts, frame, state, texts[state], [texts.Of($"{state}_text", sale.Merchant.BusinessName)]);

    private static CheckoutPageModel Begin(
        LinkSale sale, CheckoutTexts texts, PageFrame? frame, string state, string heading, IReadOnlyList<string> sentences)
    {
        var terms = sale.Link.Terms;
        return new CheckoutPageModel(texts, CheckoutFiles.Assets, state, heading, sentences)
        {
            MerchantName = sale.Merchant.BusinessName,
            BrandColor = sale.Merchant.BrandColor,
            Logo = LogoFiles.PathOf(sale.Merchant.Logo),
            IsTest = !sale.Merchant.IsLive,
            Price = terms is { AmountType: LinkAmount.Fixed, Amount: { } amount } ? $"{terms.Text(amount)} {terms.Code}" : null,
            Description = terms.Description,
            Languages = [.. CheckoutTexts.All.Select(other => (other, UrlOf(sale.Link, other, frame)))],
            Frame = CheckoutPages.FrameOf(frame, session: null),
        };
    }

    private static string UrlOf(PaymentLink link, CheckoutTexts? texts, PageFrame? frame)
    {
        var url = $"/pay/{link.Slug}";
        url = texts is null ? url : QueryHelpers.AddQueryString(url, "lang", texts.Language);
        return frame is null ? url : QueryHelpers.AddQueryString(url, PageFrames.Parameter, frame.Key);
    }

    private static LinkFormModel FormOf(PaymentLink link, CheckoutTexts texts, HttpRequest request, PageFrame? frame, string? entered)
    {
        var terms = link.Terms;
        return new LinkFormModel(
            UrlOf(link, request.Query.ContainsKey("lang") ? texts : null, frame), IsAsked: terms.AmountType != LinkAmount.Fixed, terms.Code,
            entered ?? (terms.Amount is { } amount ? terms.Text(amount) : null),
            terms switch
            {
                { Minimum: { } least, Maximum: { } most } => texts.Of("amount_between", terms.Text(least), terms.Text(most)),
                { Minimum: { } least } => texts.Of("amount_from", terms.Text(least)),
                { Maximum: { } most } => texts.Of("amount_to", terms.Text(most)),
                _ => null,
            });
    }
}
