using System.Globalization;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Checkout.Page;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Merchants.Logos;
using StellarPay.Frontdoor.Merchants.Registration;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Invoices.Page;

/// <summary>Makes the pages of invoices.</summary>
internal sealed class InvoicePages(CheckoutPages pages, CheckoutLinks links)
{
    /// <summary>Whether there is something to be paid.</summary>
    public static bool MayBePaid(Invoice invoice, Merchant merchant) =>
        invoice.Status == InvoiceStatus.Open && merchant.Status == MerchantStatus.Active;

    /// <summary>An invoice's page, the same for everybody who has its secret.</summary>
    public Task<string> OfAsync(
        Invoice invoice, SaleDetailsJson said, Merchant merchant, string key, HttpRequest request, DateTimeOffset now)
    {
        var texts = CheckoutTexts.For(request);
        var state = invoice.Status switch
        {
            InvoiceStatus.Open when merchant.Status != MerchantStatus.Active => "unavailable",
            InvoiceStatus.Open => invoice.IsOverdueAt(now) ? "invoice_overdue" : "invoice_open",
            InvoiceStatus.Paid => "paid",
            _ => "invoice_void",
        };
        return pages.RenderAsync(Begin(invoice, said, merchant, texts, key, request, state, texts.Of($"{state}_text", merchant.BusinessName)));
    }

    /// <summary>The page that says why there is no session.</summary>
    public Task<string> OfRefusalAsync(
        Invoice invoice, SaleDetailsJson said, Merchant merchant, string key, Problem why, HttpRequest request, DateTimeOffset now)
    {
        var texts = CheckoutTexts.For(request);
        return invoice.Status != InvoiceStatus.Open || why.Code == "invoice_paid"
            ? OfAsync(invoice, said, merchant, key, request, now)
            : pages.RenderAsync(Begin(invoice, said, merchant, texts, key, request, "unavailable", texts["unavailable_text"]));
    }

    private CheckoutPageModel Begin(
        Invoice invoice, SaleDetailsJson said, Merchant merchant, CheckoutTexts texts, string key, HttpRequest request, string state,
        string sentence)
    {
        var terms = invoice.Terms;
        return new CheckoutPageModel(texts, CheckoutFiles.Assets, state, texts[state], [sentence])
        {
            Title = texts.Of("invoice", invoice.Number!, merchant.BusinessName),
            MerchantName = merchant.BusinessName,
            BrandColor = merchant.BrandColor,
            Logo = LogoFiles.PathOf(merchant.Logo),
            IsTest = !merchant.IsLive,
            Price = $"{terms.Text} {terms.Code}",
            Description = said.Description,
            Items = [.. (said.LineItems ?? []).Select(item => LineOf(item, terms.Code))],
            Facts = [.. FactsOf(invoice, said, texts)],
            Footer = said.Footer,
            Form = MayBePaid(invoice, merchant)
                ? new LinkFormModel(UrlOf(invoice, key, request.Query.ContainsKey("lang") ? texts : null), false, terms.Code, null, null)
                : null,
            Next = invoice.PaidBy is { } session && links.UrlOf(PaymentSessionId.Parse(session)) is { } receipt
                ? (receipt, texts["receipt"])
                : null,
            Languages = [.. CheckoutTexts.All.Select(other => (other, UrlOf(invoice, key, other)))],
        };
    }

    private static IEnumerable<(string Name, string Value)> FactsOf(Invoice invoice, SaleDetailsJson said, CheckoutTexts texts)
    {
        yield return (texts["invoice_number"], invoice.Number!);
        if (said.CustomerName is { } name)
        {
            yield return (texts["invoice_for"], name);
        }

        yield return (texts["invoice_date"], Day(invoice.FinalizedAt!.Value));
        yield return (texts["invoice_due"], $"{Day(invoice.DueAt!.Value)} (UTC)");
        if (invoice.PaidAt is { } paid)
        {
            yield return (texts["paid_at"], CheckoutStates.Text(paid));
        }
    }

    private static string LineOf(LineItemAnswer item, string code) => string.Create(
        CultureInfo.InvariantCulture,
        $"{item.Quantity} × {item.Name}{(item.Amount is { } amount ? $" · {amount} {code}" : "")}");

    private static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string UrlOf(Invoice invoice, string key, CheckoutTexts? texts) =>
        $"/invoice/{invoice.Id.Value}?key={key}{(texts is null ? "" : $"&lang={texts.Language}")}";
}
