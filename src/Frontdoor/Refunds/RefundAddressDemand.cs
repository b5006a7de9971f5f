using System.Text.Json;
using StellarPay.Frontdoor.Auth;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Recipients;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Refunds;

/// <summary>
/// Who says where what is given back goes: somebody of the merchant's who may see to its money and has just shown his second factor. Who
/// takes it back to its payer needs to have none.
/// </summary>
internal sealed class RefundAddressDemand(
    StepUp stepUp, ChangeRateLimit limit, IAuditLog audit, SaleDetailsSeal seal, MessageBudget budget, MessageTransports transports,
    RecipientDirectory users, TimeProvider time)
{
    private static readonly Problem FactorMissing = Problem.Of(new Error(
        ErrorKind.Forbidden, "second_factor_required",
        "Whoever says where a refund goes has a second factor, and shows it in his session: set one up at /v1/me/totp or /v1/me/passkeys."));

    /// <summary>
    /// Why somebody may not say it now; null where he may, and then it is written down that he did. And what was taken of the day for
    /// telling the customer: who can be told nothing more today has nothing decided about his money.
    /// </summary>
    public async Task<(MessageShare? Told, Problem? Refused)> CheckAsync(
        PaymentSessionView session, NewRefundAddress order, MerchantCaller caller, HttpContext context, CancellationToken cancellationToken)
    {
        var shown = SessionFacts.Of(context);
        var refused = shown.HasFactor ? stepUp.Check(shown) : FactorMissing;
        refused ??= await limit.TakeAsync(SecurityChange.RefundAddress, context.User);
        if (refused is not null)
        {
            return (null, refused);
        }

        var (told, untold) = await TakeNoticeAsync(session, caller, cancellationToken);
        if (untold is not null)
        {
            return (null, untold);
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
    public Task ReturnAsync(MessageShare? told, Error why) => told is null || why.Kind == ErrorKind.Unavailable
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

    /// <summary>Whether a customer can be told: the one whose address the business gave, or a user of ours who paid.</summary>
    public async Task<bool> IsToldAsync(
        PaymentSessionView session, LedgerPlace payment, MerchantCaller caller, CancellationToken cancellationToken) =>
        await EmailOfAsync(session, caller, cancellationToken) is not null
        || (Array.Find(session.Payments, each => new LedgerPlace(each.Token, each.Number) == payment) is { } paid
            && MuxedAccount.TryParse(paid.FromMuxed ?? paid.From ?? "", out var payer)
            && await users.FindByAccountAsync(payer.AccountId.ToString(), cancellationToken) is not null);

    private async Task<string?> EmailOfAsync(PaymentSessionView session, MerchantCaller caller, CancellationToken cancellationToken) =>
        transports.Offers(MessageChannel.Email)
            ? (await seal.OpenAsync(caller.Merchant, [session.Details], cancellationToken))[0].CustomerEmail
            : null;

    private async Task<(MessageShare? Told, Problem? Refused)> TakeNoticeAsync(
        PaymentSessionView session, MerchantCaller caller, CancellationToken cancellationToken)
    {
        if (await EmailOfAsync(session, caller, cancellationToken) is not { } customer)
        {
            return (null, null);
        }

        var ask = new MessageAsk(MessageUse.Customer, MessageChannel.Email, customer, Merchant: caller.Merchant);
        return await budget.TakeAsync(ask, cancellationToken) is { } share
            ? (share, null)
            : (null, Problem.Of(new Error(
                ErrorKind.RateLimited, "customer_notices_used_up",
                "The customer is told where his refund goes, and today he, or so many of your customers, can be told nothing more.",
                RetryAfter: budget.Tomorrow - time.GetUtcNow())));
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
