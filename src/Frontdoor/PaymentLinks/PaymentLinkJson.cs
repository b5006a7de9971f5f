using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Money;

namespace StellarPay.Frontdoor.PaymentLinks;

/// <summary>A payment link in Stripe's shape.</summary>
/// <param name="Id">Its id, <c>plink_…</c>.</param>
/// <param name="Object">Always <c>payment_link</c>.</param>
/// <param name="Active">Whether it can be paid, as far as its merchant decides that.</param>
/// <param name="AfterCompletion">What the payer sees when it is paid.</param>
/// <param name="Created">When it was made, in seconds of Unix time.</param>
/// <param name="Currency">The price's currency or the asset's code, in lower case.</param>
/// <param name="InactiveMessage">Always null.</param>
/// <param name="Livemode">Whether payments are real.</param>
/// <param name="Metadata">What the merchant writes beside it; its sessions carry it, with <c>payment_link</c>.</param>
/// <param name="Restrictions">How often it can be paid; null where it never runs out.</param>
/// <param name="Url">Its page; null where the deployment has no pages.</param>
/// <param name="Stellarpay">What Stripe has no field for.</param>
internal sealed record PaymentLinkJson(
    string Id,
    string Object,
    bool Active,
    AfterCompletionJson AfterCompletion,
    long Created,
    string Currency,
    string? InactiveMessage,
    bool Livemode,
    IReadOnlyDictionary<string, string> Metadata,
    LinkRestrictionsJson? Restrictions,
    string? Url,
    PaymentLinkExtraJson Stellarpay)
{
    public static PaymentLinkJson Of(PaymentLink link, bool isLive, CheckoutLinks links, DateTimeOffset now) => new(
        link.Id.Value,
        "payment_link",
        link.IsActive,
        link.Terms.SuccessUrl is { } url
            ? new AfterCompletionJson("redirect", new RedirectJson(url))
            : new AfterCompletionJson("hosted_confirmation", Redirect: null),
        link.CreatedAt.ToUnixTimeSeconds(),
        link.Terms.Code.ToLowerInvariant(),
        InactiveMessage: null,
        isLive,
        link.Metadata,
        link.Stock is { } stock ? new LinkRestrictionsJson(new CompletedSessionsJson(link.Sold, stock)) : null,
        links.UrlOfLink(link.Slug),
        PaymentLinkExtraJson.Of(link, now));
}

/// <summary>What the payer sees when a link is paid.</summary>
/// <param name="Type"><c>redirect</c> or <c>hosted_confirmation</c>.</param>
/// <param name="Redirect">Where he is sent; null where he stays.</param>
internal sealed record AfterCompletionJson(string Type, RedirectJson? Redirect);

/// <summary>Where a payer is sent.</summary>
/// <param name="Url">The URL.</param>
internal sealed record RedirectJson(string Url);

/// <summary>How often a link can be paid.</summary>
/// <param name="CompletedSessions">By sessions that are paid.</param>
internal sealed record LinkRestrictionsJson(CompletedSessionsJson CompletedSessions);

/// <summary>How often a link was paid, and can be.</summary>
/// <param name="Count">How often it was.</param>
/// <param name="Limit">How often it can be.</param>
internal sealed record CompletedSessionsJson(int Count, int Limit);

/// <summary>What Stripe's payment links have no field for.</summary>
/// <param name="Status">open, inactive, over (its end has come) or sold_out.</param>
/// <param name="AmountType">fixed, chosen (by the payer) or suggested (to him).</param>
/// <param name="Amount">The price, or what is suggested, in the currency's minor unit; null for an asset and where the payer chooses.</param>
/// <param name="AmountDecimal">The same as a decimal string; null where the payer chooses.</param>
/// <param name="MinimumDecimal">The least that the payer may choose, or null.</param>
/// <param name="MaximumDecimal">The most, or null.</param>
/// <param name="Assets">The codes of what it may be paid in.</param>
/// <param name="Description">What is sold, or null.</param>
/// <param name="SuccessUrl">Where the payer is sent when it is paid, or null.</param>
/// <param name="Stock">How many there are; null where it never runs out.</param>
/// <param name="StockLeft">How many are neither paid nor held by an unpaid session; null where it never runs out.</param>
/// <param name="ExpiresAt">Until when it can be paid, or null.</param>
/// <param name="OfferDedicatedAddress">Whether its payers may ask for an address of their session's own, which needs no memo.</param>
internal sealed record PaymentLinkExtraJson(
    string Status, string AmountType, long? Amount, string? AmountDecimal, string? MinimumDecimal, string? MaximumDecimal, string[] Assets,
    string? Description, string? SuccessUrl, int? Stock, int? StockLeft, DateTimeOffset? ExpiresAt,
    bool OfferDedicatedAddress)
{
    public static PaymentLinkExtraJson Of(PaymentLink link, DateTimeOffset now)
    {
        var terms = link.Terms;
        return new PaymentLinkExtraJson(
            LinkNames.Of(link.StatusAt(now)),
            LinkNames.Of(terms.AmountType),
            terms.Amount is { } amount ? PriceText.MinorOf(amount, terms.Currency) : null,
            TextOf(terms, terms.Amount), TextOf(terms, terms.Minimum), TextOf(terms, terms.Maximum),
            [.. terms.Assets.Select(asset => Asset.Parse(asset).Code)],
            terms.Description, terms.SuccessUrl, link.Stock, link.Left, link.ExpiresAt, terms.OffersAddress);
    }

    private static string? TextOf(LinkTerms terms, long? amount) => amount is { } some ? terms.Text(some) : null;
}

/// <summary>A payment link to be.</summary>
/// <param name="AmountType">Who says how much is paid: fixed (the merchant, if it is left out), chosen or suggested (the payer).</param>
/// <param name="Amount">The price, or what is suggested, as a whole number of the currency's minor unit. Not for assets, nor where the payer chooses.</param>
/// <param name="AmountDecimal">The same as a decimal string; the only form for assets. One of the two.</param>
/// <param name="MinimumDecimal">The least that the payer may choose, as a decimal string. Or null.</param>
/// <param name="MaximumDecimal">The most. Or null.</param>
/// <param name="Currency">An ISO 4217 code, such as EUR, or an asset: XLM, USDC or CODE:ISSUER.</param>
/// <param name="Assets">In what it may be paid, as of a payment session.</param>
/// <param name="Stock">How many there are: 1 to 1000000. Left out, it never runs out.</param>
/// <param name="ExpiresAt">Until when it can be paid. Or null.</param>
/// <param name="SuccessUrl">Where the payer is sent when it is paid: https; http for this machine alone, in test mode. Or null.</param>
/// <param name="AfterCompletion">The same as Stripe says it. One of the two.</param>
/// <param name="Description">What is sold, at most 500 characters. Or null.</param>
/// <param name="Metadata">The merchant's own notes: at most 49 texts of 500 characters by names of 40, none of them payment_link. Or null.</param>
/// <param name="OfferDedicatedAddress">
/// Whether a payer may ask for an address of his session's own, which needs no memo, as from an exchange that can send none; false if left
/// out. Not with a 'stock'.
/// </param>
internal sealed record NewPaymentLinkRequest(
    string? AmountType,
    long? Amount,
    string? AmountDecimal,
    string? MinimumDecimal,
    string? MaximumDecimal,
    string? Currency,
    string[]? Assets,
    int? Stock,
    DateTimeOffset? ExpiresAt,
    string? SuccessUrl,
    AfterCompletionRequest? AfterCompletion,
    string? Description,
    Dictionary<string, string>? Metadata,
    bool? OfferDedicatedAddress = null);

/// <summary>What the payer is to see when a link is paid.</summary>
/// <param name="Type"><c>redirect</c> or <c>hosted_confirmation</c>.</param>
/// <param name="Redirect">Where he is sent.</param>
internal sealed record AfterCompletionRequest(string? Type, RedirectRequest? Redirect);

/// <summary>Where a payer is to be sent.</summary>
/// <param name="Url">The URL.</param>
internal sealed record RedirectRequest(string? Url);

/// <summary>What is to be changed of a payment link.</summary>
/// <param name="Active">Whether it can be paid.</param>
internal sealed record PaymentLinkChangeRequest(bool? Active);
