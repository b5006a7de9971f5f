using StellarPay.Sandbox.Tests.Running;

namespace StellarPay.Sandbox.Tests.Horizon;

public sealed class BadRequestTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private const string Nobody = "GAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAWHF";
    private const string NoHash = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string Usd = "USD:" + Nobody;

    [Theory]
    [InlineData("nothing/here", 404)]
    [InlineData("nothing/here.txt", 404)]
    [InlineData("accounts", 400)]
    [InlineData("accounts?asset=native", 400)]
    [InlineData("accounts?asset=USD", 400)]
    [InlineData("accounts?signer=x&sponsor=" + Nobody, 400)]
    [InlineData("accounts/GNOBODY", 400)]
    [InlineData("accounts/" + Nobody, 404)]
    [InlineData("accounts/" + Nobody + "/data/x", 404)]
    [InlineData("accounts/GNOBODY/operations", 400)]
    [InlineData("accounts/GNOBODY/effects", 400)]
    [InlineData("accounts/GNOBODY/offers", 400)]
    [InlineData("accounts/GNOBODY/trades", 400)]
    [InlineData("ledgers/0", 400)]
    [InlineData("ledgers/x", 400)]
    [InlineData("ledgers/99999999999999999999", 400)]
    [InlineData("ledgers/4000000000", 404)]
    [InlineData("ledgers/4000000000/operations", 404)]
    [InlineData("transactions/short", 400)]
    [InlineData("transactions/" + NoHash, 404)]
    [InlineData("transactions/" + NoHash + "/operations", 404)]
    [InlineData("transactions/" + NoHash + "/effects", 404)]
    [InlineData("operations/0", 400)]
    [InlineData("operations/12345", 404)]
    [InlineData("operations?join=everything", 400)]
    [InlineData("operations?include_failed=maybe", 400)]
    [InlineData("offers/0", 400)]
    [InlineData("offers/999", 404)]
    [InlineData("offers?seller=me", 400)]
    [InlineData("offers?selling=USD", 400)]
    [InlineData("order_book", 400)]
    [InlineData("order_book?selling_asset_type=native&buying_asset_type=gold", 400)]
    [InlineData("trades?base_asset_type=native", 400)]
    [InlineData("trade_aggregations", 400)]
    [InlineData("trade_aggregations?resolution=1&base_asset_type=native&counter_asset_type=native", 400)]
    [InlineData("trades?trade_type=barter", 400)]
    [InlineData("assets?asset_issuer=me", 400)]
    [InlineData("claimable_balances/12", 400)]
    [InlineData("claimable_balances/00000000" + NoHash, 404)]
    [InlineData("claimable_balances?claimant=me", 400)]
    [InlineData("paths/strict-send", 400)]
    [InlineData("paths/strict-send?source_asset_type=native&source_amount=1", 400)]
    [InlineData("paths/strict-send?source_asset_type=native&source_amount=-1&destination_assets=" + Usd, 400)]
    [InlineData("paths/strict-receive?destination_asset_type=native&destination_amount=1e3&source_assets=" + Usd, 400)]
    [InlineData("paths/strict-receive?destination_asset_type=native&destination_amount=1&source_assets=USD", 400)]
    [InlineData("liquidity_pools/" + NoHash, 404)]
    [InlineData("liquidity_pools/" + NoHash + "/trades", 404)]
    [InlineData("liquidity_pools/short", 400)]
    [InlineData("liquidity_pools/short/operations", 400)]
    [InlineData("liquidity_pools?account=me", 400)]
    [InlineData("liquidity_pools?reserves=native,USD", 400)]
    [InlineData("liquidity_pools?limit=0", 400)]
    public async Task A_wrong_request_is_answered_with_a_problem(string path, int expected)
    {
        using var response = await fixture.Sandbox.Http.GetAsync(path, TestSandbox.Stop);
        ((int)response.StatusCode).ShouldBe(expected);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var (_, problem) = await fixture.Sandbox.GetAsync(path);
        problem.GetProperty("status").GetInt32().ShouldBe(expected);
        problem.GetProperty("type").GetString()!.ShouldStartWith("https://stellar.org/horizon-errors/");
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("admin/issue", """{}""", "account")]
    [InlineData("admin/issue", """{"account":"G","amount":"1"}""", "account")]
    [InlineData("admin/issue", """{"account":"GAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAWHF","amount":"1e3"}""", "amount")]
    [InlineData("admin/issue", """{"account":"GAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAWHF","amount":5}""", "amount")]
    [InlineData("admin/clock/advance", """{"seconds":"5"}""", "seconds")]
    [InlineData("admin/clock/advance", """{"seconds":-5}""", "seconds")]
    [InlineData("admin/clock/advance", """{"seconds":99999999999}""", "seconds")]
    [InlineData("admin/faults", """{"kind":"flood"}""", "kind")]
    [InlineData("admin/faults", """{"kind":"delay","count":0}""", "count")]
    public async Task A_wrong_admin_request_names_the_member(string path, string body, string member)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await fixture.Sandbox.Http.PostAsync(path, content, TestSandbox.Stop);
        ((int)response.StatusCode).ShouldBe(400);
        var problem = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(
            await response.Content.ReadAsStringAsync(TestSandbox.Stop));
        problem.GetProperty("extras").GetProperty("invalid_field").GetString().ShouldBe(member);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task An_admin_body_that_is_no_object_is_refused(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await fixture.Sandbox.Http.PostAsync("admin/issue", content, TestSandbox.Stop);
        ((int)response.StatusCode).ShouldBe(400);
    }
}
