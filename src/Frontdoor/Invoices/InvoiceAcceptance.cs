using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>
/// Accepts what came late for sessions, and has it pay the invoice that such a session was made for. What the session says of itself is
/// nothing: that it was made for the invoice is in our own books. The invoice is asked first, for the money is not given back by itself; it
/// remembers what is about to be accepted, so that the sweep does the rest where a front door died.
/// </summary>
internal sealed class InvoiceAcceptance(
    InvoiceStore store, InvoiceTurns turns, InvoiceEnding ending, IGrainFactory grains, TimeProvider system,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    // An operator gave up that it is accepted: it never is.
    private const string Closed = "payment_acceptance_closed";
    private const string Reason = "A late payment of the invoice was accepted.";

    /// <summary>The session that is paid by it; or why it is not accepted.</summary>
    public async Task<(PaymentSessionView? Accepted, Problem? Refused)> AcceptAsync(
        PaymentSessionId session, MerchantId merchant, LedgerPlace payment)
    {
        var grain = grains.GetGrain<IPaymentSessionGrain>(session.Value);
        if (await store.OfSessionAsync(merchant, session, CancellationToken.None) is not { } invoice)
        {
            return Answer(await LateAcceptance.AcceptAsync(grain, merchant, payment, grains));
        }

        if (await PrepareAsync(invoice, session, payment) is { } refused)
        {
            return (null, refused);
        }

        var accepted = await LateAcceptance.AcceptAsync(grain, merchant, payment, grains);
        await EndAsync(invoice, session, accepted);
        return Answer(accepted);
    }

    /// <summary>
    /// Has the invoice wait for what is about to be accepted; or says why it must not be: it is paid already, or its merchant expects
    /// nothing for it any more.
    /// </summary>
    public async Task<Problem?> PrepareAsync(Invoice invoice, PaymentSessionId session, LedgerPlace payment)
    {
        var grain = grains.GetGrain<IPaymentSessionGrain>(session.Value);
        var before = await grain.GetAsync(invoice.Merchant);
        if (!before.IsSuccess || !IsLate(before.Value, payment, invoice.Terms))
        {
            // Then the session says what is wrong, or what it is already.
            return null;
        }

        var (_, refused) = await ending.EndAsync(
            invoice.Id, invoice.Merchant, Reason, now => InvoiceSteps.Accept(now, session.Value, system.GetUtcNow()), key: null);
        // Somebody else may have accepted the same a moment ago, by which it is paid.
        return refused is not null && await grain.GetAsync(invoice.Merchant) is { IsSuccess: true, Value.AcceptedPayment: { } there }
            && there == payment
                ? null
                : refused;
    }

    /// <summary>Does the rest of what somebody began, who may have died since.</summary>
    public async Task RepairAsync(Invoice invoice)
    {
        var session = PaymentSessionId.Parse(invoice.Accepting!);
        var grain = grains.GetGrain<IPaymentSessionGrain>(session.Value);
        var stands = await grain.GetAsync(invoice.Merchant);
        if (!stands.IsSuccess)
        {
            return;
        }

        if (stands.Value.AcceptedPayment is { } payment)
        {
            await EndAsync(invoice, session, await LateAcceptance.AcceptAsync(grain, invoice.Merchant, payment, grains));
        }
        else
        {
            await GiveUpAsync(invoice, session);
        }
    }

    private async Task EndAsync(Invoice invoice, PaymentSessionId session, Result<PaymentSessionView> accepted)
    {
        if (accepted.IsSuccess)
        {
            // What is held beyond a price is the same session's, and pays no other invoice than it did.
            if (accepted.Value.RecoveredFrom == session && IsFor(accepted.Value, invoice.Terms))
            {
                await ending.EndAsync(
                    invoice.Id, invoice.Merchant, Reason,
                    now => InvoiceSteps.Recover(now, accepted.Value.Id.Value, business.GetUtcNow()), key: null);
            }
        }
        else if (accepted.Error.Code == Closed || (accepted.Error.Kind != ErrorKind.Unavailable
            && await grains.GetGrain<IPaymentSessionGrain>(session.Value).GetAsync(invoice.Merchant)
                is { IsSuccess: true, Value.AcceptedPayment: null }))
        {
            await GiveUpAsync(invoice, session);
        }
    }

    private Task GiveUpAsync(Invoice invoice, PaymentSessionId session) => turns.TakeAsync(
        invoice.Id, invoice.Merchant, prefix: null, (now, _) => InvoiceSteps.GiveUp(now, session.Value), key: null,
        CancellationToken.None);

    // Whether it would be a sale of its own, for the invoice's sum. What is said of no such payment costs the invoice nothing.
    private static bool IsLate(PaymentSessionView session, LedgerPlace payment, InvoiceTerms terms) =>
        session.AcceptedPayment is null && IsFor(session, terms)
        && Array.Exists(
            session.Payments, each => new LedgerPlace(each.Token, each.Number) == payment && each.Verdict == SessionPaymentVerdict.Late);

    private static bool IsFor(PaymentSessionView session, InvoiceTerms terms) =>
        session.Amount == terms.Amount && session.Currency == terms.Currency;

    private static (PaymentSessionView? Accepted, Problem? Refused) Answer(Result<PaymentSessionView> answer) =>
        answer.IsSuccess ? (answer.Value, null) : (null, Problem.Of(answer.Error));
}
