using System.Text.Json;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Money;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>An invoice in Stripe's shape.</summary>
/// <param name="Id">Its id, <c>in_…</c>.</param>
/// <param name="Object">Always <c>invoice</c>.</param>
/// <param name="AmountDue">The whole sum in the currency's minor unit; null for an asset.</param>
/// <param name="AmountPaid">The same once it is paid, 0 before; what has come of it by then is told by its session. Null for an asset.</param>
/// <param name="AmountRemaining">What is still to be paid; null for an asset.</param>
/// <param name="CollectionMethod">Always <c>send_invoice</c>: its payer pays it himself.</param>
/// <param name="Created">When it was made, in seconds of Unix time.</param>
/// <param name="Currency">The currency or the asset's code, in lower case.</param>
/// <param name="CustomerEmail">Where it is sent, or null.</param>
/// <param name="CustomerName">Whom it is for, or null.</param>
/// <param name="Description">What it is for, or null.</param>
/// <param name="DueDate">Until when it is to be paid; null for a draft whose days count from its finalization.</param>
/// <param name="Footer">What stands at its foot, or null.</param>
/// <param name="HostedInvoiceUrl">Its page, with the secret that opens it; null for a draft, and where the deployment has no pages.</param>
/// <param name="Lines">What it is for, one by one.</param>
/// <param name="Livemode">Whether payments are real.</param>
/// <param name="Metadata">What the merchant writes beside it; its sessions carry it, with <c>invoice</c>.</param>
/// <param name="Number">Its number, without gaps for each merchant; null for a draft.</param>
/// <param name="Status">draft, open, paid, void or uncollectible.</param>
/// <param name="StatusTransitions">When it became what it is.</param>
/// <param name="Total">The whole sum in the currency's minor unit; null for an asset.</param>
/// <param name="Stellarpay">What Stripe has no field for.</param>
internal sealed record InvoiceJson(
    string Id,
    string Object,
    long? AmountDue,
    long? AmountPaid,
    long? AmountRemaining,
    string CollectionMethod,
    long Created,
    string Currency,
    string? CustomerEmail,
    string? CustomerName,
    string? Description,
    long? DueDate,
    string? Footer,
    string? HostedInvoiceUrl,
    InvoiceLinesJson Lines,
    bool Livemode,
    IReadOnlyDictionary<string, string> Metadata,
    string? Number,
    string Status,
    InvoiceTransitionsJson StatusTransitions,
    long? Total,
    InvoiceExtraJson Stellarpay)
{
    public static InvoiceJson Of(Invoice invoice, SaleDetailsJson said, bool isLive, CheckoutLinks? links, DateTimeOffset now)
    {
        var terms = invoice.Terms;
        var paid = invoice.Status == InvoiceStatus.Paid ? terms.Amount : 0;
        return new InvoiceJson(
            invoice.Id.Value, "invoice", Minor(terms.Amount), Minor(paid), Minor(terms.Amount - paid), "send_invoice",
            invoice.CreatedAt.ToUnixTimeSeconds(), terms.Code.ToLowerInvariant(), said.CustomerEmail, said.CustomerName, said.Description,
            invoice.DueAt?.ToUnixTimeSeconds(), said.Footer, invoice.Status == InvoiceStatus.Draft ? null : links?.UrlOf(invoice.Id),
            InvoiceLinesJson.Of(said), isLive, said.Metadata ?? [], invoice.Number, NameOf(invoice.Status),
            new InvoiceTransitionsJson(
                invoice.FinalizedAt?.ToUnixTimeSeconds(), invoice.UncollectibleAt?.ToUnixTimeSeconds(), invoice.PaidAt?.ToUnixTimeSeconds(),
                invoice.VoidedAt?.ToUnixTimeSeconds()),
            Minor(terms.Amount),
            new InvoiceExtraJson(
                terms.Text, PriceText.Of(paid, terms.Currency), PriceText.Of(terms.Amount - paid, terms.Currency),
                [.. terms.Assets.Select(asset => Asset.Parse(asset).Code)], terms.DaysUntilDue, invoice.IsOverdueAt(now), invoice.PaidBy,
                invoice.SentAt, terms.OffersAddress));

        long? Minor(long amount) => PriceText.MinorOf(amount, terms.Currency);
    }

    public static string NameOf(InvoiceStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    /// <summary>The status of a name; null where there is none of it.</summary>
    public static InvoiceStatus? StatusOf(string name) =>
        Enum.GetValues<InvoiceStatus>().Where(status => NameOf(status) == name).Select(status => (InvoiceStatus?)status).SingleOrDefault();
}

/// <summary>What an invoice is for, one by one.</summary>
/// <param name="Object">Always <c>list</c>.</param>
/// <param name="Data">All of them.</param>
/// <param name="HasMore">Always false.</param>
internal sealed record InvoiceLinesJson(string Object, IReadOnlyList<LineItemAnswer> Data, bool HasMore)
{
    public static InvoiceLinesJson Of(SaleDetailsJson said) => new("list", said.LineItems ?? [], HasMore: false);
}

/// <summary>When an invoice became what it is, each in seconds of Unix time, or null.</summary>
/// <param name="FinalizedAt">When it was given its number.</param>
/// <param name="MarkedUncollectibleAt">When its merchant gave it up.</param>
/// <param name="PaidAt">When it was known to be paid.</param>
/// <param name="VoidedAt">When its merchant took it back.</param>
internal sealed record InvoiceTransitionsJson(long? FinalizedAt, long? MarkedUncollectibleAt, long? PaidAt, long? VoidedAt);

/// <summary>What Stripe's invoices have no field for.</summary>
/// <param name="AmountDueDecimal">The whole sum as a decimal string.</param>
/// <param name="AmountPaidDecimal">What is paid of it.</param>
/// <param name="AmountRemainingDecimal">What is not.</param>
/// <param name="Assets">The codes of what it may be paid in.</param>
/// <param name="DaysUntilDue">Within how many days of its finalization it is due; null where a day was named.</param>
/// <param name="Overdue">Whether it is open past its day.</param>
/// <param name="PaymentSession">The session that paid it, or null.</param>
/// <param name="SentAt">When it was last mailed to the customer, or null.</param>
/// <param name="OfferDedicatedAddress">Whether its payer may ask for an address of its session's own, which needs no memo.</param>
internal sealed record InvoiceExtraJson(
    string AmountDueDecimal, string AmountPaidDecimal, string AmountRemainingDecimal, string[] Assets, int? DaysUntilDue, bool Overdue,
    string? PaymentSession, DateTimeOffset? SentAt, bool OfferDedicatedAddress);
