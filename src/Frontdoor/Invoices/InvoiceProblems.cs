using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>Why something does not become of an invoice.</summary>
internal static class InvoiceProblems
{
    public static Error NoSuchInvoice { get; } = new(ErrorKind.NotFound, "invoice_not_found", "There is no such invoice.");

    public static Problem NotFound { get; } = Problem.Of(NoSuchInvoice);

    /// <summary>Its session is being made, or is just being written.</summary>
    public static Problem Busy { get; } = Problem.Of(new Error(
        ErrorKind.Unavailable, "invoice_busy", "The invoice's payment session is being made or judged. Please try again in a moment."));

    public static Problem NotDraft { get; } = Conflict("invoice_not_draft", "The invoice is finalized: it has its number, and is not changed any more.");

    /// <summary>Somebody else changed it at the same moment.</summary>
    public static Problem Changed { get; } = Conflict("invoice_changed", "Others have changed the invoice. Read it again, and try again.");

    public static Problem DueOver { get; } = Conflict(
        "invoice_due_date_over", "The draft's due date is over. Give it another one before it is finalized.");

    public static Problem NoEmail { get; } = Conflict("invoice_has_no_email", "The invoice names no customer_email to send it to.");

    public static Problem TooManyMails { get; } = Conflict("invoice_sent_enough", "The invoice was mailed as often as may be.");

    public static Problem TooManySessions { get; } = Conflict(
        "invoice_too_many_sessions", "So many sessions were opened for the invoice today that there is no other before tomorrow.");

    /// <summary>It is not open.</summary>
    public static Problem NotOpen(InvoiceStatus status) => status switch
    {
        InvoiceStatus.Draft => Conflict("invoice_not_open", "The invoice is a draft. Finalize it first."),
        InvoiceStatus.Paid => Conflict("invoice_paid", "The invoice is paid. To give the money back, refund its payment session."),
        _ => Conflict("invoice_not_open", $"The invoice is {InvoiceJson.NameOf(status)}."),
    };

    private static Problem Conflict(string code, string message) => Problem.Of(new Error(ErrorKind.Conflict, code, message));
}
