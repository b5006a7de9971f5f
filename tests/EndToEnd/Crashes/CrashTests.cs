using StellarPay.Demo;
using StellarPay.EndToEnd.Tests.Deployments;

namespace StellarPay.EndToEnd.Tests.Crashes;

public sealed class CrashTests(Deployment deployment) : IClassFixture<Deployment>
{
    [Theory]
    [InlineData("payment.persisting")]
    [InlineData("payment.signed")]
    [InlineData("payment.submitted")]
    [InlineData("payment.settling")]
    public async Task A_payment_killed_at_any_point_is_made_exactly_once(string point)
    {
        await using var payer = await deployment.SignUpAsync("payer");
        await using var payee = await deployment.SignUpAsync("payee");
        await deployment.IssueAsync(payer, "10");
        await payer.WaitForUsdcAsync("10.0000000");
        var id = await payer.QuoteAsync(payee.Email, "4");
        (await payer.Api.PostAsync("/v1/dev/faults", new { point, action = "kill" })).IsSuccess.ShouldBeTrue();

        await ConfirmWhateverHappensAsync(payer, id);
        await deployment.Process.WaitForExitAsync();
        await deployment.StartAsync();

        await Task.WhenAll(payer.ConnectAsync(), payee.ConnectAsync());
        await ConfirmWhateverHappensAsync(payer, id);
        (await payer.UntilTerminalAsync(id)).GetProperty("status").GetString().ShouldBe("succeeded");
        await payer.WaitForUsdcAsync("6.0000000");
        await payee.WaitForUsdcAsync("4.0000000");
        (await deployment.PaymentsOnLedgerAsync(payer, payee)).ShouldBe(["4.0000000"]);
    }

    [Fact]
    public async Task A_confirmation_killed_before_its_account_was_submitted_still_gets_its_account()
    {
        await using var helper = await deployment.SignUpAsync("helper");
        (await helper.Api.PostAsync("/v1/dev/faults", new { point = "wallet.opening.signed", action = "kill" })).IsSuccess.ShouldBeTrue();
        var email = $"killed-{Guid.NewGuid():N}@example.com";
        const string password = "correct horse battery 9";
        using var api = new ApiClient(deployment.FrontDoor);
        try
        {
            api.AccessToken = (await api.PostAsync("/v1/auth/signup", new { email, password })).Required
                .GetProperty("access_token").GetString();
            await api.PostAsync("/v1/me/email/confirm", new { code = await api.ReadCodeAsync(email) });
        }
        catch (HttpRequestException)
        {
            // The process died under it, which is what was asked.
        }

        await deployment.Process.WaitForExitAsync();
        await deployment.StartAsync();

        api.AccessToken = (await api.PostAsync("/v1/auth/login", new { email, password })).Required
            .GetProperty("access_token").GetString();
        var wallet = await Eventually.GetAsync(
            async () => (await api.GetAsync("/v1/wallet")).Required,
            view => view.GetProperty("status").GetString() == "active",
            "an active wallet");
        wallet.GetProperty("address").GetString()!.ShouldStartWith("G");
    }

    // The same key each time, as a client does that got no answer.
    private static async Task ConfirmWhateverHappensAsync(Person payer, string payment)
    {
        try
        {
            await payer.ConfirmAsync(payment, "the-one-key");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // The process died under it, which is what was asked.
        }
    }
}
