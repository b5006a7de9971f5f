using System.Globalization;
using System.Text;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Sessions;
using Currencies = StellarPay.Grains.Sessions.Currencies;

namespace StellarPay.Frontdoor.Refunds;

/// <summary>A merchant's request for a refund after it has been checked; or why it will not do, by the field and the rule.</summary>
/// <param name="Session">Of which session.</param>
/// <param name="Payment">The payment whose excess it is; null for what counted.</param>
/// <param name="Metadata">The merchant's notes; null for none.</param>
/// <param name="Request">What came.</param>
internal sealed record RefundForm(PaymentSessionId Session, LedgerPlace? Payment, byte[]? Metadata, NewRefundRequest Request)
{
    private static readonly string[] Reasons = ["duplicate", "fraudulent", "requested_by_customer"];

    /// <summary>Reads what can be read without the session.</summary>
    public static (RefundForm? Form, Problem? Problem) Read(NewRefundRequest request)
    {
        if (string.IsNullOrEmpty(request.PaymentSession))
        {
            return (null, Problem.Missing("payment_session"));
        }

        if (!PaymentSessionId.TryParse(request.PaymentSession, out var session))
        {
            return (null, Problem.Invalid("payment_session_invalid", "'payment_session' is the id of a payment session.", "payment_session"));
        }

        LedgerPlace? payment = null;
        if (request.Payment is { } text)
        {
            if (OperationIds.Find(text) is not { } place)
            {
                return (null, OperationIds.Invalid);
            }

            payment = place;
        }

        if (request is { Amount: not null, AmountDecimal: not null })
        {
            return (null, Problem.Invalid("amount_invalid", "'amount' and 'amount_decimal' say the same: send one of them.", "amount_decimal"));
        }

        if (request.Reason is not null && !Reasons.Contains(request.Reason))
        {
            return (null, Problem.Invalid("reason_invalid", $"'reason' is one of {string.Join(", ", Reasons)}.", "reason"));
        }

        var (metadata, problem) = SaleDetailsForm.ReadMetadata(request.Metadata);
        return problem is null ? (new RefundForm(session, payment, metadata, request), null) : (null, problem);
    }

    /// <summary>How much, in ten-millionths of the session's currency or of the payment's asset; null for all.</summary>
    public (long? Amount, Problem? Problem) AmountOf(PaymentSessionView session)
    {
        var unit = Payment is null && Currencies.IsCode(session.Currency) ? Currencies.UnitOf(session.Currency) : 1;
        if (Request.Amount is { } minor)
        {
            return minor > 0 && minor <= long.MaxValue / unit
                ? (minor * unit, null)
                : (null, Problem.Invalid("amount_invalid", "'amount' is a whole number above zero.", "amount"));
        }

        if (Request.AmountDecimal is not { } text)
        {
            return (null, null);
        }

        return Amount.TryParseStroops(text, out var amount) && amount > 0 && amount % unit == 0
            ? (amount, null)
            : (null, Problem.Invalid(
                "amount_invalid",
                $"'amount_decimal' is a decimal string above zero with at most {(unit == 1 ? 7 : Currencies.DecimalsOf(session.Currency))} places.",
                "amount_decimal"));
    }

    /// <summary>What makes two requests the same.</summary>
    public string?[] Fields() =>
    [
        Session.Value, Request.Payment, Request.Amount?.ToString(CultureInfo.InvariantCulture), Request.AmountDecimal, Request.Reason,
        Metadata is null ? null : Encoding.UTF8.GetString(Metadata),
    ];
}
