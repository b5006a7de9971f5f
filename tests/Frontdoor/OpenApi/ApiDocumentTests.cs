using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.OpenApi;

[Collection<WireCollection>]
public sealed class ApiDocumentTests(FrontdoorHost host)
{
    [Fact]
    public async Task The_document_names_every_endpoint()
    {
        var document = await DocumentAsync();
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));

        operations.ShouldBe(
            [
                "POST /v1/auth/signup", "POST /v1/auth/login", "POST /v1/auth/refresh", "POST /v1/auth/logout", "GET /v1/sessions",
                "POST /v1/auth/challenge", "POST /v1/auth/step-up", "GET /v1/me/second-factors", "POST /v1/me/totp", "POST /v1/me/totp/confirm",
                "DELETE /v1/me/totp", "POST /v1/me/recovery-codes",
                "GET /v1/me/passkeys", "POST /v1/me/passkeys/options", "POST /v1/me/passkeys", "DELETE /v1/me/passkeys/{id}",
                "POST /v1/auth/passkey/options", "POST /v1/auth/passkey", "POST /v1/auth/step-up/passkey/options", "POST /v1/auth/step-up/passkey",
                "POST /v1/auth/password-reset", "POST /v1/auth/password-reset/confirm",
                "DELETE /v1/sessions", "DELETE /v1/sessions/{id}", "GET /.well-known/jwks.json",
                "GET /v1/wallet", "GET /v1/wallet/limits", "GET /v1/wallet/qr", "GET /v1/wallet/transactions", "POST /v1/wallet/friendbot",
                "POST /v1/payments", "GET /v1/payments/{id}", "GET /v1/payments/{id}/trace",
                "POST /v1/payments/{id}/confirm", "POST /v1/payments/{id}/cancel", "POST /v1/payments/{id}/reclaim",
                "POST /v1/me/email/code", "POST /v1/me/email/confirm", "POST /v1/me/phone/code", "POST /v1/me/phone/confirm",
                "POST /v1/me/email/change", "POST /v1/me/email/change/confirm", "POST /v1/me/phone/change",
                "POST /v1/me/phone/change/confirm", "POST /v1/auth/contact-undo",
                "POST /v1/me/export", "POST /v1/me/erase",
                "GET /v1/me", "PATCH /v1/me", "PUT /v1/me/handle", "GET /v1/contacts", "POST /v1/contacts", "PATCH /v1/contacts/{id}", "DELETE /v1/contacts/{id}",
                "GET /v1/recipients/lookup", "GET /v1/admin/users", "GET /v1/admin/users/{id}",
                "POST /v1/admin/users/{id}/tier", "GET /v1/admin/wallets/{id}", "POST /v1/admin/wallets/{id}/freeze",
                "POST /v1/admin/wallets/{id}/unfreeze", "GET /v1/admin/deny-list", "POST /v1/admin/deny-list", "DELETE /v1/admin/deny-list/{id}",
                "POST /v1/wallet/close", "POST /v1/wallet/open", "GET /v1/admin/dormant-wallets", "POST /v1/admin/wallets/{id}/reclaim",
                "GET /v1/wallet/key", "POST /v1/wallet/rotate-key", "POST /v1/admin/wallets/{id}/rotate-key",
                "GET /v1/admin/keys", "POST /v1/admin/keys/rotate",
                "POST /v1/invitations", "GET /v1/invitations", "GET /v1/invitations/{id}", "POST /v1/invitations/{id}/cancel",
                "POST /v1/schedules", "GET /v1/schedules", "GET /v1/schedules/{id}",
                "POST /v1/schedules/{id}/pause", "POST /v1/schedules/{id}/resume", "POST /v1/schedules/{id}/cancel",
                "GET /v1/admin/network", "POST /v1/admin/network/resume",
                "GET /v1/admin/parked-operations", "POST /v1/admin/parked-operations/{token}/retry",
                "POST /v1/admin/parked-operations/{token}/close",
                "GET /v1/admin/set-aside-rows", "POST /v1/admin/set-aside-rows/{id}/retry",
                "POST /v1/admin/set-aside-rows/{id}/close",
                "GET /v1/admin/suspense", "POST /v1/admin/suspense/{id}/assign", "POST /v1/admin/suspense/{id}/return",
                "POST /v1/admin/suspense/{id}/keep",
                "POST /v1/payment_sessions", "GET /v1/payment_sessions", "GET /v1/payment_sessions/{id}",
                "POST /v1/payment_sessions/{id}/cancel", "POST /v1/payment_sessions/{id}/verify",
                "POST /v1/payment_sessions/{id}/accept", "POST /v1/payment_sessions/{id}/address", "GET /v1/merchant/account",
                "POST /v1/refunds", "GET /v1/refunds", "GET /v1/refunds/{id}",
                "POST /v1/merchants/{id}/refund_addresses", "POST /v1/merchants/{id}/refund_addresses/withdraw",
                "GET /v1/unmatched_receipts", "GET /v1/unmatched_receipts/{id}", "POST /v1/unmatched_receipts/{id}/assign",
                "POST /v1/unmatched_receipts/{id}/topup", "POST /v1/unmatched_receipts/{id}/refund",
                "POST /v1/test_helpers/test_clocks", "GET /v1/test_helpers/test_clocks", "GET /v1/test_helpers/test_clocks/{id}",
                "POST /v1/test_helpers/test_clocks/{id}/advance", "DELETE /v1/test_helpers/test_clocks/{id}",
                "POST /v1/payment_links", "GET /v1/payment_links", "GET /v1/payment_links/{id}", "POST /v1/payment_links/{id}",
                "POST /v1/invoices", "GET /v1/invoices", "GET /v1/invoices/{id}", "POST /v1/invoices/{id}", "POST /v1/invoices/{id}/finalize",
                "POST /v1/invoices/{id}/send", "POST /v1/invoices/{id}/void", "POST /v1/invoices/{id}/mark_uncollectible",
                "GET /v1/checkout/{id}", "GET /v1/checkout/{id}/events",
                "POST /v1/merchants", "GET /v1/merchants", "GET /v1/merchants/{id}", "PATCH /v1/merchants/{id}", "GET /v1/merchant",
                "POST /v1/merchants/{id}/email/code", "POST /v1/merchants/{id}/email/confirm", "POST /v1/merchants/join",
                "GET /v1/merchants/{id}/people", "POST /v1/merchants/{id}/people",
                "PATCH /v1/merchants/{id}/people/{person}", "DELETE /v1/merchants/{id}/people/{person}",
                "GET /v1/merchants/{id}/api_keys", "POST /v1/merchants/{id}/api_keys", "GET /v1/merchants/{id}/api_keys/{key}",
                "PATCH /v1/merchants/{id}/api_keys/{key}", "POST /v1/merchants/{id}/api_keys/{key}/rotate",
                "POST /v1/merchants/{id}/api_keys/{key}/revoke",
                "POST /v1/webhook_endpoints", "GET /v1/webhook_endpoints", "GET /v1/webhook_endpoints/{id}",
                "POST /v1/webhook_endpoints/{id}", "DELETE /v1/webhook_endpoints/{id}", "POST /v1/webhook_endpoints/{id}/roll_secret",
                "GET /v1/webhook_endpoints/{id}/deliveries", "POST /v1/webhook_endpoints/{id}/test",
                "POST /v1/webhook_endpoints/{id}/replay", "GET /v1/events", "GET /v1/events/stream", "GET /v1/events/{id}", "POST /v1/events/{id}/redeliver",
                "GET /v1/admin/merchants", "POST /v1/admin/merchants/{id}/approve", "POST /v1/admin/merchants/{id}/suspend",
                "POST /v1/admin/merchants/{id}/reinstate", "POST /v1/admin/merchants/{id}/tier",
                "GET /v1/admin/merchants/{id}/unmatched_receipts", "POST /v1/admin/merchants/{id}/unmatched_receipts/{receipt}/assign",
                "GET /health/live", "GET /health/ready",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Every_operation_says_how_it_fails_and_whether_it_needs_a_token()
    {
        var document = await DocumentAsync();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var what = $"{operation.Name} {path.Name}";
                operation.Value.GetProperty("responses").GetProperty("default").GetProperty("content").GetProperty("application/json")
                    .GetProperty("schema").GetProperty("$ref").GetString().ShouldBe("#/components/schemas/Error", what);
                foreach (var again in new[] { "429", "503" })
                {
                    operation.Value.GetProperty("responses").GetProperty(again).GetProperty("headers").GetProperty("Retry-After")
                        .GetProperty("schema").GetProperty("type").GetString().ShouldBe("integer", what);
                }

                operation.Value.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty(what);
                var guarded = path.Name.StartsWith("/v1/", StringComparison.Ordinal) && !path.Name.StartsWith("/v1/checkout/", StringComparison.Ordinal)
                    && (!path.Name.StartsWith("/v1/auth/", StringComparison.Ordinal) || path.Name.StartsWith("/v1/auth/step-up", StringComparison.Ordinal));
                operation.Value.TryGetProperty("security", out var security).ShouldBe(guarded, what);
                if (guarded)
                {
                    security[0].TryGetProperty("Bearer", out _).ShouldBeTrue(what);
                }
            }
        }

        document.GetProperty("components").GetProperty("securitySchemes").GetProperty("Bearer").GetProperty("scheme").GetString().ShouldBe("bearer");
        var error = document.GetProperty("components").GetProperty("schemas").GetProperty("Error").GetProperty("properties").GetProperty("error");
        Resolve(document, error).GetProperty("properties").EnumerateObject().Select(property => property.Name)
            .ShouldBe(["type", "code", "message", "param", "request_id", "payment_id", "methods"]);
    }

    [Fact]
    public async Task Whatever_moves_money_asks_for_a_key_or_names_what_it_moves_and_says_that_its_outcome_may_be_unknown()
    {
        var document = await DocumentAsync();
        var moving = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Name: $"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value)))
            .Where(operation => operation.Value.GetProperty("responses").TryGetProperty("504", out _))
            .Select(operation => (operation.Name, Key: KeyOf(operation.Value)));

        moving.ShouldBe(
            [
                ("POST /v1/wallet/close", true), ("POST /v1/payments", false), ("POST /v1/payments/{id}/confirm", true), ("POST /v1/payments/{id}/cancel", null),
                ("POST /v1/payments/{id}/reclaim", null), ("POST /v1/schedules", true), ("POST /v1/schedules/{id}/pause", null),
                ("POST /v1/invitations", true), ("POST /v1/invitations/{id}/cancel", null),
                ("POST /v1/schedules/{id}/resume", null), ("POST /v1/schedules/{id}/cancel", null),
                ("POST /v1/admin/suspense/{id}/assign", null), ("POST /v1/admin/suspense/{id}/return", null),
                ("POST /v1/admin/suspense/{id}/keep", null),
            ],
            ignoreOrder: true);
    }

    // Whoever opens a new one decides it here: it takes a key, or names what it changes, which happens once.
    [Fact]
    public async Task Whatever_a_merchant_makes_or_changes_takes_a_key_but_for_what_names_what_it_changes()
    {
        var document = await DocumentAsync();
        var without = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, Method: operation.Name, operation.Value)))
            .Where(operation => operation.Method is "post" or "patch" or "put")
            .Where(operation => operation.Name.StartsWith("/v1/merchants", StringComparison.Ordinal)
                || (operation.Value.TryGetProperty("security", out var ways)
                    && ways.EnumerateArray().Any(way => way.TryGetProperty("ApiKey", out _))))
            .Where(operation => KeyOf(operation.Value) is null)
            .Select(operation => $"{operation.Method} {operation.Name}");

        without.ShouldBe(
            [
                "post /v1/payment_sessions/{id}/address", "post /v1/payment_sessions/{id}/cancel", "post /v1/payment_sessions/{id}/accept",
                "post /v1/payment_sessions/{id}/verify", "post /v1/unmatched_receipts/{id}/assign", "post /v1/unmatched_receipts/{id}/topup",
                "post /v1/unmatched_receipts/{id}/refund", "post /v1/webhook_endpoints/{id}/replay", "post /v1/events/{id}/redeliver",
                "post /v1/merchants/{id}/email/code", "post /v1/merchants/{id}/email/confirm", "post /v1/merchants/join",
                "post /v1/merchants/{id}/refund_addresses/withdraw",
            ],
            ignoreOrder: true);
    }

    // Whether it is required; null where there is no such header.
    private static bool? KeyOf(JsonElement operation) => operation.TryGetProperty("parameters", out var parameters)
        && parameters.EnumerateArray().SingleOrDefault(one => one.GetProperty("name").GetString() == "Idempotency-Key")
            is { ValueKind: JsonValueKind.Object } header
        ? header.TryGetProperty("required", out var required) && required.GetBoolean()
        : null;

    [Fact]
    public async Task Every_reference_in_the_document_leads_somewhere()
    {
        var document = await DocumentAsync();
        foreach (var reference in References(document))
        {
            reference.ShouldStartWith("#/");
            Should.NotThrow(() => Follow(document, reference), reference);
        }
    }

    [Fact]
    public async Task There_is_a_page_to_browse_it()
    {
        var page = (await host.Anonymous().GetAsync("/docs/index.html")).ShouldBeOk();
        page.ContentHeaders.ContentType!.MediaType.ShouldBe("text/html");
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("script-src 'self'");
        (await host.Anonymous().GetAsync("/docs/index.js")).ShouldBeOk().Text.ShouldContain("/openapi/v1.json");
        (await host.Anonymous().GetAsync("/docs")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<JsonElement> DocumentAsync() => (await host.Anonymous().GetAsync("/openapi/v1.json")).ShouldBeOk().Body;

    private static JsonElement Resolve(JsonElement document, JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference) ? Follow(document, reference.GetString()!) : schema;

    private static JsonElement Follow(JsonElement document, string reference) =>
        reference[2..].Split('/').Aggregate(document, (at, part) => at.GetProperty(part.Replace("~1", "/", StringComparison.Ordinal)));

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property is { Name: "$ref", Value.ValueKind: JsonValueKind.String } ? [property.Value.GetString()!] : References(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
