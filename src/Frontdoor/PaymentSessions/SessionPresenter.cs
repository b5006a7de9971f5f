using System.Text.Json;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Merchants.Access;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network;
using StellarPay.Grains.Sessions;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>Shows sessions to their merchant: what the grains say, and what he said of the sale, which is opened for him alone.</summary>
internal sealed class SessionPresenter(SaleDetailsSeal seal, CheckoutLinks links)
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public async Task<PaymentSessionAnswer> ShowAsync(
        MerchantCaller caller, PaymentSessionView session, CancellationToken cancellationToken) =>
        (await ShowAsync(caller, [session], cancellationToken))[0];

    /// <summary>
    /// As whoever asks for this one sees it: with the secret to what is held for its payers, which is in no list and no answer that is
    /// stored. Whoever has it gives back what is held: no more is shown it than may do so by themselves.
    /// </summary>
    public PaymentSessionAnswer WithRefundUrl(MerchantCaller caller, PaymentSessionView session, PaymentSessionAnswer shown) =>
        session.HasClaims && caller.May(MerchantPermissions.RefundsWrite)
            ? shown with { RefundUrl = links.RefundUrlOf(session.Id) }
            : shown;

    public async Task<PaymentSessionAnswer[]> ShowAsync(
        MerchantCaller caller, IReadOnlyList<PaymentSessionView> sessions, CancellationToken cancellationToken)
    {
        var details = await seal.OpenAsync(caller.Merchant, [.. sessions.Select(session => session.Details)], cancellationToken);
        return
        [
            .. sessions.Select((session, at) => PaymentSessionAnswer.Of(PaymentSessionJson.Of(session, caller.IsLive), details[at]) with
            {
                CheckoutUrl = links.UrlOf(session.Id),
            }),
        ];
    }

    /// <summary>What a transaction did for a session, by what we know of the ledger; nobody is asked.</summary>
    public static VerificationAnswer Verify(PaymentSessionView session, string hash, bool isLive)
    {
        SessionPayment[] its = [.. session.Payments.Where(payment => payment.TransactionHash == hash)];
        var counted = session.PaidBy == hash || its.Any(payment => payment.CountedStroops > 0);
        var waits = session.Own is { } own && (own.Awaits || own.IsHeldUp);
        var reason = counted ? null : its.Length > 0 ? NameOf(its[0].Verdict) : waits ? "processing" : "not_seen";
        return new VerificationAnswer(
            "payment_session.verification", session.Id.Value, hash, counted,
            [.. its.Select(payment => Of(payment, session))], reason,
            reason switch
            {
                null => "It counts towards the price.",
                "processing" => "Something lies at the session's own address, or is on its way from there to the merchant. Until it is with "
                    + "him nobody is told by which transaction it came: please look again.",
                "not_seen" => "No ledger that was read by now holds anything by it that names this session at its merchant's address. "
                    + "It may be about to come, or name something else, or be one of more than fifty payments.",
                "late" when IsAccepted(its[0], session) => $"It came after the session's end, was accepted, and has paid {session.AcceptedAs}.",
                "late" => "It came after the session's end. Its payer may have it back.",
                "wrong_asset" => "It is in an asset that this session does not take. Its payer may have it back.",
                _ => "It is beyond the price.",
            });
    }

    private static SessionPaymentAnswer Of(SessionPayment payment, PaymentSessionView session) =>
        PaymentSessionJson.Of(payment, session.Refunds, session.RefundAddresses ?? []).Deserialize<SessionPaymentAnswer>(Snake)!;

    private static bool IsAccepted(SessionPayment payment, PaymentSessionView session) =>
        session.AcceptedPayment == new LedgerPlace(payment.Token, payment.Number);

    private static string NameOf(SessionPaymentVerdict verdict) => JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.ToString());
}
