using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Tests.Payments;

[Collection<MoneyCollection>]
public sealed class PaymentTests(FrontdoorHost host)
{
    [Fact]
    public async Task A_payment_to_an_email_is_quoted_to_that_user_s_account()
    {
        var payer = await host.SignUpAsync();
        var payee = await host.SignUpAsync();
        var address = (await payee.GetAsync("/v1/wallet")).Body.GetProperty("address").GetString()!;

        var quote = await payer.PostAsync(
            "/v1/payments", new { recipient = payee.Email.ToUpperInvariant(), asset = "USDC", amount = "12.50", memo = "thanks" }, "key-1");

        quote.Status.ShouldBe(HttpStatusCode.Created, quote.Text);
        var body = quote.Body;
        body.GetProperty("object").GetString().ShouldBe("payment");
        body.GetProperty("status").GetString().ShouldBe("pending");
        body.GetProperty("destination").GetString().ShouldBe(address);
        body.GetProperty("amount").GetString().ShouldBe("12.5000000");
        body.GetProperty("asset").GetString().ShouldBe("USDC");
        body.GetProperty("issuer").GetString().ShouldBe(FakeWallet.Usdc.Issuer);
        body.GetProperty("fee").GetString().ShouldBe("0.0000000");
        body.GetProperty("memo").GetString().ShouldBe("thanks");
        quote.Headers.Location!.ToString().ShouldBe($"/v1/payments/{body.GetProperty("id").GetString()}");
        host.Grains.Wallet(payer.WalletId).LastQuote!.IdempotencyKey.ShouldBe("key-1");
    }

    [Fact]
    public async Task What_a_payment_waits_for_is_told_with_its_end()
    {
        var payer = await host.SignUpAsync();
        var until = new DateTimeOffset(2026, 12, 1, 8, 0, 0, TimeSpan.Zero);
        host.Grains.Wallet(payer.WalletId).Waits = new PaymentWait("recipient_opening", until);

        var waits = (await PayAsync(payer, FakeWallet.Usdc.Issuer!)).ShouldBeOk().Body;
        host.Grains.Wallet(payer.WalletId).Waits = null;
        var waitsNot = (await PayAsync(payer, FakeWallet.Usdc.Issuer!)).ShouldBeOk().Body;

        waits.GetProperty("waiting_for").GetString().ShouldBe("recipient_opening");
        waits.GetProperty("waits_until").GetDateTimeOffset().ShouldBe(until);
        waitsNot.GetProperty("waiting_for").GetString().ShouldBeNull();
        waitsNot.GetProperty("waits_until").GetString().ShouldBeNull();
    }

    [Fact]
    public async Task A_payment_may_name_a_phone_or_an_address()
    {
        var payer = await host.SignUpAsync();
        var called = host.Anonymous();
        called.Take((await called.PostAsync("/v1/auth/signup", new { phone = "+12027654321", password = Api.Password })).ShouldBeOk());
        (await called.PostAsync("/v1/me/phone/confirm", new { code = await host.Messages.NextCodeAsync("+12027654321") })).ShouldBeOk();

        var byPhone = await PayAsync(payer, "+1 (202) 765-4321");
        var byAddress = await PayAsync(payer, FakeWallet.Usdc.Issuer!);

        byPhone.ShouldBeOk().Body.GetProperty("recipient").GetString().ShouldBe("+12027654321");
        byPhone.Body.GetProperty("destination").GetString().ShouldStartWith("G");
        byAddress.ShouldBeOk().Body.GetProperty("destination").GetString().ShouldBe(FakeWallet.Usdc.Issuer);
    }

    [Theory]
    [InlineData("nobody@example.com", HttpStatusCode.UnprocessableEntity, "recipient_not_found")]
    [InlineData("+12025550199", HttpStatusCode.UnprocessableEntity, "recipient_not_found")]
    [InlineData("GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVM", HttpStatusCode.BadRequest, "recipient_invalid")]
    [InlineData("SAFMZNLKX3EJ4P3OSCXCQ4HXLPLHFRJ2VI3LK6JNGLNBHDZBBL5IPVYW", HttpStatusCode.BadRequest, "recipient_invalid")]
    [InlineData("someone", HttpStatusCode.BadRequest, "recipient_invalid")]
    public async Task A_recipient_who_is_not_there_is_not_paid(string recipient, HttpStatusCode status, string code)
    {
        var payer = await host.SignUpAsync();
        (await PayAsync(payer, recipient)).ShouldBeError(status, code, "recipient");
        host.Grains.Wallet(payer.WalletId).LastQuote.ShouldBeNull();
    }

    [Fact]
    public async Task A_payment_is_confirmed_cancelled_and_looked_at()
    {
        var payer = await host.SignUpAsync();
        var first = IdOf(await PayAsync(payer, FakeWallet.Usdc.Issuer!));
        var second = IdOf(await PayAsync(payer, FakeWallet.Usdc.Issuer!));

        (await payer.PostAsync($"/v1/payments/{first}/confirm", null, "key-2")).ShouldBeOk().Body.GetProperty("status").GetString().ShouldBe("processing");
        (await payer.PostAsync($"/v1/payments/{second}/cancel")).ShouldBeOk().Body.GetProperty("status").GetString().ShouldBe("cancelled");

        host.Grains.Wallet(payer.WalletId).LastConfirmKey.ShouldBe("key-2");
        (await payer.GetAsync($"/v1/payments/{first}")).ShouldBeOk().Body.GetProperty("status").GetString().ShouldBe("processing");
    }

    [Fact]
    public async Task A_payment_with_confirm_is_paid_at_once()
    {
        var payer = await host.SignUpAsync();
        var paid = await payer.PostAsync("/v1/payments", new { recipient = FakeWallet.Usdc.Issuer, asset = "USDC", amount = "1", confirm = true }, Api.NewKey());
        paid.Status.ShouldBe(HttpStatusCode.Created, paid.Text);
        paid.Body.GetProperty("status").GetString().ShouldBe("processing");
    }

    [Fact]
    public async Task A_payment_that_the_wallet_has_forgotten_is_found_in_the_read_table()
    {
        var payer = await host.SignUpAsync();
        var other = await host.SignUpAsync();
        var id = PaymentId.New(TimeProvider.System).Value;
        await using var command = host.Database.DataSource.CreateCommand(
            """
            INSERT INTO payments (service_id, wallet_id, payment_id, owner, direction, status, counterparty, counterparty_address, asset,
                amount_stroops, transaction_hash, ledger, created_at, completed_at, revision, source_asset, source_stroops,
                source_max_stroops, min_stroops, hops, sent_stroops, received_stroops)
            VALUES ('stellarpay', $1, $2, $3, 'out', 'succeeded', $5, 'GA', 'native', 10000000, 'ab', 7, now(), now(), 9,
                $4, 20000000, 21000000, 10000000, '{}', 20500000, 10000000)
            """);
        command.Parameters.AddWithValue(payer.WalletId);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(payer.UserId);
        command.Parameters.AddWithValue(FakeWallet.Usdc.Canonical);
        // Not in the statement, which is in spans that a test of what is traced looks through.
        command.Parameters.AddWithValue("a@example.com");
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var found = (await payer.GetAsync($"/v1/payments/{id}")).ShouldBeOk().Body;
        found.GetProperty("status").GetString().ShouldBe("succeeded");
        found.GetProperty("asset").GetString().ShouldBe("XLM");
        found.GetProperty("transaction_hash").GetString().ShouldBe("ab");
        found.GetProperty("ledger").GetInt64().ShouldBe(7);
        string[] names = ["source_asset", "source_amount", "source_max", "amount_min", "rate", "source_paid", "amount_received"];
        names.Select(name => found.GetProperty(name).GetString()).ShouldBe(
            ["USDC", "2.0000000", "2.1000000", "1.0000000", "0.5", "2.0500000", "1.0000000"]);
        (await other.GetAsync($"/v1/payments/{id}")).ShouldBeError(HttpStatusCode.NotFound, "payment_not_found");
    }

    [Fact]
    public async Task The_payment_of_another_is_not_there()
    {
        var owner = await host.SignUpAsync();
        var other = await host.SignUpAsync();
        var id = IdOf(await PayAsync(owner, FakeWallet.Usdc.Issuer!));

        (await other.GetAsync($"/v1/payments/{id}")).ShouldBeError(HttpStatusCode.NotFound, "payment_not_found");
        (await other.PostAsync($"/v1/payments/{id}/confirm", null, Api.NewKey())).ShouldBeError(HttpStatusCode.NotFound, "payment_not_found");
        (await other.PostAsync($"/v1/payments/{id}/cancel")).ShouldBeError(HttpStatusCode.NotFound, "payment_not_found");
        (await owner.GetAsync($"/v1/payments/{id}")).ShouldBeOk().Body.GetProperty("status").GetString().ShouldBe("pending");
    }

    [Fact]
    public async Task The_friendbot_funds_one_s_own_wallet()
    {
        var api = await host.SignUpAsync();
        var funded = (await api.PostAsync("/v1/wallet/friendbot")).ShouldBeOk().Body.GetProperty("balances")[0];
        funded.GetProperty("asset").GetString().ShouldBe("XLM");
        funded.GetProperty("issuer").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        funded.GetProperty("balance").GetString().ShouldBe("10000.0000000");
        funded.GetProperty("spendable").GetString().ShouldBe("10000.0000000");
    }

    private static string IdOf(Answer payment) => payment.ShouldBeOk().Body.GetProperty("id").GetString()!;

    private static Task<Answer> PayAsync(Api api, string recipient) =>
        api.PostAsync("/v1/payments", new { recipient, asset = "USDC", amount = "1" });
}
