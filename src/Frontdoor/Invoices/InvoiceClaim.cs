using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>
/// An invoice, taken for the one session that it has at a time, before that is made. Where nobody knows whether it was made, the session
/// itself says so later: it is there, or it is not.
/// </summary>
internal sealed class InvoiceClaim(InvoiceStore store, InvoiceId invoice, DateTimeOffset now) : ISessionClaim
{
    /// <summary>There is one of it: what comes too late for it may be for what is paid by then, and is its merchant's to decide.</summary>
    public bool IsOfStock => true;

    public string? Origin => invoice.Value;

    /// <summary>What it was answered: <c>taken</c>, or why not.</summary>
    public string Answer { get; private set; } = "";

    public async Task<Problem?> TakeAsync(PaymentSessionId session, CancellationToken cancellationToken)
    {
        (Answer, _) = await store.TakeAsync(invoice, session, now, cancellationToken);
        return Answer switch
        {
            "taken" => null,
            "too_many" => InvoiceProblems.TooManySessions,
            "begun" or "made" => InvoiceProblems.Busy,
            var status => InvoiceProblems.NotOpen(InvoiceJson.StatusOf(status) ?? InvoiceStatus.Draft),
        };
    }

    public Task GiveBackAsync(PaymentSessionId session) => store.GiveBackAsync(invoice, session, CancellationToken.None);
}
