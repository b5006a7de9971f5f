using System.Net;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Auth.Passkeys;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Payments;

/// <summary>A second factor guards the money, as a client sees it.</summary>
[Collection<FactorHostCollection>]
public sealed class StepUpPaymentTests(FactorHost host)
{
    [Fact]
    public async Task A_factor_raises_the_day_a_day_after_it_is_set_up_and_lowers_it_when_it_is_gone()
    {
        var payer = await host.NewPayerAsync("3000");
        var payee = await host.NewPayeeAsync();
        await FactorHost.UntilDailyAsync(payer, "1000.0000000");
        var refused = await QuoteAsync(payer, payee.Email, "1000.01");
        refused.ShouldBeError(HttpStatusCode.UnprocessableEntity, "daily_limit_exceeded", "amount");
        refused.Body.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("With a second factor it is 25,000.00 USD.");

        var authenticator = await Authenticator.SetUpAsync(host, payer);
        await UntilRefusedWithAsync(payer, payee.Email, "With the second factor, which is new, it is 25,000.00 USD from ");
        // Others beside it, and logins with it, are no older.
        using var passkey = new SoftwareAuthenticator();
        (await payer.AddPasskeyAsync(passkey)).ShouldBeOk();
        await UntilRefusedWithAsync(payer, payee.Email, "which is new");

        await host.AfterADayAsync(payer);
        await FactorHost.UntilDailyAsync(payer, "25000.0000000");
        (await QuoteAsync(payer, payee.Email, "1000.01")).ShouldBeOk();
        await StepUpAsync(payer, authenticator);
        (await payer.DeleteAsync("/v1/me/totp")).ShouldBeOk();
        (await QuoteAsync(payer, payee.Email, "1000.01")).ShouldBeOk();
        var left = (await payer.GetAsync("/v1/me/passkeys")).ShouldBeOk().Body.GetProperty("data")[0].GetProperty("id").GetString();
        (await payer.DeleteAsync($"/v1/me/passkeys/{left}")).ShouldBeOk();
        await FactorHost.UntilDailyAsync(payer, "1000.0000000");
        (await PayAsync(payer, payee.Email, "1", Api.NewKey())).ShouldBeError(HttpStatusCode.UnprocessableEntity, "daily_limit_exceeded", "amount");
    }

    [Fact]
    public async Task A_payment_of_much_needs_the_factor_and_the_same_key_is_good_after_it()
    {
        var (payer, authenticator) = await host.NewProtectedPayerAsync("3000");
        var payee = await host.NewPayeeAsync();
        var key = Api.NewKey();

        var refused = await PayAsync(payer, payee.Email, "2000", key);

        refused.ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
        refused.Body.GetProperty("error").GetProperty("methods").EnumerateArray().Select(each => each.GetString())
            .ShouldBe(["totp", "recovery_code"]);
        // His only: on this host others' payments of before may still be under way.
        (await CountPaymentEventsAsync(payer)).ShouldBe(0);
        await StepUpAsync(payer, authenticator);
        var paid = (await PayAsync(payer, payee.Email, "2000", key)).ShouldBeOk().Body.GetProperty("id").GetString();
        (await CountPaymentEventsAsync(payer)).ShouldBeGreaterThan(0);
        await UntilSettledAsync(payer, "1000.0000000");
        host.Clock.Advance(FactorHost.StepUpFor);
        (await PayAsync(payer, payee.Email, "2000", key)).ShouldBeOk().Body.GetProperty("id").GetString().ShouldBe(paid);
        (await PayAsync(payer, payee.Email, "500", Api.NewKey())).ShouldBeOk();
    }

    [Fact]
    public async Task Somebody_new_is_known_once_he_was_paid_with_the_factor_whatever_name_he_is_called_by()
    {
        var (payer, authenticator) = await host.NewProtectedPayerAsync("3000");
        var payee = await host.NewPayeeAsync();
        (await PayAsync(payer, payee.Address, "500", Api.NewKey())).ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
        await StepUpAsync(payer, authenticator);
        (await PayAsync(payer, payee.Email, "1", Api.NewKey())).ShouldBeOk();
        await UntilSettledAsync(payer, "2999.0000000");
        host.Clock.Advance(FactorHost.StepUpFor);

        (await PayAsync(payer, payee.Address, "500", Api.NewKey())).ShouldBeOk();
        (await PayAsync(payer, (await host.NewPayeeAsync()).Email, "500", Api.NewKey()))
            .ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
    }

    [Fact]
    public async Task A_quote_is_confirmed_with_the_factor_only_in_the_session_in_which_it_was_shown()
    {
        var (payer, authenticator) = await host.NewProtectedPayerAsync("3000");
        var payee = await host.NewPayeeAsync();
        var quoted = (await QuoteAsync(payer, payee.Email, "2000")).ShouldBeOk().Body;
        quoted.GetProperty("step_up_required").GetBoolean().ShouldBeTrue("who is shown the quote is asked before he confirms");
        (await QuoteAsync(payer, payee.Email, "50")).ShouldBeOk().Body.GetProperty("step_up_required").GetBoolean().ShouldBeFalse();
        var quote = quoted.GetProperty("id").GetString()!;
        var other = host.Anonymous();
        var waiting = await other.PostAsync("/v1/auth/login", new { email = payer.Email, password = Api.Password });
        other.Take((await other.PostAsync(
            "/v1/auth/challenge",
            new { challenge = waiting.Body.GetProperty("challenge").GetString(), code = authenticator.Code() })).ShouldBeOk());

        // It was shown there, not here; and a refresh is no showing.
        (await ConfirmAsync(payer, quote, "one")).ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
        payer.Take((await payer.PostAsync("/v1/auth/refresh", new { refresh_token = payer.RefreshToken })).ShouldBeOk());
        (await ConfirmAsync(payer, quote, "one")).ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");

        (await ConfirmAsync(other, quote, "one")).ShouldBeOk();
        (await ConfirmAsync(payer, quote, "one")).ShouldBeOk();
    }

    [Fact]
    public async Task A_stolen_token_pays_nothing_in_pieces_and_nothing_after_the_logout()
    {
        var (payer, _) = await host.NewProtectedPayerAsync("3000");
        var thief = await host.NewPayeeAsync();
        var quotes = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            quotes.Add((await QuoteAsync(payer, thief.Email, "30")).ShouldBeOk().Body.GetProperty("id").GetString()!);
        }

        var answers = await Task.WhenAll(quotes.Select(quote => ConfirmAsync(payer, quote, Api.NewKey())));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(3);
        answers.Where(answer => answer.Status != HttpStatusCode.OK).ToList()
            .ForEach(answer => answer.ShouldBeError(HttpStatusCode.Forbidden, "step_up_required"));
        var stolen = payer.AccessToken;
        (await payer.PostAsync("/v1/auth/logout")).ShouldBeOk();
        payer.AccessToken = stolen;
        (await PayAsync(payer, thief.Email, "1", Api.NewKey())).ShouldBeError(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    public async Task A_factor_that_was_taken_away_by_another_session_lets_nothing_through_by_what_was_shown_before()
    {
        var (payer, authenticator) = await host.NewProtectedPayerAsync("3000");
        var payee = await host.NewPayeeAsync();
        await StepUpAsync(payer, authenticator);
        (await payer.DeleteAsync("/v1/me/totp")).ShouldBeOk();
        await FactorHost.UntilDailyAsync(payer, "1000.0000000");

        (await PayAsync(payer, payee.Email, "2000", Api.NewKey()))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "daily_limit_exceeded", "amount");
        (await PayAsync(payer, payee.Email, "900", Api.NewKey())).ShouldBeOk();
    }

    // The wallet is told a moment later.
    private static async Task UntilRefusedWithAsync(Api payer, string recipient, string text)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var refused = await QuoteAsync(payer, recipient, "1000.01");
            refused.ShouldBeError(HttpStatusCode.UnprocessableEntity, "daily_limit_exceeded", "amount");
            if (refused.Body.GetProperty("error").GetProperty("message").GetString()!.Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }

    private async Task<long> CountPaymentEventsAsync(Api payer)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            "SELECT count(*) FROM events WHERE type LIKE 'payment.%' AND owner = $1");
        command.Parameters.AddWithValue(payer.UserId);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    // The balance has it, and nothing is reserved.
    private static Task UntilSettledAsync(Api payer, string balance) => FactorHost.UntilAsync(
        payer, "/v1/wallet",
        body => body.GetRawText().Contains($"\"balance\":\"{balance}\",\"reserved\":\"0.0000000\"", StringComparison.Ordinal));

    private static Task<Answer> QuoteAsync(Api payer, string recipient, string amount) =>
        payer.PostAsync("/v1/payments", new { recipient, asset = "USDC", amount });

    private static Task<Answer> PayAsync(Api payer, string recipient, string amount, string key) =>
        payer.PostAsync("/v1/payments", new { recipient, asset = "USDC", amount, confirm = true }, key);

    private static Task<Answer> ConfirmAsync(Api payer, string quote, string key) =>
        payer.PostAsync($"/v1/payments/{quote}/confirm", null, key);

    private static async Task StepUpAsync(Api payer, Authenticator authenticator) =>
        (await payer.PostAsync("/v1/auth/step-up", new { code = authenticator.Code() })).ShouldBeOk();
}
