using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.PaymentAddresses;
using StellarPay.Grains.Refunds;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;
using Asset = StellarPay.Grains.Money.Asset;

namespace StellarPay.Grains.Sessions;

/// <summary>
/// A payment session as its merchant's API and its events show it: one shape, so that what a webhook said is what a question answers.
/// Amounts of assets are decimal strings; <c>amount</c> and <c>amount_received</c> are whole numbers of the currency's minor unit, and null
/// for a price in an asset.
/// </summary>
public static class PaymentSessionJson
{
    /// <summary>The session.</summary>
    /// <param name="session">What there is to show.</param>
    /// <param name="livemode">Whether it is on the public network.</param>
    public static JsonElement Of(PaymentSessionView session, bool livemode)
    {
        ArgumentNullException.ThrowIfNull(session);
        var isFiat = Currencies.IsCode(session.Currency);
        var shown = Array.Find(session.Locks, each => each.Asset == session.Asset) ?? session.Locks[0];
        return JsonSerializer.SerializeToElement(new JsonObject
        {
            ["id"] = session.Id.Value,
            ["object"] = "payment_session",
            ["session_id"] = session.Id.Value,
            ["merchant_id"] = session.Merchant.Value,
            ["livemode"] = livemode,
            ["status"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(session.Status.ToString()),
            ["currency"] = CodeOf(session.Currency),
            ["amount"] = isFiat ? session.Amount / Currencies.UnitOf(session.Currency) : null,
            ["amount_decimal"] = isFiat ? Fiat(session.Amount, session.Currency) : Amount.Format(session.Amount),
            ["amount_fiat"] = isFiat ? Fiat(session.Amount, session.Currency) : null,
            ["fiat_currency"] = isFiat ? session.Currency : null,
            ["asset"] = CodeOf(shown.Asset),
            ["amount_asset"] = Amount.Format(shown.DueStroops),
            ["rate"] = Rate(shown.Rate),
            ["assets"] = new JsonArray([.. session.Locks.Select(Lock)]),
            ["amount_received"] = isFiat ? session.Received / Currencies.UnitOf(session.Currency) : null,
            ["amount_received_decimal"] = isFiat
                ? Fiat(session.Received / Currencies.UnitOf(session.Currency) * Currencies.UnitOf(session.Currency), session.Currency)
                : Amount.Format(session.Received),
            ["received"] = session.Asset is null ? null : Amount.Format(session.ReceivedStroops),
            ["rest"] = session.Status == PaymentSessionStatus.Created
                ? Amount.Format(Math.Max(0, shown.DueStroops - session.ReceivedStroops))
                : null,
            ["underpaid"] = session.Facts.Contains("underpaid"),
            ["overpaid"] = session.Facts.Contains("overpaid"),
            ["late"] = session.Facts.Contains("late"),
            ["wrong_asset"] = session.Facts.Contains("wrong_asset"),
            ["processing"] = session.Facts.Contains("processing"),
            ["payments"] = new JsonArray([.. session.Payments.Select(payment => Payment(payment, session.Refunds, session.RefundAddresses ?? []))]),
            ["amount_refunded"] = isFiat ? RefundedOf(session) / Currencies.UnitOf(session.Currency) : null,
            ["amount_refunded_decimal"] = isFiat ? Fiat(RefundedOf(session), session.Currency) : Amount.Format(RefundedOf(session)),
            ["payment_count"] = session.PaymentCount,
            ["tx_hash"] = session.PaidBy ?? session.Payments.LastOrDefault(each => each.CountedStroops > 0)?.TransactionHash,
            ["pay_to"] = PayTo(session),
            ["dedicated_address"] = Dedicated(session),
            ["amount_tolerance_bps"] = session.ToleranceBasisPoints,
            ["success_url"] = session.SuccessUrl,
            ["cancel_url"] = session.CancelUrl,
            // With a secret that front doors alone can make.
            ["checkout_url"] = null,
            ["refund_url"] = null,
            ["created_at"] = Time(session.CreatedAt),
            ["viewed_at"] = Time(session.ViewedAt),
            ["expires_at"] = Time(session.ExpiresAt),
            ["paid_at"] = Time(session.PaidAt),
            ["canceled_at"] = Time(session.CanceledAt),
            ["cancellation_reason"] = session.CancellationReason,
            ["accepted_as"] = session.AcceptedAs?.Value,
            ["recovered_from"] = session.RecoveredFrom?.Value,
            ["test_clock"] = session.TestClock,
            ["sequence"] = session.Sequence,
            // What the merchant says of the sale is encrypted, and opened for him where it is shown.
            ["customer_email"] = null,
            ["description"] = null,
            ["line_items"] = new JsonArray(),
            ["metadata"] = new JsonObject(),
        });
    }

    /// <summary>One payment, as in the session's list.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="refunds">The session's refunds.</param>
    /// <param name="addresses">Where they go, other than to who paid.</param>
    public static JsonElement Of(
        SessionPayment payment, IReadOnlyList<RefundView> refunds, IReadOnlyList<RefundAddress> addresses) =>
        JsonSerializer.SerializeToElement(Payment(payment, refunds, addresses));

    private static JsonObject Payment(
        SessionPayment payment, IReadOnlyList<RefundView> refunds, IReadOnlyList<RefundAddress> addresses) => new()
    {
        ["operation_id"] = string.Create(CultureInfo.InvariantCulture, $"{payment.Token}-{payment.Number}"),
        ["tx_hash"] = payment.TransactionHash,
        ["ledger"] = payment.Ledger,
        ["closed_at"] = Time(payment.ClosedAt),
        ["from"] = payment.FromMuxed ?? payment.From,
        ["at_dedicated_address"] = payment.AtOwnAddress,
        ["asset"] = CodeOf(payment.Asset),
        ["amount"] = Amount.Format(payment.Stroops),
        ["amount_counted"] = Amount.Format(payment.CountedStroops),
        ["amount_refunded"] = Amount.Format(refunds.SelectMany(refund => refund.Legs)
            .Where(leg => leg.Status != RefundStatus.Failed && leg.Payment == new LedgerPlace(payment.Token, payment.Number))
            .Sum(leg => leg.Stroops)),
        ["verdict"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(payment.Verdict.ToString()),
        ["held_reason"] = payment.HeldReason,
        ["refund_address"] = addresses.FirstOrDefault(each => each.Payment == new LedgerPlace(payment.Token, payment.Number)) is { } address
            ? AddressOf(address)
            : null,
    };

    private static JsonObject AddressOf(RefundAddress address) => new()
    {
        ["address"] = address.Address,
        ["memo"] = address.Memo?.Value,
        ["memo_type"] = address.Memo?.Type,
        ["status"] = address.IsInEffect ? "active" : address.IsLapsed ? "lapsed" : "waiting",
        ["decided_at"] = Time(address.DecidedAt),
        ["effective_at"] = Time(address.EffectiveAt),
    };

    // What is given back or about to be, of what counted.
    private static long RefundedOf(PaymentSessionView session) => session.Refunds
        .Where(refund => refund.Payment is null && refund.Status != RefundStatus.Failed).Sum(refund => refund.Amount);

    private static JsonObject Lock(SessionLock each) => new()
    {
        ["asset"] = CodeOf(each.Asset),
        ["issuer"] = Asset.Parse(each.Asset).Issuer,
        ["amount"] = Amount.Format(each.DueStroops),
        ["rate"] = Rate(each.Rate),
        ["rate_source"] = each.Source,
        ["rate_at"] = Time(each.At),
    };

    // Three ways to name the session, of which one suffices.
    private static JsonObject PayTo(PaymentSessionView session) => new()
    {
        ["address"] = session.Address,
        ["memo"] = session.Id.Value,
        ["memo_type"] = "text",
        ["muxed_address"] = new MuxedAccount(AccountId.Parse(session.Address), (ulong)session.Id.Number).ToString(),
        ["memo_id"] = session.Id.Number.ToString(CultureInfo.InvariantCulture),
    };

    // Nobody is told the address of an account that is not there, or of a session that has ended, nor while something is on its way from
    // it, or lies there and cannot go on: what is missing is known then.
    private static JsonObject? Dedicated(PaymentSessionView session) => !session.OffersAddress ? null : new JsonObject
    {
        ["status"] = session.Own switch
        {
            null => "offered",
            { Awaits: true } or { IsHeldUp: true } => "processing",
            { Status: PaymentAddressStatus.Open } when session.Status != PaymentSessionStatus.Created => "closed",
            var own => JsonNamingPolicy.SnakeCaseLower.ConvertName(own.Status.ToString()),
        },
        ["address"] = session is
        {
            Status: PaymentSessionStatus.Created,
            Own: { Status: PaymentAddressStatus.Open, Awaits: false, IsHeldUp: false, Address: var address },
        } ? address : null,
    };

    // As the API writes times.
    private static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string CodeOf(string asset) => Asset.TryParse(asset, out var parsed) ? parsed.Code : asset;

    private static string Rate(decimal rate) => rate.ToString("0.############", CultureInfo.InvariantCulture);

    private static string Fiat(long amount, string currency)
    {
        var decimals = Currencies.DecimalsOf(currency);
        return (amount / (decimal)Amount.StroopsPerUnit).ToString(
            "F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
