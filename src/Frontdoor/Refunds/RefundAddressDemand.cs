using System.Text.Json;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Frontdoor.Notices;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.Refunds;

/// <summary>
/// Who says where what is given back goes: somebody of the merchant's who may see to its money and has just shown his second factor. Who
/// takes it back to its payer needs to have none.
/// </summary>
internal sealed class RefundAddressDemand(
    StepUp stepUp, ChangeRateLimit limit, IAuditLog audit, MerchantReaders readers, PayerReach payers, MessageBudget budget,
    MessageTransports transports, TimeProvider time)
{
    private static readonly Problem FactorMissing = Problem.Of(new Error(
        ErrorKind.Forbidden, "second_factor_required",
        "Whoever says where a refund goes has a second factor, and shows it in his session: set one up at /v1/me/totp or /v1/me/passkeys."));

    /// <summary>
    /// Why somebody may not say it now; null where he may, and then it is written down that he did. And what was taken of the day for
    /// telling the customer: who can be told nothing more today has nothing decided about his money.
    /// </summary>
    public async Task<(MessageShare[] Told, Problem? Refused)> CheckAsync(
        PaymentSessionView session, NewRefundAddress order, MerchantCaller caller, HttpContext context, CancellationToken cancellationToken)
    {
        var shown = SessionFacts.Of(context);
        var refused = shown.HasFactor ? stepUp.Check(shown) : FactorMissing;
        refused ??= await limit.TakeAsync(SecurityChange.RefundAddress, context.User);
        if (refused is not null)
        {
            return ([], refused);
        }

        var (told, untold) = await TakeNoticesAsync(session, order.Payment, caller, cancellationToken);
        if (untold is not null)
        {
            return ([], untold);
        }

        // Before the deed, as what administrators do is.
        await RecordAsync(
            "merchant.refund_address", caller, context,
            new
            {
                payment_session = session.Id.Value, payment = PlaceOf(order.Payment), address = order.Address, memo = order.Memo?.Value,
                memo_type = order.Memo?.Type,
            },
            cancellationToken);
        return (told, null);
    }

    /// <summary>Gives back what was taken for telling the customer of what was not decided; not where that is not known.</summary>
    public Task ReturnAsync(MessageShare[] told, Error why) => told.Length == 0 || why.Kind == ErrorKind.Unavailable
        ? Task.CompletedTask
        : budget.ReturnAsync(told, CancellationToken.None);

    /// <summary>
    /// Why somebody may not take it back now; null where he may, and then it is written down that he did. Whoever has a factor shows it:
    /// where many pay from one address, what goes back to the payer is lost.
    /// </summary>
    public async Task<Problem?> CheckWithdrawalAsync(
        PaymentSessionId session, LedgerPlace payment, MerchantCaller caller, HttpContext context, CancellationToken cancellationToken)
    {
        if (stepUp.Check(SessionFacts.Of(context)) is { } refused)
        {
            return refused;
        }

        await RecordAsync(
            "merchant.refund_address_withdraw", caller, context, new { payment_session = session.Value, payment = PlaceOf(payment) },
            cancellationToken);
        return null;
    }

    // Of the customer at the address that the business gave, and of a user of ours who paid, whom it cannot leave out. Nobody where neither
    // is known, or can be reached: then it waits for longer.
    private async Task<(MessageShare[] Told, Problem? Refused)> TakeNoticesAsync(
        PaymentSessionView session, LedgerPlace payment, MerchantCaller caller, CancellationToken cancellationToken)
    {
        var email = transports.Offers(MessageChannel.Email)
            ? await readers.EmailOfCustomerAsync(caller.Merchant, session.Details, session.Id.Value, cancellationToken)
            : null;
        var paid = Array.Find(session.Payments, each => new LedgerPlace(each.Token, each.Number) == payment);
        var payer = await payers.FindAsync(paid?.FromMuxed ?? paid?.From, email, cancellationToken);
        var shares = new List<MessageShare>();
        foreach (var ask in new[]
        {
            email is null ? null : new MessageAsk(MessageUse.Customer, MessageChannel.Email, email, Merchant: caller.Merchant),
            payer?.Ask(isTakenBack: false),
        }.OfType<MessageAsk>())
        {
            if (await budget.TakeAsync(ask, cancellationToken) is not { } share)
            {
                await budget.ReturnAsync(shares, CancellationToken.None);
                return ([], Problem.Of(new Error(
                    ErrorKind.RateLimited, "customer_notices_used_up",
                    "The customer is told where his refund goes, and today he, or so many of your customers, can be told nothing more.",
                    RetryAfter: budget.Tomorrow - time.GetUtcNow())));
            }

            shares.Add(share);
        }

        return ([.. shares], null);
    }

    private Task RecordAsync(
        string action, MerchantCaller caller, HttpContext context, object details, CancellationToken cancellationToken) =>
        audit.AppendAsync(
            new AuditEntry(
                context.User.UserId().Value, action, caller.Merchant.Value,
                JsonSerializer.SerializeToElement(details, JsonSerializerOptions.Web)),
            cancellationToken);

    private static string PlaceOf(LedgerPlace place) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{place.Token}-{place.Number}");
}
