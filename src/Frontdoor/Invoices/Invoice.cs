using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>A merchant's invoice, as it stands.</summary>
/// <param name="Id">Its id, <c>in_…</c>.</param>
/// <param name="Merchant">Whose it is.</param>
/// <param name="Status">How far it is.</param>
/// <param name="Terms">For how much, and in what.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record Invoice(InvoiceId Id, MerchantId Merchant, InvoiceStatus Status, InvoiceTerms Terms, DateTimeOffset CreatedAt)
{
    /// <summary>The how manieth of its merchant's it is; null for a draft.</summary>
    public int? Sequence { get; init; }

    /// <summary>Its number; null for a draft.</summary>
    public string? Number { get; init; }

    /// <summary>A keyed hash of the customer's e-mail address; null without one.</summary>
    public string? Customer { get; init; }

    /// <summary>What is said of it and whom it is for, encrypted; null for nothing.</summary>
    public string? Details { get; init; }

    /// <summary>Until when it is to be paid; null for a draft that counts from its finalization.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? FinalizedAt { get; init; }

    public DateTimeOffset? PaidAt { get; init; }

    public DateTimeOffset? VoidedAt { get; init; }

    public DateTimeOffset? UncollectibleAt { get; init; }

    /// <summary>When it was last mailed to the customer.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>How often it was mailed.</summary>
    public int Sends { get; init; }

    /// <summary>Whether it was told that it is overdue.</summary>
    public bool IsOverdueTold { get; init; }

    /// <summary>The session that paid it; null before.</summary>
    public string? PaidBy { get; init; }

    /// <summary>
    /// The late payment that is about to be accepted, and the session of the invoice that it came for; null for none. Since when the
    /// database knows, by its own clock.
    /// </summary>
    public LatePayment? Accepting { get; init; }

    /// <summary>How often it has changed.</summary>
    public long Revision { get; init; } = 1;

    /// <summary>Whether it is past its day and can still be paid.</summary>
    public bool IsOverdueAt(DateTimeOffset now) => Status == InvoiceStatus.Open && IsOver(DueAt, now);

    /// <summary>Whether the day (UTC) on which something is due is over: it has until its end, as its payer is told no hour.</summary>
    public static bool IsOver(DateTimeOffset? due, DateTimeOffset now) => due < Today(now);

    /// <summary>When today began, UTC.</summary>
    public static DateTimeOffset Today(DateTimeOffset now) => new(now.UtcDateTime.Date, TimeSpan.Zero);

    // It holds what a merchant says of a sale.
    public override string ToString() => Id.Value;
}

/// <summary>How far an invoice is.</summary>
internal enum InvoiceStatus
{
    /// <summary>It can be changed, and not be paid.</summary>
    Draft,

    /// <summary>It has its number, can be paid and not be changed.</summary>
    Open,

    /// <summary>It is paid.</summary>
    Paid,

    /// <summary>Its merchant took it back.</summary>
    Void,

    /// <summary>Its merchant expects nothing for it any more.</summary>
    Uncollectible,
}

/// <summary>From where an invoice may go whither.</summary>
internal static class InvoiceTransitions
{
    public static bool May(InvoiceStatus from, InvoiceStatus to) => (from, to) switch
    {
        (InvoiceStatus.Draft, InvoiceStatus.Open) => true,
        (InvoiceStatus.Open, InvoiceStatus.Paid or InvoiceStatus.Void or InvoiceStatus.Uncollectible) => true,
        _ => false,
    };
}

/// <summary>For how much an invoice is. Stored as JSON: names are a contract.</summary>
/// <param name="Currency">An ISO 4217 code, or an asset in canonical form.</param>
/// <param name="Amount">The whole sum, in ten-millionths of a unit.</param>
/// <param name="Assets">In what it may be paid, in canonical form.</param>
/// <param name="DaysUntilDue">How many days after its finalization it is due; null where a day is named.</param>
/// <param name="OffersAddress">Whether its payer may ask for an address of the session's own.</param>
internal sealed record InvoiceTerms(string Currency, long Amount, string[] Assets, int? DaysUntilDue, bool OffersAddress = false)
{
    /// <summary>The sum as a decimal string.</summary>
    public string Text => PriceText.Of(Amount, Currency);

    /// <summary>The currency as people write it.</summary>
    public string Code => PriceText.CodeOf(Currency);
}
