using StellarPay.Grains.Events;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>What becomes of invoices, by what they are: nothing here asks anybody. A step that was taken already is none.</summary>
internal static class InvoiceSteps
{
    /// <summary>A draft is something else from now on.</summary>
    public static InvoiceStep Update(Invoice invoice, InvoiceDraft draft, string? details, string? customer)
    {
        if (invoice.Status != InvoiceStatus.Draft)
        {
            return new InvoiceStep(Refused: InvoiceProblems.NotDraft);
        }

        var next = invoice with { Terms = draft.Terms, DueAt = draft.DueAt, Details = details, Customer = customer };
        return new InvoiceStep(next, EventTypes.InvoiceUpdated, Differences(invoice, next));
    }

    /// <summary>It is given its number, in the transaction that this is decided in, and can be paid.</summary>
    public static InvoiceStep Finalize(Invoice invoice, DateTimeOffset now)
    {
        if (invoice.Status != InvoiceStatus.Draft)
        {
            return invoice.Status == InvoiceStatus.Open ? InvoiceStep.Stays : new InvoiceStep(Refused: InvoiceProblems.NotDraft);
        }

        var due = invoice.DueAt ?? now.AddDays(invoice.Terms.DaysUntilDue ?? 0);
        return Invoice.IsOver(invoice.DueAt, now)
            ? new InvoiceStep(Refused: InvoiceProblems.DueOver)
            : new InvoiceStep(
                invoice with { Status = InvoiceStatus.Open, FinalizedAt = now, DueAt = due }, EventTypes.InvoiceFinalized, From(invoice));
    }

    /// <summary>It is paid.</summary>
    public static Invoice Paid(Invoice invoice, string session, DateTimeOffset now) =>
        invoice with { Status = InvoiceStatus.Paid, PaidAt = now, PaidBy = session, Accepting = null };

    /// <summary>Its merchant takes it back, or gives it up.</summary>
    public static InvoiceStep Close(Invoice invoice, InvoiceStatus end, DateTimeOffset now)
    {
        if (invoice.Status == end)
        {
            return InvoiceStep.Stays;
        }

        if (!InvoiceTransitions.May(invoice.Status, end))
        {
            return new InvoiceStep(Refused: InvoiceProblems.NotOpen(invoice.Status));
        }

        if (invoice.Accepting is not null)
        {
            return new InvoiceStep(Refused: InvoiceProblems.Busy);
        }

        var (next, told) = end == InvoiceStatus.Void
            ? (invoice with { Status = end, VoidedAt = now }, EventTypes.InvoiceVoided)
            : (invoice with { Status = end, UncollectibleAt = now }, EventTypes.InvoiceMarkedUncollectible);
        return new InvoiceStep(next, told, From(invoice)) { IsEnd = true };
    }

    /// <summary>
    /// What came late for a session of it is about to be accepted: until that is, or is not, nothing else becomes of it. Nobody is told of
    /// that. Said once more it counts from now: whoever does the rest of what others left waits until they are surely gone.
    /// </summary>
    public static InvoiceStep Accept(Invoice invoice, LatePayment late) =>
        !InvoiceTransitions.May(invoice.Status, InvoiceStatus.Paid) ? new InvoiceStep(Refused: InvoiceProblems.NotOpen(invoice.Status))
        : invoice.Accepting is not null && !invoice.Accepting.IsSame(late) ? new InvoiceStep(Refused: InvoiceProblems.Busy)
        : new InvoiceStep(invoice with { Accepting = late }) { IsEnd = true };

    /// <summary>It was not accepted, in this try; nothing is said of others.</summary>
    public static InvoiceStep GiveUp(Invoice invoice, LatePayment late) =>
        invoice.Accepting == late
            ? new InvoiceStep(invoice with { Accepting = null })
            : InvoiceStep.Stays;

    /// <summary>It is paid by what came late for a session of it, and its merchant accepted.</summary>
    public static InvoiceStep Recover(Invoice invoice, string session, DateTimeOffset now) =>
        InvoiceTransitions.May(invoice.Status, InvoiceStatus.Paid)
            ? new InvoiceStep(Paid(invoice, session, now), EventTypes.InvoicePaid, From(invoice)) { IsEnd = true }
            : InvoiceStep.Stays;

    /// <summary>It is mailed to its customer.</summary>
    public static InvoiceStep Send(Invoice invoice, int most, DateTimeOffset now) =>
        invoice.Status != InvoiceStatus.Open ? new InvoiceStep(Refused: InvoiceProblems.NotOpen(invoice.Status))
        : invoice.Customer is null ? new InvoiceStep(Refused: InvoiceProblems.NoEmail)
        : invoice.Sends >= most ? new InvoiceStep(Refused: InvoiceProblems.TooManyMails)
        : new InvoiceStep(invoice with { SentAt = now, Sends = invoice.Sends + 1 }, EventTypes.InvoiceSent);

    /// <summary>It is told once that it is open past its day.</summary>
    public static InvoiceStep Remind(Invoice invoice, DateTimeOffset now) =>
        invoice.IsOverdueAt(now) && !invoice.IsOverdueTold && invoice.Accepting is null
            ? new InvoiceStep(invoice with { IsOverdueTold = true }, EventTypes.InvoiceOverdue)
            : InvoiceStep.Stays;

    private static Dictionary<string, object?> From(Invoice invoice) => new() { ["status"] = InvoiceJson.NameOf(invoice.Status) };

    // Of what is in no event in clear nothing is said.
    private static Dictionary<string, object?> Differences(Invoice before, Invoice now)
    {
        var differences = new Dictionary<string, object?>();
        if (before.Terms.Currency != now.Terms.Currency)
        {
            differences["currency"] = before.Terms.Code.ToLowerInvariant();
        }

        if (before.Terms.Amount != now.Terms.Amount || before.Terms.Currency != now.Terms.Currency)
        {
            differences["amount_due"] = PaymentSessions.PriceText.MinorOf(before.Terms.Amount, before.Terms.Currency);
        }

        if (before.DueAt != now.DueAt)
        {
            differences["due_date"] = before.DueAt?.ToUnixTimeSeconds();
        }

        if (before.Terms.OffersAddress != now.Terms.OffersAddress)
        {
            differences["offer_dedicated_address"] = before.Terms.OffersAddress;
        }

        return differences;
    }
}
