using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.PaymentLinks;

/// <summary>A merchant's payment link, as it stands.</summary>
/// <param name="Id">Its id, <c>plink_…</c>.</param>
/// <param name="Merchant">Whose it is.</param>
/// <param name="Slug">By what its page is found: nobody guesses it.</param>
/// <param name="IsActive">Whether its merchant lets it be paid.</param>
/// <param name="Terms">What is sold, and for how much.</param>
/// <param name="Metadata">What the merchant writes beside it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">Until when it can be paid, by business time; null without an end.</param>
/// <param name="Stock">How many there are; null where it never runs out.</param>
/// <param name="Held">How many unpaid sessions hold.</param>
/// <param name="Sold">How many are paid.</param>
/// <param name="Revision">How often its merchant has made or changed it.</param>
internal sealed record PaymentLink(
    PaymentLinkId Id, MerchantId Merchant, string Slug, bool IsActive, LinkTerms Terms, IReadOnlyDictionary<string, string> Metadata,
    DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, int? Stock, int Held, int Sold, long Revision)
{
    /// <summary>How many are left; null where it never runs out.</summary>
    public int? Left => Stock - Held - Sold;

    public LinkStatus StatusAt(DateTimeOffset now) =>
        !IsActive ? LinkStatus.Inactive
        : ExpiresAt <= now ? LinkStatus.Over
        : Left <= 0 ? LinkStatus.SoldOut
        : LinkStatus.Open;

    // It holds what a merchant says of a sale.
    public override string ToString() => Id.Value;
}

/// <summary>Whether a link can be paid.</summary>
internal enum LinkStatus
{
    Open,

    /// <summary>Its merchant took it away, or is suspended.</summary>
    Inactive,

    /// <summary>Its end has come.</summary>
    Over,

    /// <summary>No piece is left.</summary>
    SoldOut,
}

/// <summary>Who says how much is paid.</summary>
internal enum LinkAmount
{
    /// <summary>The merchant.</summary>
    Fixed,

    /// <summary>The payer, within bounds.</summary>
    Chosen,

    /// <summary>The payer, within bounds, who is shown what others pay.</summary>
    Suggested,
}

/// <summary>
/// What a link sells, and for how much. Stored as JSON: names are a contract. Never changed: a price that is read is the price.
/// </summary>
/// <param name="Currency">An ISO 4217 code, or an asset in canonical form.</param>
/// <param name="AmountType">Who says how much.</param>
/// <param name="Amount">The price, or what is suggested, in ten-millionths of a unit; null where the payer chooses.</param>
/// <param name="Minimum">The least that he may choose; null for the least there is.</param>
/// <param name="Maximum">The most; null for any.</param>
/// <param name="Assets">In what it may be paid, in canonical form.</param>
/// <param name="Description">What is sold, or null.</param>
/// <param name="SuccessUrl">Where the payer is sent when it is paid, or null.</param>
/// <param name="OffersAddress">Whether its payers may ask for an address of the session's own.</param>
internal sealed record LinkTerms(
    string Currency, LinkAmount AmountType, long? Amount, long? Minimum, long? Maximum, string[] Assets, string? Description,
    string? SuccessUrl, bool OffersAddress = false)
{
    /// <summary>An amount as a decimal string, with the currency's places; of an asset as many as it needs.</summary>
    public string Text(long amount) => PriceText.Of(amount, Currency);

    /// <summary>The currency as people write it.</summary>
    public string Code => PriceText.CodeOf(Currency);
}
