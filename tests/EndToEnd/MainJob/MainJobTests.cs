using System.Net;
using StellarPay.Demo;
using StellarPay.EndToEnd.Tests.Deployments;

namespace StellarPay.EndToEnd.Tests.MainJob;

[Collection(typeof(SharedDeployment))]
public sealed class MainJobTests(Deployment deployment)
{
    [Fact]
    public async Task A_payment_by_email_reaches_both_live_clients_and_the_platform_pays_its_fee()
    {
        await using var payer = await deployment.SignUpAsync("payer");
        await using var payee = await deployment.SignUpAsync("payee");
        (await payer.GetUsdcAsync()).ShouldBe("0.0000000");
        await deployment.IssueAsync(payer, "100");
        await payer.WaitForUsdcAsync("100.0000000");

        var id = await payer.QuoteAsync(payee.Email, "12.50");
        (await payer.ConfirmAsync(id, "key-1")).IsSuccess.ShouldBeTrue();

        await payer.WaitForUsdcAsync("87.5000000");
        await payee.WaitForUsdcAsync("12.5000000");
        var payment = await payer.UntilTerminalAsync(id);
        payment.GetProperty("status").GetString().ShouldBe("succeeded");
        using var sandbox = new ApiClient(deployment.Sandbox);
        var transaction = (await sandbox.GetAsync($"/transactions/{payment.GetProperty("transaction_hash").GetString()}")).Required;
        transaction.GetProperty("successful").GetBoolean().ShouldBeTrue();
        transaction.GetProperty("fee_account").GetString().ShouldNotBe(payer.Address);
        (await deployment.PaymentsOnLedgerAsync(payer, payee)).ShouldBe(["12.5000000"]);
    }

    [Fact]
    public async Task Confirming_again_with_the_same_key_returns_the_same_payment_and_pays_once()
    {
        await using var payer = await deployment.SignUpAsync("payer");
        await using var payee = await deployment.SignUpAsync("payee");
        await deployment.IssueAsync(payer, "10");
        await payer.WaitForUsdcAsync("10.0000000");
        var id = await payer.QuoteAsync(payee.Email, "1");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => payer.ConfirmAsync(id, "same")));

        answers.Select(answer => answer.Required.GetProperty("id").GetString()).Distinct().ShouldBe([id]);
        await payer.UntilTerminalAsync(id);
        (await deployment.PaymentsOnLedgerAsync(payer, payee)).ShouldBe(["1.0000000"]);
    }

    [Fact]
    public async Task A_payment_above_the_limit_is_refused_and_changes_nothing()
    {
        await using var payer = await deployment.SignUpAsync("payer");
        await using var payee = await deployment.SignUpAsync("payee");

        var answer = await payer.Api.PostAsync(
            "/v1/payments", new { recipient = payee.Email, asset = "USDC", amount = "10000.0000001" });

        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.ErrorCode.ShouldBe("payment_limit_exceeded");
        (await payer.GetUsdcAsync()).ShouldBe("0.0000000");
    }

    [Fact]
    public async Task Nobody_sees_or_confirms_the_payment_of_another()
    {
        await using var payer = await deployment.SignUpAsync("payer");
        await using var payee = await deployment.SignUpAsync("payee");
        await deployment.IssueAsync(payer, "10");
        await payer.WaitForUsdcAsync("10.0000000");
        var id = await payer.QuoteAsync(payee.Email, "1");

        (await payee.Api.GetAsync($"/v1/payments/{id}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await payee.ConfirmAsync(id)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await payee.Api.PostAsync($"/v1/payments/{id}/cancel")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await payer.Api.GetAsync($"/v1/payments/{id}")).Required.GetProperty("status").GetString().ShouldBe("pending");
    }

    [Fact]
    public async Task Payments_confirmed_together_are_all_made_one_after_the_other()
    {
        await using var payer = await deployment.SignUpAsync("payer");
        await using var payee = await deployment.SignUpAsync("payee");
        await deployment.IssueAsync(payer, "10");
        await payer.WaitForUsdcAsync("10.0000000");
        var ids = new List<string>();
        foreach (var amount in new[] { "1", "2", "3" })
        {
            ids.Add(await payer.QuoteAsync(payee.Email, amount));
        }

        await Task.WhenAll(ids.Select(id => payer.ConfirmAsync(id)));

        foreach (var id in ids)
        {
            (await payer.UntilTerminalAsync(id)).GetProperty("status").GetString().ShouldBe("succeeded");
        }

        await payee.WaitForUsdcAsync("6.0000000");
        (await deployment.PaymentsOnLedgerAsync(payer, payee)).Order().ShouldBe(["1.0000000", "2.0000000", "3.0000000"]);
    }
}
