using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Wallets;

[Collection<MoneyCollection>]
public sealed class TransactionsTests(FrontdoorHost host)
{
    [Fact]
    public async Task A_history_comes_newest_first_a_page_at_a_time()
    {
        var api = await host.SignUpAsync();
        for (var n = 1; n <= 12; n++)
        {
            await InsertAsync(api, n);
        }

        var first = await PageAsync(api, "");
        var second = await PageAsync(api, $"?starting_after={first.Ids[^1]}");
        var all = await PageAsync(api, "?limit=12");

        first.Ids.ShouldBe(Enumerable.Range(3, 10).Reverse().Select(Id));
        first.HasMore.ShouldBeTrue();
        second.Ids.ShouldBe([Id(2), Id(1)]);
        second.HasMore.ShouldBeFalse();
        all.Ids.Count.ShouldBe(12);
        all.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task The_largest_page_knows_whether_there_is_more()
    {
        var api = await host.SignUpAsync();
        for (var n = 1; n <= 101; n++)
        {
            await InsertAsync(api, n);
        }

        var first = await PageAsync(api, "?limit=100");
        first.Ids.Count.ShouldBe(100);
        first.HasMore.ShouldBeTrue();
        var rest = await PageAsync(api, $"?limit=100&starting_after={first.Ids[^1]}");
        rest.Ids.ShouldBe([Id(1)]);
        rest.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task A_line_says_what_happened()
    {
        var api = await host.SignUpAsync();
        await InsertAsync(api, 1);

        var line = (await api.GetAsync("/v1/wallet/transactions")).ShouldBeOk().Body.GetProperty("data")[0];

        line.GetProperty("object").GetString().ShouldBe("transaction");
        line.GetProperty("direction").GetString().ShouldBe("in");
        line.GetProperty("asset").GetString().ShouldBe("USDC");
        line.GetProperty("amount").GetString().ShouldBe("0.0000001");
        line.GetProperty("created_at").GetString().ShouldBe("2026-03-01T12:00:01.000Z");
    }

    [Fact]
    public async Task A_page_begins_after_what_came_second_by_one_operation()
    {
        // The bug kept away: op_…-2 was shown, and refused as the place to go on from.
        var api = await host.SignUpAsync();
        await InsertAsync(api, 1);
        await InsertAsync(api, 2, Id(2) + "-2");

        (await PageAsync(api, $"?starting_after={Id(2)}-2")).Ids.ShouldBe([Id(1)]);
    }

    [Fact]
    public async Task Nobody_sees_the_history_of_another()
    {
        var owner = await host.SignUpAsync();
        var other = await host.SignUpAsync();
        await InsertAsync(owner, 1);

        (await PageAsync(other, "")).Ids.ShouldBeEmpty();
        (await other.GetAsync($"/v1/wallet/transactions?starting_after={Id(1)}"))
            .ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "starting_after");
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("starting_after=op_404", "starting_after")]
    public async Task A_page_that_cannot_be_is_refused(string query, string param)
    {
        var api = await host.SignUpAsync();
        (await api.GetAsync($"/v1/wallet/transactions?{query}")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", param);
    }

    private static string Id(int n) => $"op_{n:D4}";

    private static async Task<(IReadOnlyList<string> Ids, bool HasMore)> PageAsync(Api api, string query)
    {
        var body = (await api.GetAsync($"/v1/wallet/transactions{query}")).ShouldBeOk().Body;
        body.GetProperty("object").GetString().ShouldBe("list");
        return ([.. body.GetProperty("data").EnumerateArray().Select(line => line.GetProperty("id").GetString()!)],
            body.GetProperty("has_more").GetBoolean());
    }

    private async Task InsertAsync(Api api, int n, string? id = null)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            """
            INSERT INTO payments (service_id, wallet_id, payment_id, owner, direction, status, asset, amount_stroops, created_at, revision)
            VALUES ('stellarpay', $1, $2, $3, 'in', 'succeeded', $4, $5, timestamptz '2026-03-01 12:00:00Z' + $5 * interval '1 second', $5)
            """);
        command.Parameters.AddWithValue(api.WalletId);
        command.Parameters.AddWithValue(id ?? Id(n));
        command.Parameters.AddWithValue(api.UserId);
        command.Parameters.AddWithValue(FakeWallet.Usdc.Canonical);
        command.Parameters.AddWithValue((long)n);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
