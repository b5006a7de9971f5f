using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>What a request says an invoice is.</summary>
/// <param name="Terms">For how much, and in what.</param>
/// <param name="DueAt">Until when it is to be paid; null where that counts from its finalization.</param>
/// <param name="Details">What is said of it, in clear.</param>
/// <param name="Bytes">The same as it is encrypted; null for nothing.</param>
internal sealed record InvoiceDraft(InvoiceTerms Terms, DateTimeOffset? DueAt, SaleDetailsJson Details, byte[]? Bytes);

/// <summary>
/// Reads requests of invoices. An invoice is the order for its sessions: whatever a session would refuse is refused here, where its
/// merchant reads it and not a payer.
/// </summary>
internal static class InvoiceForm
{
    /// <summary>The note of a session that names its invoice.</summary>
    public const string Note = "invoice";

    private const int MostNotes = 49;
    private const int LongestName = 200;
    private const int LongestFooter = 1_000;
    private const int MostDays = 730;
    private const int UsualDays = 30;

    // What its sessions say where nothing else is said: they must have room for it.
    private static readonly string LongestNumber = new('0', 32);

    private static readonly TimeSpan Furthest = TimeSpan.FromDays(5 * 366);

    /// <summary>What an invoice is to be; or what is wrong with that.</summary>
    public static (InvoiceDraft? Draft, Problem? Problem) Read(
        InvoiceRequest request, SessionAssets assets, bool isLive, DateTimeOffset now)
    {
        if (CheckDue(request, now, out var due) is { } late)
        {
            return (null, late);
        }

        if (CheckWords(request) is { } unfit)
        {
            return (null, unfit);
        }

        var (amount, problem) = SumOf(request);
        if (problem is not null)
        {
            return (null, problem);
        }

        var (form, wrong) = PaymentSessionForm.Read(
            SessionOf(request, amount, $"{InvoiceId.Prefix}000000000000000000000000"), assets, isLive);
        if (form is null)
        {
            return (null, wrong);
        }

        // Looked at by the session's form above.
        _ = EmailAddress.TryParse(request.CustomerEmail, out var email);
        var details = new SaleDetailsJson(
            email, request.Description,
            request.LineItems?.Select(item => new LineItemAnswer(item.Name!, item.Quantity ?? 1, item.Amount)).ToArray(), request.Metadata)
        {
            CustomerName = request.CustomerName,
            Footer = request.Footer,
        };
        var (bytes, tooLong) = SaleDetailsForm.Written(details);
        return tooLong is not null
            ? (null, tooLong)
            : (new InvoiceDraft(
                new InvoiceTerms(
                    form.Order.Currency, form.Order.Amount, form.Order.Assets,
                    due is null ? request.DaysUntilDue ?? UsualDays : null, request.OfferDedicatedAddress is true),
                due, details, bytes), null);
    }

    /// <summary>A draft with what a request says of it: what that leaves out stays, and an empty text takes away.</summary>
    public static InvoiceRequest Over(InvoiceRequest request, Invoice invoice, SaleDetailsJson said)
    {
        var isOtherSum = request.Amount is not null || request.AmountDecimal is not null || request.LineItems is not null;
        var isOtherDay = request.DueDate is not null || request.DaysUntilDue is not null;
        return new InvoiceRequest(
            Said(request.CustomerEmail, said.CustomerEmail),
            Said(request.CustomerName, said.CustomerName),
            isOtherSum
                ? request.LineItems
                : said.LineItems?.Select(item => new LineItemRequest(item.Name, item.Quantity, item.Amount)).ToArray(),
            request.Amount,
            isOtherSum ? request.AmountDecimal : invoice.Terms.Text,
            request.Currency ?? invoice.Terms.Currency,
            request.Assets ?? (request.Currency is null ? invoice.Terms.Assets : null),
            isOtherDay ? request.DueDate : invoice.DueAt?.ToUnixTimeSeconds(),
            isOtherDay ? request.DaysUntilDue : invoice.Terms.DaysUntilDue,
            Said(request.Description, said.Description),
            Said(request.Footer, said.Footer),
            request.Metadata ?? said.Metadata,
            request.OfferDedicatedAddress ?? invoice.Terms.OffersAddress);
    }

    /// <summary>What a session of an invoice is asked for.</summary>
    public static NewPaymentSessionRequest SessionOf(Invoice invoice, SaleDetailsJson said) => new(
        Amount: null, invoice.Terms.Text, invoice.Terms.Currency, invoice.Terms.Assets, ExpiresIn: null, AmountToleranceBps: null,
        SuccessUrl: null, CancelUrl: null, said.CustomerEmail, said.Description ?? invoice.Number,
        said.LineItems?.Select(item => new LineItemRequest(item.Name, item.Quantity, item.Amount)).ToArray(),
        NotesOf(said.Metadata, invoice.Id.Value), OfferDedicatedAddress: invoice.Terms.OffersAddress);

    private static NewPaymentSessionRequest SessionOf(InvoiceRequest request, string? amount, string id) => new(
        amount is null ? request.Amount : null, amount ?? request.AmountDecimal, request.Currency, request.Assets, ExpiresIn: null,
        AmountToleranceBps: null, SuccessUrl: null, CancelUrl: null, request.CustomerEmail, request.Description ?? LongestNumber,
        request.LineItems, NotesOf(request.Metadata, id));

    private static Dictionary<string, string> NotesOf(IReadOnlyDictionary<string, string>? metadata, string id) =>
        new(metadata ?? new Dictionary<string, string>(), StringComparer.Ordinal) { [Note] = id };

    private static string? Said(string? now, string? before) => now switch { null => before, "" => null, _ => now };

    private static Problem? CheckDue(InvoiceRequest request, DateTimeOffset now, out DateTimeOffset? due)
    {
        due = null;
        if (request is { DueDate: not null, DaysUntilDue: not null })
        {
            return Problem.Invalid("due_date_invalid", "'due_date' and 'days_until_due' say the same: send one of them.", "due_date");
        }

        if (request.DaysUntilDue is < 0 or > MostDays)
        {
            return Problem.Invalid("days_until_due_invalid", $"'days_until_due' is 0 to {MostDays}.", "days_until_due");
        }

        if (request.DueDate is not { } second)
        {
            return null;
        }

        if (second < Invoice.Today(now).ToUnixTimeSeconds() || second > (now + Furthest).ToUnixTimeSeconds())
        {
            return Problem.Invalid(
                "due_date_invalid", "'due_date' is of today (UTC) or a day to come, in seconds of Unix time, within 5 years.", "due_date");
        }

        due = DateTimeOffset.FromUnixTimeSeconds(second);
        return null;
    }

    private static Problem? CheckWords(InvoiceRequest request) =>
        request.CustomerName is { } name && !SaleDetailsForm.IsText(name, LongestName)
            ? Problem.Invalid(
                "customer_name_invalid", $"'customer_name' has 1 to {LongestName} characters, and none that is not seen.", "customer_name")
        : request.Footer is { } footer && !SaleDetailsForm.IsText(footer, LongestFooter)
            ? Problem.Invalid("footer_invalid", $"'footer' has 1 to {LongestFooter} characters, and none that is not seen.", "footer")
        : request.Metadata is { } notes && (notes.Count > MostNotes || notes.ContainsKey(Note))
            ? Problem.Invalid(
                "metadata_invalid", $"'metadata' has at most {MostNotes} texts, and none by the name {Note}, which is the invoice's id.",
                "metadata")
        : null;

    // What the items come to, as a decimal string; null where not all of them say what they cost, or one is wrong: the session's form says
    // how.
    private static (string? Sum, Problem? Problem) SumOf(InvoiceRequest request)
    {
        if (request.LineItems is not { Length: > 0 } items)
        {
            return (null, null);
        }

        Int128 sum = 0;
        foreach (var item in items)
        {
            if (item?.Amount is not { } text || !Amount.TryParseStroops(text, out var one) || item.Quantity is < 1)
            {
                return (null, null);
            }

            sum += (Int128)one * (item.Quantity ?? 1);
        }

        if (sum <= 0 || sum > long.MaxValue)
        {
            return (null, Problem.Invalid(
                "line_items_invalid", "The amounts of 'line_items' come to more than nothing, and to no more than can be paid.", "line_items"));
        }

        // The sum's form is looked at with the currency, by the session's.
        return request switch
        {
            { Amount: null, AmountDecimal: null } => (Amount.Format((long)sum), null),
            { Amount: null, AmountDecimal: { } said } when Amount.TryParseStroops(said, out var whole) && whole != (long)sum =>
                (null, Differs("amount_decimal")),
            { Amount: { } minor, AmountDecimal: null } when Grains.Sessions.Currencies.IsCode(request.Currency ?? "")
                && (Int128)minor * Grains.Sessions.Currencies.UnitOf(request.Currency!) != sum => (null, Differs("amount")),
            _ => (null, null),
        };
    }

    private static Problem Differs(string param) =>
        Problem.Invalid("amount_invalid", $"'{param}' is not what the amounts of 'line_items' come to: leave it out, or make it that.", param);
}
