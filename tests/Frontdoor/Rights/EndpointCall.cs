using System.Net.Http.Json;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Rights;

/// <summary>How an endpoint is called so that, but for rights, it would do what it is for.</summary>
/// <param name="owner">Whose things are named; null for endpoints of administrators alone.</param>
/// <param name="subject">A user whom only administrators have to do with.</param>
/// <param name="fresh">Someone who has just signed up, whose tokens and password are at hand.</param>
internal sealed class EndpointCall(Person? owner, Api subject, Api fresh, DateTimeOffset now)
{
    // Names of what does not exist here, in the right form: administrators pass, and find nothing.
    public const string NoDeposit = "1-1";

    private const string NoMerchant = "mer_000000000000000000000000";
    private const string NoReceipt = "rcp_000000000000000000000000";

    public HttpRequestMessage Of(string endpoint)
    {
        var (method, pattern) = (endpoint.Split(' ')[0], endpoint.Split(' ')[1]);
        var path = pattern.Replace("{id}", IdOf(pattern, endpoint == "POST /v1/invoices/{id}"), StringComparison.Ordinal)
            .Replace("{slug}", method == "POST" ? "nothing" : owner?.LinkSlug, StringComparison.Ordinal)
            .Replace("{file}", "none.css", StringComparison.Ordinal)
            .Replace("{token}", "1", StringComparison.Ordinal)
            .Replace("{receipt}", owner?.ReceiptToAssign ?? NoReceipt, StringComparison.Ordinal)
            .Replace("{key}", owner?.Key, StringComparison.Ordinal)
            .Replace("{person}", owner?.Api.UserId, StringComparison.Ordinal);
        var request = new HttpRequestMessage(new HttpMethod(method), path + QueryOf(endpoint));
        if (BodyOf(endpoint) is { } body)
        {
            request.Content = JsonContent.Create(body);
        }

        request.Headers.TryAddWithoutValidation("Idempotency-Key", $"rights-{Guid.NewGuid():N}");
        request.Headers.TryAddWithoutValidation("StellarPay-Merchant", owner?.Merchant ?? NoMerchant);
        return request;
    }

    private string IdOf(string pattern, bool isChange) => pattern switch
    {
        _ when pattern.StartsWith("/v1/payments/", StringComparison.Ordinal) => owner!.Payment,
        _ when pattern.StartsWith("/v1/schedules/", StringComparison.Ordinal) => owner!.Schedule,
        _ when pattern.StartsWith("/v1/invitations/", StringComparison.Ordinal) => owner!.Invitation,
        _ when pattern.StartsWith("/v1/contacts/", StringComparison.Ordinal) => owner!.Contact,
        _ when pattern.StartsWith("/v1/sessions/", StringComparison.Ordinal) => owner!.Session,
        _ when pattern.StartsWith("/v1/me/passkeys/", StringComparison.Ordinal) => owner!.Passkey,
        "/v1/payment_sessions/{id}/accept" => owner!.LateSession,
        _ when pattern.StartsWith("/v1/payment_sessions/", StringComparison.Ordinal) => owner!.PaymentSession,
        _ when pattern.StartsWith("/v1/payment_links/", StringComparison.Ordinal) => owner!.Link,
        "/v1/invoices/{id}/finalize" => owner!.DraftInvoice,
        "/v1/invoices/{id}/send" or "/v1/invoices/{id}/mark_uncollectible" => owner!.InvoiceToSend,
        _ when pattern is "/invoice/{id}" || pattern.StartsWith("/v1/invoices/", StringComparison.Ordinal) =>
            isChange ? owner!.DraftInvoice : owner!.Invoice,
        _ when pattern.StartsWith("/v1/test_helpers/test_clocks/", StringComparison.Ordinal) => owner!.Clock,
        "/v1/unmatched_receipts/{id}" or "/v1/unmatched_receipts/{id}/assign" => owner!.ReceiptToAssign,
        "/v1/unmatched_receipts/{id}/topup" => owner!.ReceiptToKeep,
        "/v1/unmatched_receipts/{id}/refund" => owner!.ReceiptToReturn,
        _ when pattern.StartsWith("/v1/refunds/", StringComparison.Ordinal) => owner!.Refund,
        _ when pattern.Contains("/checkout/", StringComparison.Ordinal) => owner!.PaymentSession,
        _ when pattern.StartsWith("/v1/merchants/", StringComparison.Ordinal) => owner!.Merchant,
        _ when pattern.StartsWith("/v1/webhook_endpoints/", StringComparison.Ordinal) => owner!.Endpoint,
        _ when pattern.StartsWith("/v1/events/", StringComparison.Ordinal) => owner!.Event,
        _ when pattern.StartsWith("/v1/admin/merchants/", StringComparison.Ordinal) => owner?.Merchant ?? NoMerchant,
        _ when pattern.StartsWith("/v1/admin/users/", StringComparison.Ordinal) => subject.UserId,
        _ when pattern.StartsWith("/v1/admin/wallets/", StringComparison.Ordinal) => subject.WalletId,
        _ when pattern.StartsWith("/v1/admin/deny-list/", StringComparison.Ordinal) => "domain:evil.example",
        _ => NoDeposit,
    };

    private string QueryOf(string endpoint) => endpoint switch
    {
        "GET /v1/recipients/lookup" => $"?recipient={Uri.EscapeDataString(subject.Email)}",
        "GET /v1/admin/users" => $"?email={Uri.EscapeDataString(subject.Email)}",
        "DELETE /v1/admin/deny-list/{id}" => "?reason=Asked%20by%20a%20test",
        "GET /v1/checkout/{id}" or "GET /checkout/{id}" or "GET /checkout/{id}/wallet" or "GET /checkout/{id}/qr.svg" or "GET /checkout/{id}/qr.png" => $"?key={owner!.CheckoutKey}",
        "GET /invoice/{id}" => $"?key={owner!.InvoiceKey}",
        // Events are of many kinds, and what is shown and recorded is of one.
        "GET /v1/events" => "?type=payment_session.created",
        // Else it would not end.
        "GET /v1/events/stream" => "?follow=false",
        "POST /hubs/live/negotiate" => "?negotiateVersion=1",
        _ => "",
    };

    private object? BodyOf(string endpoint) => endpoint switch
    {
        "POST /v1/auth/signup" => new { email = FrontdoorHost.NewEmail(), password = Api.Password },
        "POST /v1/auth/login" => new { email = fresh.Email, password = Api.Password },
        "POST /v1/auth/password-reset" => new { email = fresh.Email },
        "POST /v1/auth/password-reset/confirm" => new
        {
            email = fresh.Email, reset_id = "pwr_00000000000000000000000000000000", code = "00000000", password = Api.Password,
        },
        "POST /v1/auth/challenge" => new { challenge = "lc_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", code = "000000" },
        "POST /v1/auth/step-up" or "POST /v1/me/totp/confirm" => new { code = "000000" },
        "POST /v1/me/totp" or "POST /v1/me/passkeys/options" => new { password = Api.Password },
        "POST /v1/auth/passkey" or "POST /v1/auth/step-up/passkey" or "POST /v1/me/passkeys" => new { credential = new { } },
        // Not his, so that nobody is removed.
        "POST /v1/me/erase" => new { password = "somebody else's" },
        "POST /v1/auth/refresh" => new { refresh_token = fresh.RefreshToken },
        "POST /v1/payments" => new { recipient = subject.Email, asset = "XLM", amount = "1" },
        "POST /v1/invitations" => new { recipient = FrontdoorHost.NewEmail(), asset = "XLM", amount = "1", note = "For the tickets" },
        // Nobody's account, so that nothing is closed.
        "POST /v1/wallet/close" => new { recipient = "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN" },
        "POST /v1/schedules" => new { recipient = subject.Email, asset = "XLM", amount = "1", frequency = "once", start_at = now.AddDays(20) },
        "POST /v1/me/email/confirm" or "POST /v1/me/phone/confirm" or "POST /v1/me/email/change/confirm" or "POST /v1/me/phone/change/confirm" =>
            new { code = "00000000" },
        "POST /v1/me/email/change" => new { email = FrontdoorHost.NewEmail(), password = Api.Password },
        "POST /v1/me/phone/change" => new { phone = "+442079460799", password = Api.Password },
        "POST /v1/auth/contact-undo" => new { code = "00000-00000-00000-00000-00000" },
        "PATCH /v1/me" => new { language = "de" },
        "PUT /v1/me/handle" => new { handle = $"h{Guid.NewGuid():N}"[..16] },
        "POST /v1/contacts" => new { nickname = $"N{Guid.NewGuid():N}"[..16], recipient = "a@example.com" },
        "PATCH /v1/contacts/{id}" =>
            new { nickname = $"N{Guid.NewGuid():N}"[..16], recipient = "a@example.com", password = Api.Password },
        "POST /v1/merchants" => new
        {
            business_name = "Ada's Books", email = FrontdoorHost.NewEmail(), country = "GB", statement_descriptor = "ADAS BOOKS",
            website = "https://books.example.com/", business_type = "company", registration_number = "01234567", brand_color = "#0a7cff",
        },
        "POST /v1/payment_sessions" => new
        {
            amount = 1999, currency = "EUR", description = "A book", customer_email = "reader@example.com",
            line_items = new[] { new { name = "On Numbers and Games", quantity = 1, amount = "19.99" } },
            metadata = new Dictionary<string, string> { ["order"] = "77" }, success_url = "https://books.example.com/thanks",
            cancel_url = "https://books.example.com/cart", expires_in = 600, amount_tolerance_bps = 50, assets = new[] { "USDC", "XLM" },
        },
        "POST /v1/payment_sessions/{id}/cancel" => new { reason = "Out of stock" },
        "POST /v1/payment_sessions/{id}/accept" => new { payment = owner?.LatePayment },
        "POST /v1/payment_sessions/{id}/verify" => new { tx_hash = new string('a', 64) },
        "POST /v1/payment_links" => new
        {
            amount_type = "suggested", amount = 1999, minimum_decimal = "5", maximum_decimal = "500", currency = "EUR",
            assets = new[] { "USDC", "XLM" }, stock = 20, expires_at = now.AddDays(20), description = "A book, for what it is worth to you",
            after_completion = new { type = "redirect", redirect = new { url = "https://books.example.com/thanks" } },
            metadata = new { campaign = "spring" },
        },
        "POST /v1/payment_links/{id}" => new { active = true },
        "POST /v1/invoices" => new
        {
            currency = "EUR", customer_email = "reader@example.com", customer_name = "Grace Hopper", description = "Lessons in spring",
            footer = "Thank you", due_date = now.AddDays(20).ToUnixTimeSeconds(), assets = new[] { "USDC", "XLM" },
            line_items = new[] { new { name = "Lesson", quantity = 2, amount = "12.50" } }, metadata = new { project = "cobol" },
        },
        "POST /v1/invoices/{id}" => new { days_until_due = 14 },
        "POST /v1/test_helpers/test_clocks" => new { frozen_time = now.ToUnixTimeSeconds(), name = "A year of sales" },
        "POST /v1/test_helpers/test_clocks/{id}/advance" => new { frozen_time = now.AddDays(30).ToUnixTimeSeconds() },
        "POST /v1/refunds" => new
        {
            payment_session = owner?.PaymentSession, payment = owner?.PaymentToRefund, amount_decimal = "0.25", reason = "requested_by_customer",
            metadata = new { ticket = "4711" },
        },
        "POST /v1/merchants/{id}/refund_addresses" => new
        {
            payment_session = owner?.PaymentSession, payment = owner?.PaymentToRefund, memo = "10425", memo_type = "id",
            address = "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN",
        },
        "POST /v1/merchants/{id}/refund_addresses/withdraw" =>
            new { payment_session = owner?.PaymentSession, payment = owner?.PaymentToRefund },
        "POST /v1/unmatched_receipts/{id}/assign" => new { payment_session = owner?.PaymentSession },
        "POST /v1/webhook_endpoints" => new
        {
            url = "https://shop.example.com/webhooks", enabled_events = new[] { "payment_session.*", "refund.updated" },
            description = "The shop's server", metadata = new { team = "checkout" },
        },
        "POST /v1/webhook_endpoints/{id}" => new { description = "The shop's new server" },
        "POST /v1/webhook_endpoints/{id}/roll_secret" => new { expires_in = 3600 },
        "POST /v1/webhook_endpoints/{id}/replay" => new { from_event = owner!.Event },
        "POST /v1/events/{id}/redeliver" => new { endpoint = owner!.Endpoint },
        "PATCH /v1/merchants/{id}" => new { brand_color = "#0a7c00", over_payments = "keep" },
        "POST /v1/merchants/{id}/email/code" => new { email = FrontdoorHost.NewEmail() },
        "POST /v1/merchants/{id}/email/confirm" => new { code = "00000000" },
        "POST /v1/merchants/join" => new { code = "00000-00000-00000-00000-00000" },
        "POST /v1/merchants/{id}/people" => new { email = FrontdoorHost.NewEmail(), role = "developer", password = Api.Password },
        "PATCH /v1/merchants/{id}/people/{person}" => new { role = "owner", password = Api.Password },
        "POST /v1/merchants/{id}/api_keys" => new
        {
            kind = "restricted", name = "Shop server", permissions = new[] { "payment_sessions:write", "payment_sessions:read" },
            allowed_addresses = new[] { "203.0.113.0/24" }, password = Api.Password,
        },
        "PATCH /v1/merchants/{id}/api_keys/{key}" => new { name = "Shop server 2", password = Api.Password },
        "POST /v1/merchants/{id}/api_keys/{key}/rotate" => new { overlap_seconds = 600, password = Api.Password },
        "POST /v1/admin/merchants/{id}/unmatched_receipts/{receipt}/assign" =>
            new { payment_session = owner?.PaymentSession, reason = "Asked by a test" },
        "POST /v1/admin/merchants/{id}/tier" => new { tier = 1, reason = "Asked by a test" },
        "POST /v1/admin/merchants/{id}/approve" or "POST /v1/admin/merchants/{id}/suspend" or "POST /v1/admin/merchants/{id}/reinstate" =>
            new { reason = "Asked by a test" },
        "POST /v1/admin/users/{id}/tier" => new { tier = 1, reason = "Asked by a test" },
        "POST /v1/admin/deny-list" => new { kind = "domain", value = "evil.example", reason = "Asked by a test" },
        "POST /v1/admin/suspense/{id}/assign" => new { user = subject.UserId },
        "POST /v1/admin/wallets/{id}/freeze" or "POST /v1/admin/wallets/{id}/unfreeze" or "POST /v1/admin/wallets/{id}/reclaim"
            or "POST /v1/admin/wallets/{id}/rotate-key" or "POST /v1/admin/network/resume" => new { reason = "Asked by a test" },
        _ => null,
    };
}
