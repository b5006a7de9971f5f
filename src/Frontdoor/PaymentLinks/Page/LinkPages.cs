using StellarPay.Frontdoor.Checkout.Page;
using StellarPay.Frontdoor.Errors;

namespace StellarPay.Frontdoor.PaymentLinks.Page;

/// <summary>Makes the pages of links.</summary>
internal sealed class LinkPages(CheckoutPages pages)
{
    /// <summary>A link's page, the same for everybody who has entered nothing.</summary>
    public Task<string> OfAsync(LinkSale sale, HttpRequest request, DateTimeOffset now, string? entered = null)
    {
        var texts = CheckoutTexts.For(request);
        var status = sale.StatusAt(now);
        return pages.RenderAsync(status == LinkStatus.Open
            ? Begin(sale, texts, "link", "", [texts["link_text"]]) with { Form = FormOf(sale.Link, texts, request, entered) }
            : Closed(sale, texts, LinkNames.Of(status)));
    }

    /// <summary>The page that says why there is no session, with what was entered where that is what is wrong.</summary>
    public Task<string> OfRefusalAsync(LinkSale sale, Problem why, string? entered, HttpRequest request)
    {
        var texts = CheckoutTexts.For(request);
        return pages.RenderAsync(why.Code switch
        {
            "payment_link_sold_out" => Closed(sale, texts, "sold_out"),
            "payment_link_over" => Closed(sale, texts, "over"),
            "payment_link_inactive" or "merchant_suspended" => Closed(sale, texts, "inactive"),
            "payment_link_too_many_unpaid" => Begin(sale, texts, "too_many", texts["too_many"], [texts["too_many_text"]]),
            "amount_invalid" => Begin(sale, texts, "amount", texts["amount_wrong"], []) with
            {
                Form = FormOf(sale.Link, texts, request, entered),
            },
            _ => Begin(sale, texts, "unavailable", texts["unavailable"], [texts["unavailable_text"]]),
        });
    }

    private static CheckoutPageModel Closed(LinkSale sale, CheckoutTexts texts, string state) =>
        Begin(sale, texts, state, texts[state], [texts.Of($"{state}_text", sale.Merchant.BusinessName)]);

    private static CheckoutPageModel Begin(
        LinkSale sale, CheckoutTexts texts, string state, string heading, IReadOnlyList<string> sentences)
    {
        var terms = sale.Link.Terms;
        return new CheckoutPageModel(texts, CheckoutFiles.Assets, state, heading, sentences)
        {
            MerchantName = sale.Merchant.BusinessName,
            BrandColor = sale.Merchant.BrandColor,
            IsTest = !sale.Merchant.IsLive,
            Price = terms is { AmountType: LinkAmount.Fixed, Amount: { } amount } ? $"{terms.Text(amount)} {terms.Code}" : null,
            Description = terms.Description,
            Languages = [.. CheckoutTexts.All.Select(other => (other, $"/pay/{sale.Link.Slug}?lang={other.Language}"))],
        };
    }

    private static LinkFormModel FormOf(PaymentLink link, CheckoutTexts texts, HttpRequest request, string? entered)
    {
        var terms = link.Terms;
        var language = request.Query.ContainsKey("lang") ? $"?lang={texts.Language}" : "";
        return new LinkFormModel(
            $"/pay/{link.Slug}{language}", IsAsked: terms.AmountType != LinkAmount.Fixed, terms.Code,
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
