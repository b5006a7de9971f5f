using System.Text.Json.Nodes;
using StellarPay.EndToEnd.Tests.Deployments;

namespace StellarPay.EndToEnd.Tests.Logs;

[Collection(typeof(SharedDeployment))]
public sealed class RequestIdTests(Deployment deployment)
{
    [Fact]
    public async Task The_lines_that_a_grain_logs_carry_the_id_of_the_request_that_caused_them()
    {
        await using var payer = await deployment.SignUpAsync("payer");
        await using var payee = await deployment.SignUpAsync("payee");
        await deployment.IssueAsync(payer, "10");
        await payer.WaitForUsdcAsync("10.0000000");
        using var http = new HttpClient { BaseAddress = deployment.FrontDoor };
        http.DefaultRequestHeaders.Authorization = new("Bearer", payer.Api.AccessToken);
        http.DefaultRequestHeaders.Add("X-Request-Id", "the-quote-of-this-test");

        using var body = new StringContent(
            $$"""{"recipient":"{{payee.Email}}","asset":"USDC","amount":"1"}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/v1/payments", body, TestContext.Current.CancellationToken);

        answer.Headers.GetValues("X-Request-Id").ShouldBe(["the-quote-of-this-test"]);
        var quote = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["id"]!.GetValue<string>();
        // Others quote in this process too: the line is the one that names this payment.
        var line = await Eventually.GetAsync(
            () => Task.FromResult(deployment.Process.Output.Split('\n').FirstOrDefault(
                line => line.Contains("WalletQuotes", StringComparison.Ordinal)
                    && line.Contains("was quoted", StringComparison.Ordinal)
                    && line.Contains(quote, StringComparison.Ordinal))),
            line => line is not null,
            "the wallet's line about the quote");
        line!.ShouldContain("request_id:the-quote-of-this-test");
    }
}
