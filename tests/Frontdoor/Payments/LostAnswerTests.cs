using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Adapters.Horizon;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Schedules;
using StellarPay.Grains.Wallets;
using static StellarPay.Frontdoor.Tests.Hosting.Eventually;

namespace StellarPay.Frontdoor.Tests.Payments;

/// <summary>
/// The answer of a grain is lost after it did what it was asked. The bug kept away: it was answered 503 "try again", and who did as
/// told paid twice.
/// </summary>
public sealed class LostAnswerTests(LostAnswerTests.Host host) : IClassFixture<LostAnswerTests.Host>
{
    [Fact]
    public async Task A_payment_whose_answer_was_lost_is_told_by_the_same_key_and_paid_once()
    {
        var (payer, payee) = await OpenAsync();
        var order = new { recipient = payee.Email, asset = "XLM", amount = "5", confirm = true };

        host.Answers.LoseNext(nameof(IWalletGrain.QuoteAsync));
        (await payer.PostAsync("/v1/payments", order, "lunch")).ShouldBeError(HttpStatusCode.GatewayTimeout, "outcome_unknown");
        var ids = new List<string?>();
        for (var again = 0; again < 3; again++)
        {
            ids.Add((await payer.PostAsync("/v1/payments", order, "lunch")).ShouldBeOk().Body.GetProperty("id").GetString());
        }

        ids.Distinct().Count().ShouldBe(1);
        await UntilAsync(async () => await XlmAsync(payee) == "5.0000000", "it is paid");
        // The list follows the events, a moment after the payee has the money.
        await UntilAsync(async () => await CountOutAsync(payer) > 0, "the payer's list has it");
        (await CountOutAsync(payer)).ShouldBe(1);
    }

    [Fact]
    public async Task A_confirmation_whose_answer_was_lost_names_its_payment_and_the_same_key_tells_the_truth()
    {
        var (payer, payee) = await OpenAsync();
        var id = (await payer.PostAsync("/v1/payments", new { recipient = payee.Email, asset = "XLM", amount = "7" })).ShouldBeOk()
            .Body.GetProperty("id").GetString();

        host.Answers.LoseNext(nameof(IWalletGrain.ConfirmAsync));
        (await payer.PostAsync($"/v1/payments/{id}/confirm", null, "yes")).ShouldBeError(HttpStatusCode.GatewayTimeout, "outcome_unknown")
            .Body.GetProperty("error").GetProperty("payment_id").GetString().ShouldBe(id);
        (await payer.PostAsync($"/v1/payments/{id}/confirm", null, "yes")).ShouldBeOk().Body.GetProperty("id").GetString().ShouldBe(id);
        await UntilAsync(async () => await XlmAsync(payee) == "7.0000000", "it is paid");
    }

    [Fact]
    public async Task A_schedule_whose_answer_was_lost_is_made_once_and_what_is_changed_of_it_too()
    {
        var (payer, payee) = await OpenAsync();
        var order = new { recipient = payee.Email, asset = "XLM", amount = "1", frequency = "daily", start_at = "2027-01-01T00:00:00Z" };

        host.Answers.LoseNext(nameof(IScheduleBookGrain.CreateAsync));
        (await payer.PostAsync("/v1/schedules", order, "rent")).ShouldBeError(HttpStatusCode.GatewayTimeout, "outcome_unknown");
        var id = (await payer.PostAsync("/v1/schedules", order, "rent")).ShouldBeOk().Body.GetProperty("id").GetString();
        (await payer.GetAsync("/v1/schedules")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(1);

        host.Answers.LoseNext(nameof(IScheduleBookGrain.PauseAsync));
        (await payer.PostAsync($"/v1/schedules/{id}/pause")).ShouldBeError(HttpStatusCode.GatewayTimeout, "outcome_unknown");
        (await payer.PostAsync($"/v1/schedules/{id}/pause")).ShouldBeOk().Body.GetProperty("status").GetString().ShouldBe("paused");
    }

    private async Task<(Api Payer, Api Payee)> OpenAsync()
    {
        var (payer, payee) = (await host.SignUpAsync(), await host.SignUpAsync());
        foreach (var api in (Api[])[payer, payee])
        {
            await UntilAsync(
                async () => (await api.GetAsync("/v1/wallet")).ShouldBeOk().Body.GetProperty("status").GetString() == "active", "it is active");
        }

        (await payer.PostAsync("/v1/wallet/friendbot")).ShouldBeOk();
        await UntilAsync(async () => await XlmAsync(payer) == "10000.0000000", "there is something to pay with");
        return (payer, payee);
    }

    private static async Task<string?> XlmAsync(Api api) => (await api.GetAsync("/v1/wallet")).ShouldBeOk().Body
        .GetProperty("balances").EnumerateArray().First(balance => balance.GetProperty("asset").GetString() == "XLM")
        .GetProperty("balance").GetString();

    private static async Task<int> CountOutAsync(Api payer) =>
        (await payer.GetAsync("/v1/wallet/transactions")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
            .Count(line => line.GetProperty("direction").GetString() == "out");

    public sealed class Host : WholeHost
    {
        internal LostAnswers Answers { get; } = new();

        protected override Task<NetworkProfile> AddGrainsAsync(WebApplicationBuilder builder)
        {
            builder.Services.AddSingleton<IIncomingGrainCallFilter>(Answers);
            return base.AddGrainsAsync(builder);
        }
    }
}
