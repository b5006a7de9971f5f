using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Recipients;

/// <summary>
/// Looking recipients up has a limit of its own, so that nobody reads the directory; whatever else tells the same is under it.
/// </summary>
public sealed class DirectoryTests(DirectoryTests.FewLookUpsHost host) : IClassFixture<DirectoryTests.FewLookUpsHost>
{
    private const int LookUps = 3;
    private const string Found = "found";

    [Fact]
    public async Task A_user_cannot_ask_of_any_number_of_names_whether_they_are_users_by_asking_to_pay_them()
    {
        var curious = await host.SignUpAsync();
        var somebody = await host.SignUpAsync();
        var told = new List<string>();

        for (var n = 0; n < 20; n++)
        {
            told.Add(CodeOf(await PayAsync(curious, n % 2 == 0 ? somebody.Email : $"nobody{n}@example.com")));
        }

        told.Count(code => code == "recipient_not_found").ShouldBeLessThanOrEqualTo(LookUps, string.Join(", ", told));
    }

    [Fact]
    public async Task A_name_that_was_found_is_paid_however_often_and_costs_no_more_look_ups()
    {
        var payer = await host.SignUpAsync();
        var friend = await host.SignUpAsync();
        // Before anything is looked up, of which so many are free in a minute.
        var (second, third, fourth) = (await host.SignUpAsync(), await host.SignUpAsync(), await host.SignUpAsync());

        for (var n = 0; n < 10; n++)
        {
            CodeOf(await PayAsync(payer, friend.Email)).ShouldBe(Found);
        }

        CodeOf(await PayAsync(payer, second.Email)).ShouldBe(Found);
        CodeOf(await PayAsync(payer, third.Email)).ShouldBe(Found);
        CodeOf(await PayAsync(payer, fourth.Email)).ShouldBe("rate_limited");
        CodeOf(await PayAsync(payer, friend.Email)).ShouldBe(Found);
    }

    // The bug kept away: a federated address that was found once cost no more look-ups, and each was two requests to whatever domain
    // it named.
    [Fact]
    public async Task A_domain_that_knows_somebody_is_asked_no_more_often_than_names_are_looked_up()
    {
        host.Domains.Set("known.example", """{"stellar_address":"bob*known.example","account_id":"GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ"}""");
        var payer = await host.SignUpAsync();
        for (var n = 0; n < LookUps; n++)
        {
            CodeOf(await PayAsync(payer, "bob*known.example")).ShouldBe(Found);
        }

        CodeOf(await PayAsync(payer, "bob*known.example")).ShouldBe("rate_limited");
        host.Domains.Requests.Count(uri => uri.Query.Contains("known.example", StringComparison.Ordinal)).ShouldBe(LookUps);
    }

    [Fact]
    public async Task Whoever_asks_too_much_is_told_when_to_come_again_and_nobody_else_is()
    {
        var curious = await host.SignUpAsync();
        await UseUpAsync(curious);

        var answer = await PayAsync(curious, "@anybody");

        answer.ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
        answer.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        CodeOf(await PayAsync(await host.SignUpAsync(), "@anybody")).ShouldBe("recipient_not_found");
    }

    [Theory]
    [InlineData("a schedule")]
    [InlineData("a contact")]
    [InlineData("a look-up")]
    [InlineData("a federated address")]
    [InlineData("a handle of one's own")]
    public async Task Another_way_to_ask_is_none_to_ask_more(string way)
    {
        var curious = await host.SignUpAsync();
        (await curious.PostAsync("/v1/contacts", new { nickname = "Bob", recipient = "bob@example.com" })).ShouldBeOk();
        await UseUpAsync(curious);

        var answer = way switch
        {
            "a schedule" => await curious.PostAsync("/v1/schedules", new
            {
                recipient = "somebody@example.com", asset = "USDC", amount = "1", frequency = "daily", start_at = "2026-03-02T12:00:00Z",
            }, Api.NewKey()),
            "a contact" => await PayAsync(curious, "Bob"),
            "a look-up" => await curious.GetAsync("/v1/recipients/lookup?recipient=somebody@example.com"),
            "a federated address" => await PayAsync(curious, "somebody*example.com"),
            _ => await curious.PutAsync("/v1/me/handle", new { handle = "somebody" }),
        };

        answer.ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
    }

    [Fact]
    public async Task Beyond_the_limit_an_address_is_paid_but_does_not_tell_whose_it_is()
    {
        var (curious, named) = (await host.SignUpAsync(), await host.SignUpAsync());
        (await named.PutAsync("/v1/me/handle", new { handle = "named" })).ShouldBeOk();
        var address = (await named.GetAsync("/v1/wallet")).ShouldBeOk().Body.GetProperty("address").GetString()!;
        await using var command = host.Database.DataSource.CreateCommand(
            "INSERT INTO ledger_addresses (service_id, address, owner_kind, owner_key) VALUES ('stellarpay', $1, 'wallet', $2)");
        command.Parameters.AddWithValue(address);
        command.Parameters.AddWithValue(named.WalletId);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await UseUpAsync(curious);

        CodeOf(await PayAsync(curious, address)).ShouldBe(Found);
        HandleTold(curious).ShouldBeNull();

        var other = await host.SignUpAsync();
        await PayAsync(other, address);
        HandleTold(other).ShouldBe("named");
    }

    private string? HandleTold(Api payer) => host.Grains.Wallet(payer.WalletId).LastQuote!.Facts!.Handle;

    private static async Task UseUpAsync(Api curious)
    {
        for (var n = 0; n < LookUps; n++)
        {
            CodeOf(await PayAsync(curious, $"nobody{n}@example.com")).ShouldBe("recipient_not_found");
        }
    }

    private static Task<Answer> PayAsync(Api payer, string recipient) =>
        payer.PostAsync("/v1/payments", new { recipient, asset = "USDC", amount = "1" });

    private static string CodeOf(Answer answer) =>
        answer.Status == HttpStatusCode.Created ? Found : answer.Body.GetProperty("error").GetProperty("code").GetString()!;

    public sealed class FewLookUpsHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new() { ["StellarPay:RateLimits:LookupPerUser"] = $"{LookUps}" };
    }
}
