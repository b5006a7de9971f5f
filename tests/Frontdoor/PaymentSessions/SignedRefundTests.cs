using System.Net;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

/// <summary>A shop that has what moves money signed gives money back, once.</summary>
[Collection<SessionHostCollection>]
public sealed class SignedRefundTests(SessionHost host)
{
    [Fact]
    public async Task A_refund_that_was_cut_off_is_signed_anew_and_is_the_same_one()
    {
        var shop = await PaidShop.OpenAsync(host);
        var payer = await host.PayerAsync("30");
        var session = await shop.NewSessionAsync(new { amount_decimal = "20", currency = "USDC" });
        var id = session.GetProperty("id").GetString()!;
        (await payer.PostAsync("/v1/payments", new { recipient = id, confirm = true }, Api.NewKey())).ShouldBeOk();
        await shop.UntilAsync(id, "paid");
        await Authenticator.SetUpAsync(host, shop.Owner);
        var shown = (await shop.Owner.PostAsync($"/v1/merchants/{shop.Id}/api_keys", new { kind = "secret", name = "Signs" })).ShouldBeOk().Body;
        var server = host.Anonymous();
        server.AccessToken = shown.GetProperty("key").GetString()!;
        var signer = new RequestSigner(shown.GetProperty("signing_secret").GetString()!, host.Clock) { Nonce = RequestSigner.NewNonce() };
        (await shop.Owner.PatchAsync($"/v1/merchants/{shop.Id}", new { require_signed_requests = true })).ShouldBeOk();
        var (request, key) = (new { payment_session = id, amount_decimal = "5" }, Api.NewKey());
        (await server.PostAsync("/v1/refunds", request, key))
            .ShouldBeError(HttpStatusCode.Unauthorized, "request_signature_missing", RequestSigner.Header);

        server.Signer = signer;
        (await server.PostAsync("/v1/refunds", request)).ShouldBeError(HttpStatusCode.BadRequest, "idempotency_key_required", "Idempotency-Key");
        signer.Nonce = RequestSigner.NewNonce();
        var made = (await server.PostAsync("/v1/refunds", request, key)).ShouldBeOk().Body.GetProperty("id").GetString();

        (await server.PostAsync("/v1/refunds", request, key))
            .ShouldBeError(HttpStatusCode.Unauthorized, "request_signature_replayed", RequestSigner.Header);
        signer.Nonce = null;
        (await server.PostAsync("/v1/refunds", request, key)).ShouldBeOk().Body.GetProperty("id").GetString().ShouldBe(made);
        var all = (await server.GetAsync($"/v1/refunds?payment_session={id}")).ShouldBeOk().Body.GetProperty("data");
        all.EnumerateArray().Select(refund => refund.GetProperty("id").GetString()).ShouldBe([made]);
    }
}
