using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.PaymentSessions;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.Refunds;

/// <summary>Of which payment something is given back, and where.</summary>
/// <param name="PaymentSession">Of which payment session.</param>
/// <param name="Payment">The payment: its <c>operation_id</c>, or the hash of its transaction where that paid the session once.</param>
/// <param name="Address">The account to pay, <c>G…</c> or <c>M…</c>.</param>
/// <param name="Memo">The memo by which one of many is known there. Or null.</param>
/// <param name="MemoType">Its kind: text (as without one), id, or hash (in base64).</param>
internal sealed record RefundAddressRequest(
    string? PaymentSession, string? Payment, string? Address, string? Memo, string? MemoType);

/// <summary>Of which payment a refund address is withdrawn.</summary>
/// <param name="PaymentSession">Of which payment session.</param>
/// <param name="Payment">The payment: its <c>operation_id</c>, or the hash of its transaction where that paid the session once.</param>
internal sealed record WithdrawRefundAddressRequest(string? PaymentSession, string? Payment);

/// <summary>What is asked for of refund addresses, read; or why it will not do, by the field and the rule.</summary>
internal static class RefundAddressForm
{
    private const int HashDigits = 64;

    private static readonly string[] Types = ["text", "id", "hash"];

    /// <summary>The session that is named.</summary>
    public static (PaymentSessionId Session, Problem? Problem) SessionOf(string? text) =>
        string.IsNullOrEmpty(text) ? (default, Problem.Missing("payment_session"))
        : PaymentSessionId.TryParse(text, out var session) ? (session, null)
        : (default, Problem.Invalid("payment_session_invalid", "'payment_session' is the id of a payment session.", "payment_session"));

    /// <summary>The payment of a session that is named, by its place or its transaction.</summary>
    public static (LedgerPlace Payment, Problem? Problem) PaymentOf(string? text, PaymentSessionView session)
    {
        if (string.IsNullOrEmpty(text))
        {
            return (default, Problem.Missing("payment"));
        }

        if (text.Length != HashDigits || !text.All(char.IsAsciiHexDigit))
        {
            return OperationIds.Find(text) is { } place
                ? (place, null)
                : (default, Problem.Invalid(
                    "payment_invalid", "'payment' is the 'operation_id' of one of the session's payments, or the hash of its transaction.", "payment"));
        }

        SessionPayment[] its =
            [.. session.Payments.Where(payment => payment.TransactionHash.Equals(text, StringComparison.OrdinalIgnoreCase))];
        return its.Length switch
        {
            1 => (new LedgerPlace(its[0].Token, its[0].Number), null),
            0 => (default, Problem.Of(NotFound)),
            _ => (default, Problem.Invalid(
                "payment_invalid", "The transaction paid the session more than once: name the payment by its 'operation_id'.", "payment")),
        };
    }

    /// <summary>Where refunds are to go.</summary>
    public static (string Address, RefundMemo? Memo, Problem? Problem) AddressOf(RefundAddressRequest request)
    {
        if (string.IsNullOrEmpty(request.Address))
        {
            return ("", null, Problem.Missing("address"));
        }

        if (request.MemoType is { } type && !Types.Contains(type))
        {
            return ("", null, Problem.Invalid("memo_type_invalid", "'memo_type' is text, id or hash.", "memo_type"));
        }

        if (request is { MemoType: not null, Memo: null })
        {
            return ("", null, Problem.Missing("memo"));
        }

        var memo = request.Memo is { } text ? new RefundMemo(request.MemoType ?? Types[0], text) : null;
        return RefundAddressRules.Check(request.Address, memo) is { } wrong
            ? ("", null, Problem.Of(wrong))
            : (request.Address, memo, null);
    }

    private static Error NotFound { get; } = new(
        ErrorKind.NotFound, "payment_not_found", "The session knows of no payment by that transaction.", "payment");
}
