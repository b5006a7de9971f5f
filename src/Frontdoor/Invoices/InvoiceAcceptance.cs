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
internal sealed partial class InvoiceAcceptance(
    InvoiceStore store, InvoiceTurns turns, InvoiceEnding ending, IGrainFactory grains,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business, ILogger<InvoiceAcceptance> logger)
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

        var late = LatePayment.Begin(session, payment);
        if (await PrepareAsync(invoice, late) is { } refused)
        {
            return (null, refused);
        }

        var accepted = await LateAcceptance.AcceptAsync(grain, merchant, payment, grains);
        return await EndAsync(invoice, late, accepted) is { } unfinished ? (null, unfinished) : Answer(accepted);
    }

    /// <summary>
    /// Has the invoice wait for what is about to be accepted; or says why it must not be: its session would refuse it, the invoice is paid
    /// already, or its merchant expects nothing for it any more. What would be refused costs the invoice nothing.
    /// </summary>
    public async Task<Problem?> PrepareAsync(Invoice invoice, LatePayment late)
    {
        var before = await AskAsync(invoice.Merchant, late);
        if (!before.IsSuccess)
        {
            return Problem.Of(before.Error);
        }

        if (!IsLate(before.Value, late.Payment, invoice.Terms))
        {
            // It is accepted already, or no sale of its own.
            return null;
        }

        var (_, refused) = await ending.EndAsync(
            invoice.Id, invoice.Merchant, Reason, now => InvoiceSteps.Accept(now, late), key: null);
        // Somebody else may have accepted the same a moment ago, by which it is paid.
        return refused is not null && await AskAsync(invoice.Merchant, late) is { IsSuccess: true, Value.AcceptedPayment: { } there }
            && there == late.Payment
                ? null
                : refused;
    }

    /// <summary>Does the rest of what somebody began, who may have died since. What cannot be done yet is looked at again later.</summary>
    public async Task RepairAsync(Invoice invoice)
    {
        var (before, late) = (invoice.Accepting!, LatePayment.Begin(invoice.Accepting!.Session, invoice.Accepting!.Payment));
        var grain = grains.GetGrain<IPaymentSessionGrain>(late.Session.Value);
        // Before anything is asked, which may take its time: others are looked at meanwhile.
        var (taken, _) = await turns.TakeAsync(
            invoice.Id, invoice.Merchant, prefix: null,
            (now, _) => now.Accepting == before ? InvoiceSteps.Accept(now, late) : InvoiceStep.Stays, key: null, CancellationToken.None);
        if (taken?.Accepting != late)
        {
            return;
        }

        if (!await IsAcceptedAsync(invoice, late))
        {
            await GiveUpAsync(invoice, late);
            // Whoever began it may have been slow, and not dead.
            if (!await IsAcceptedAsync(invoice, late))
            {
                return;
            }
        }

        var accepted = await LateAcceptance.AcceptAsync(grain, invoice.Merchant, late.Payment, grains);
        if (await EndAsync(invoice, late, accepted) is not null || !accepted.IsSuccess)
        {
            LogWaits(logger, late.Session.Value, invoice.Id.Value, accepted.IsSuccess ? "invoice_busy" : accepted.Error.Code);
        }
    }

    // What keeps the invoice from being what it should be by now.
    private async Task<Problem?> EndAsync(Invoice invoice, LatePayment late, Result<PaymentSessionView> accepted)
    {
        if (accepted.IsSuccess)
        {
            // What is held beyond a price is the same session's, and pays no other invoice than it did.
            if (accepted.Value.RecoveredFrom != late.Session || !IsFor(accepted.Value, invoice.Terms))
            {
                return null;
            }

            var (now, refused) = await ending.EndAsync(
                invoice.Id, invoice.Merchant, Reason,
                each => InvoiceSteps.Recover(each, accepted.Value.Id.Value, business.GetUtcNow()), key: null);
            if (refused is null && now?.PaidBy != accepted.Value.Id.Value)
            {
                LogNotPaid(logger, accepted.Value.Id.Value, late.Session.Value, invoice.Id.Value, InvoiceJson.NameOf(now!.Status));
            }

            return refused;
        }

        if (accepted.Error.Code == Closed || (accepted.Error.Kind != ErrorKind.Unavailable && !await IsAcceptedAsync(invoice, late)))
        {
            await GiveUpAsync(invoice, late);
        }

        return null;
    }

    private async Task<bool> IsAcceptedAsync(Invoice invoice, LatePayment late)
    {
        var session = await grains.GetGrain<IPaymentSessionGrain>(late.Session.Value).GetAsync(invoice.Merchant);
        // Of one that is not there nothing is known, and nothing is given up.
        return !session.IsSuccess || session.Value.AcceptedPayment == late.Payment;
    }

    private Task<Result<PaymentSessionView>> AskAsync(MerchantId merchant, LatePayment late) =>
        grains.GetGrain<IPaymentSessionGrain>(late.Session.Value).MayAcceptAsync(merchant, late.Payment, CancellationToken.None);

    private Task GiveUpAsync(Invoice invoice, LatePayment late) => turns.TakeAsync(
        invoice.Id, invoice.Merchant, prefix: null, (now, _) => InvoiceSteps.GiveUp(now, late), key: null, CancellationToken.None);

    // Whether it would be a sale of its own, for the invoice's sum. What is said of no such payment costs the invoice nothing.
    private static bool IsLate(PaymentSessionView session, LedgerPlace payment, InvoiceTerms terms) =>
        session.AcceptedPayment is null && IsFor(session, terms)
        && Array.Exists(
            session.Payments, each => new LedgerPlace(each.Token, each.Number) == payment && each.Verdict == SessionPaymentVerdict.Late);

    private static bool IsFor(PaymentSessionView session, InvoiceTerms terms) =>
        session.Amount == terms.Amount && session.Currency == terms.Currency;

    private static (PaymentSessionView? Accepted, Problem? Refused) Answer(Result<PaymentSessionView> answer) =>
        answer.IsSuccess ? (answer.Value, null) : (null, Problem.Of(answer.Error));

    [LoggerMessage(
        EventId = 3350, Level = LogLevel.Warning,
        Message = "What came late for {Session} is accepted for {Invoice}, and what is to be made of it is not there yet ({Code}); it is tried again.")]
    private static partial void LogWaits(ILogger logger, string session, string invoice, string code);

    [LoggerMessage(
        EventId = 3351, Level = LogLevel.Error,
        Message = "{Accepted} is paid by what came late for {Session}, and {Invoice}, for which that was made, is {Status} without it.")]
    private static partial void LogNotPaid(ILogger logger, string accepted, string session, string invoice, string status);
}
