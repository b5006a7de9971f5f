namespace StellarPay.Frontdoor.Webhooks.Endpoints;

/// <summary>
/// What an endpoint may ask for. <c>*</c> is all in Stripe's words and nothing else: a sale that is also told in ours, or in the simple
/// form, would be shipped twice by whoever hears both. Those go to who names them.
/// </summary>
internal static class EnabledEvents
{
    public const string All = "*";

    /// <summary>The most that an endpoint names.</summary>
    public const int Most = 100;

    private static readonly string[] Native =
    [
        "payment_session.created", "payment_session.viewed", "payment_session.processing", "payment_session.paid", "payment_session.expired",
        "payment_session.canceled", "payment_session.underpaid", "payment_session.overpaid", "payment_session.late",
        "payment_session.payment_failed", "payment_session.wrong_asset", "payment_session.accepted", "payment_session.held", "payment_session.address_changed",
        "payment_session.refund_address_set", "payment_session.refund_address_active", "payment_session.refund_address_lapsed",
        "payment_session.refund_address_withdrawn", "payment_session.*", "webhook_endpoint.disabled",
        "payment.success",
        "unmatched_receipt.created", "unmatched_receipt.assigned", "unmatched_receipt.topped_up", "unmatched_receipt.refunded",
        "unmatched_receipt.updated", "unmatched_receipt.*",
    ];

    // Those of Stripe's that have something here to be about.
    private static readonly string[] Stripes =
    [
        "charge.captured", "charge.dispute.closed", "charge.dispute.created", "charge.expired", "charge.failed", "charge.pending",
        "charge.refund.updated", "charge.refunded", "charge.succeeded", "charge.updated",
        "checkout.session.async_payment_failed", "checkout.session.async_payment_succeeded", "checkout.session.completed",
        "checkout.session.expired", "customer.created", "customer.deleted", "customer.updated",
        "invoice.created", "invoice.finalized", "invoice.marked_uncollectible", "invoice.overdue", "invoice.paid", "invoice.sent",
        "invoice.updated", "invoice.voided",
        "payment_intent.amount_capturable_updated", "payment_intent.canceled", "payment_intent.created", "payment_intent.partially_funded",
        "payment_intent.payment_failed", "payment_intent.processing", "payment_intent.requires_action", "payment_intent.succeeded",
        "payment_link.created", "payment_link.updated", "payout.canceled", "payout.created", "payout.failed", "payout.paid", "payout.updated",
        "price.created", "price.deleted", "price.updated", "product.created", "product.deleted", "product.updated",
        "refund.created", "refund.failed", "refund.updated",
        "test_helpers.test_clock.advancing", "test_helpers.test_clock.created", "test_helpers.test_clock.deleted",
        "test_helpers.test_clock.internal_failure", "test_helpers.test_clock.ready",
    ];

    private static readonly HashSet<string> Known = [All, .. Native, .. Stripes];

    /// <summary>Those that were asked for, each once; or what is wrong with them.</summary>
    public static (string[]? Events, string? Problem) Read(IReadOnlyList<string?> asked)
    {
        if (asked.Count is 0 or > Most)
        {
            return (null, $"'enabled_events' names 1 to {Most} types of events.");
        }

        foreach (var one in asked)
        {
            if (one is null || !Known.Contains(one))
            {
                return (null, "'enabled_events' names types of events that there are, or '*' for all of Stripe's.");
            }
        }

        return ([.. asked.OfType<string>().Distinct(StringComparer.Ordinal)], null);
    }
}
