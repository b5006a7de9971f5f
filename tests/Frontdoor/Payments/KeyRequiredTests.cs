using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Failures;

namespace StellarPay.Frontdoor.Tests.Payments;

/// <summary>By what money moves asks for a key, and what has no answer is not told to be tried again.</summary>
[Collection<MoneyCollection>]
public sealed class KeyRequiredTests(FrontdoorHost host)
{
    [Theory]
    [InlineData(null, "idempotency_key_required")]
    [InlineData("", "idempotency_key_invalid")]
    [InlineData("a\tb", "idempotency_key_invalid")]
    public async Task Money_does_not_move_without_a_key(string? key, string code)
    {
        var payer = await host.SignUpAsync();
        var quote = (await QuoteAsync(payer, confirm: false, key: null)).ShouldBeOk().Body.GetProperty("id").GetString();
        var before = host.Grains.Wallet(payer.WalletId).Changes;

        foreach (var answer in (Answer[])
        [
            await QuoteAsync(payer, confirm: true, key),
            await payer.PostAsync($"/v1/payments/{quote}/confirm", null, key),
            await payer.PostAsync("/v1/schedules", new
            {
                recipient = FakeWallet.Usdc.Issuer, asset = "USDC", amount = "1", frequency = "daily", start_at = "2026-03-02T12:00:00Z",
            }, key),
        ])
        {
            answer.ShouldBeError(HttpStatusCode.BadRequest, code, "Idempotency-Key");
        }

        host.Grains.Wallet(payer.WalletId).Changes.ShouldBe(before);
        (await payer.GetAsync($"/v1/payments/{quote}")).ShouldBeOk().Body.GetProperty("status").GetString().ShouldBe("pending");
    }

    [Fact]
    public async Task What_only_quotes_or_names_what_it_moves_needs_no_key()
    {
        var payer = await host.SignUpAsync();
        var quote = (await QuoteAsync(payer, confirm: false, key: null)).ShouldBeOk().Body.GetProperty("id").GetString();
        (await payer.PostAsync($"/v1/payments/{quote}/reclaim")).ShouldBeError(HttpStatusCode.Conflict, "not_reclaimable");
        (await payer.PostAsync($"/v1/payments/{quote}/cancel")).ShouldBeOk();
    }

    [Fact]
    public async Task A_payment_without_an_answer_has_an_unknown_outcome_and_one_that_was_not_begun_may_be_tried_again()
    {
        var payer = await host.SignUpAsync();
        var wallet = host.Grains.Wallet(payer.WalletId);
        wallet.Fails = new SiloUnavailableException("secret-4711");
        var lost = await QuoteAsync(payer, confirm: true, Api.NewKey());
        lost.ShouldBeError(HttpStatusCode.GatewayTimeout, "outcome_unknown");
        lost.Body.GetProperty("error").TryGetProperty("payment_id", out _).ShouldBeFalse("it has no id that is known");
        (await QuoteAsync(payer, confirm: false, Api.NewKey())).ShouldBeError(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");

        wallet.Fails = new NotBegunException("States wait.");
        (await QuoteAsync(payer, confirm: true, Api.NewKey())).ShouldBeError(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        (await payer.PostAsync("/v1/payments/txn_000000000000000000000000/confirm", null, Api.NewKey()))
            .ShouldBeError(HttpStatusCode.ServiceUnavailable, "temporarily_unavailable");
        wallet.Fails = null;
    }

    private static Task<Answer> QuoteAsync(Api payer, bool confirm, string? key) =>
        payer.PostAsync("/v1/payments", new { recipient = FakeWallet.Usdc.Issuer, asset = "USDC", amount = "1", confirm }, key);
}
