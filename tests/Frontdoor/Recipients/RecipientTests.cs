using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Tests.Recipients;

[Collection<MoneyCollection>]
public sealed class RecipientTests(FrontdoorHost host)
{
    private const string Outsider = "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN";

    [Fact]
    public async Task A_user_is_paid_by_each_of_his_names()
    {
        var payer = await host.SignUpAsync();
        var payee = await host.SignUpAsync();
        var handle = "h" + Guid.NewGuid().ToString("N")[..12];
        (await payee.PutAsync("/v1/me/handle", new { handle })).ShouldBeOk();
        var address = await AddressAsync(payee);
        var muxed = new MuxedAccount(AccountId.Parse(address), 7).ToString();
        var contact = (await payer.PostAsync("/v1/contacts", new { nickname = "My Bob", recipient = $"@{handle}" })).ShouldBeOk()
            .Body.GetProperty("id").GetString()!;

        foreach (var (typed, name, destination) in new[]
        {
            ($"@{handle.ToUpperInvariant()}", $"@{handle}", address), (payee.Email, payee.Email, address), (address, address, address),
            (muxed, muxed, muxed), ("my bob", $"@{handle}", address), (contact, $"@{handle}", address),
        })
        {
            var quote = (await PayAsync(payer, typed)).ShouldBeOk().Body;
            quote.GetProperty("recipient").GetString().ShouldBe(name);
            quote.GetProperty("destination").GetString().ShouldBe(destination);
            quote.GetProperty("recipient_user").GetBoolean().ShouldBeTrue(typed);
            quote.GetProperty("recipient_handle").GetString().ShouldBe(handle);
            var found = (await LookUpAsync(payer, typed)).ShouldBeOk().Text;
            found.ShouldBe(
                $$"""{"object":"recipient","recipient":"{{name}}","destination":"{{destination}}","memo":null,"memo_type":null,"""
                + $"\"recipient_user\":true,\"recipient_handle\":\"{handle}\"}}");
            if (typed != payee.Email)
            {
                found.ShouldNotContain(payee.Email);
                quote.ToString().ShouldNotContain(payee.Email);
            }
        }
    }

    [Fact]
    public async Task An_address_that_is_nobodys_here_says_so()
    {
        var payer = await host.SignUpAsync();

        var quote = (await PayAsync(payer, Outsider)).ShouldBeOk().Body;

        quote.GetProperty("recipient_user").GetBoolean().ShouldBeFalse();
        quote.GetProperty("recipient_handle").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_federated_address_is_asked_of_its_domain_each_time_and_its_memo_is_used()
    {
        var payer = await host.SignUpAsync();
        host.Domains.Set("exchange.example", Federation("id", "4711"));

        var quote = (await PayAsync(payer, "bob*Exchange.example")).ShouldBeOk().Body;

        quote.GetProperty("recipient").GetString().ShouldBe("bob*exchange.example");
        quote.GetProperty("destination").GetString().ShouldBe(Outsider);
        (quote.GetProperty("memo").GetString(), quote.GetProperty("memo_type").GetString()).ShouldBe(("4711", "id"));
        host.Domains.Set("exchange.example", Federation("text", "now another"));
        (await LookUpAsync(payer, "bob*exchange.example")).ShouldBeOk().Body.GetProperty("memo").GetString().ShouldBe("now another");
        host.Domains.Requests.ShouldContain(uri => uri.ToString() == "https://api.exchange.example/federation?q=bob%2Aexchange.example&type=name");
    }

    [Fact]
    public async Task A_memo_that_the_domain_wants_cannot_be_overridden()
    {
        var payer = await host.SignUpAsync();
        host.Domains.Set("memo.example", Federation("id", "4711"));

        (await PayAsync(payer, "bob*memo.example", "4712", "id")).ShouldBeError(HttpStatusCode.UnprocessableEntity, "memo_not_allowed", "memo");
        (await PayAsync(payer, "bob*memo.example", "4711")).ShouldBeError(HttpStatusCode.UnprocessableEntity, "memo_not_allowed", "memo");
        (await PayAsync(payer, "bob*memo.example", "4711", "id")).ShouldBeOk();
        host.Grains.Wallet(payer.WalletId).LastQuote!.Facts!.OwnMemo.ShouldBeTrue();
    }

    [Fact]
    public async Task A_domain_without_a_word_on_the_memo_leaves_it_to_the_payer()
    {
        var payer = await host.SignUpAsync();
        host.Domains.Set("plain.example", $$"""{ "account_id": "{{Outsider}}" }""");

        var quote = (await PayAsync(payer, "bob*plain.example", "12", "id")).ShouldBeOk().Body;

        (quote.GetProperty("memo").GetString(), quote.GetProperty("memo_type").GetString()).ShouldBe(("12", "id"));
    }

    [Fact]
    public async Task A_domain_that_does_not_know_him_is_told_apart_from_one_that_does_not_answer()
    {
        var payer = await host.SignUpAsync();
        host.Domains.Set("known.example", null);
        host.Domains.Set("broken.example", "{ \"account_id\": \"nonsense\" }");

        (await PayAsync(payer, "bob*known.example")).ShouldBeError(HttpStatusCode.UnprocessableEntity, "recipient_not_found", "recipient");
        (await PayAsync(payer, "bob*nowhere.example")).ShouldBeError(HttpStatusCode.ServiceUnavailable, "federation_unavailable", "recipient");
        (await PayAsync(payer, "bob*broken.example")).ShouldBeError(HttpStatusCode.ServiceUnavailable, "federation_unavailable", "recipient");
    }

    [Fact]
    public async Task A_federated_address_is_not_scheduled_since_it_may_mean_another_account_tomorrow()
    {
        var payer = await host.SignUpAsync();
        host.Domains.Set("later.example", Federation("id", "1"));

        (await payer.PostAsync("/v1/schedules", new
        {
            recipient = "bob*later.example", asset = "USDC", amount = "1", frequency = "once", start_at = "2030-01-01T00:00:00Z",
        }, Api.NewKey())).ShouldBeError(HttpStatusCode.UnprocessableEntity, "recipient_not_schedulable", "recipient");
    }

    [Theory]
    [InlineData("@nobody_has_this", HttpStatusCode.UnprocessableEntity, "recipient_not_found")]
    [InlineData("nobody@example.com", HttpStatusCode.UnprocessableEntity, "recipient_not_found")]
    [InlineData("@no", HttpStatusCode.BadRequest, "recipient_invalid")]
    [InlineData("bob*localhost", HttpStatusCode.BadRequest, "recipient_invalid")]
    [InlineData("bob*10.0.0.1", HttpStatusCode.BadRequest, "recipient_invalid")]
    [InlineData("ctc_0123456789abcdef01234567", HttpStatusCode.BadRequest, "recipient_invalid")]
    [InlineData("", HttpStatusCode.BadRequest, "parameter_missing")]
    public async Task Who_is_not_there_is_not_found(string recipient, HttpStatusCode status, string code)
    {
        var payer = await host.SignUpAsync();

        (await LookUpAsync(payer, recipient)).ShouldBeError(status, code, "recipient");
        (await PayAsync(payer, recipient)).ShouldBeError(status, code, "recipient");
    }

    [Fact]
    public async Task Nobody_reads_the_directory_by_looking_up_name_after_name()
    {
        await using var own = new FewLookUpsHost();
        await own.InitializeAsync();
        var payer = await own.SignUpAsync();
        for (var i = 0; i < 3; i++)
        {
            (await LookUpAsync(payer, $"nobody{i}@example.com")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        (await LookUpAsync(payer, "nobody@example.com")).ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
        (await host.Anonymous().GetAsync("/v1/recipients/lookup?recipient=@bob")).ShouldBeError(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    private static Task<Answer> PayAsync(Api api, string recipient, string? memo = null, string? type = null) =>
        api.PostAsync("/v1/payments", new { recipient, asset = "USDC", amount = "1", memo, memo_type = type });

    private static Task<Answer> LookUpAsync(Api api, string recipient) =>
        api.GetAsync($"/v1/recipients/lookup?recipient={Uri.EscapeDataString(recipient)}");

    private static string Federation(string type, string memo) =>
        $$"""{ "account_id": "{{Outsider}}", "memo_type": "{{type}}", "memo": "{{memo}}" }""";

    // As the wallet grain would, the fake's address is entered in the book.
    private async Task<string> AddressAsync(Api user)
    {
        var address = (await user.GetAsync("/v1/wallet")).ShouldBeOk().Body.GetProperty("address").GetString()!;
        await using var command = host.Database.DataSource.CreateCommand(
            "INSERT INTO ledger_addresses (service_id, address, owner_kind, owner_key) VALUES ('stellarpay', $1, 'wallet', $2)");
        command.Parameters.AddWithValue(address);
        command.Parameters.AddWithValue(user.WalletId);
        await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        return address;
    }

    private sealed class FewLookUpsHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new() { ["StellarPay:RateLimits:LookupPerUser"] = "3" };
    }
}
