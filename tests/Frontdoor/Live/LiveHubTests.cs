using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Events;

namespace StellarPay.Frontdoor.Tests.Live;

public sealed class LiveHubTests(FrontdoorHost host) : IClassFixture<FrontdoorHost>
{
    private static readonly JsonSerializerOptions Stored = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task A_client_gets_the_present_state_and_then_each_change()
    {
        var api = await host.SignUpAsync();
        await using var client = await LiveClient.ConnectAsync(host.Address, api.AccessToken!);
        var state = await client.NextAsync("state");
        state.GetProperty("wallet").GetProperty("id").GetString().ShouldBe(api.WalletId);
        state.GetProperty("payments").GetArrayLength().ShouldBe(0);

        await AppendAsync(api, Balance(api, "100.0000000", revision: 2), Payment(api, "succeeded", revision: 2));

        var balance = await client.NextAsync("balance");
        balance.GetProperty("revision").GetInt64().ShouldBe(2);
        balance.GetProperty("balances")[0].GetProperty("asset").GetString().ShouldBe("USDC");
        balance.GetProperty("balances")[0].GetProperty("balance").GetString().ShouldBe("100.0000000");
        var payment = await client.NextAsync("payment");
        payment.GetProperty("status").GetString().ShouldBe("succeeded");
        payment.GetProperty("revision").GetInt64().ShouldBe(2);
        payment.GetProperty("amount").GetString().ShouldBe("12.5000000");
    }

    // The bug kept away: what was wrong with one event in an unforeseen way was read for ever, and nobody heard any more.
    [Theory]
    [InlineData("wallet.balance_changed", """{"walletId":"wal_1","address":"GA","status":"active","balances":null,"revision":2}""")]
    [InlineData("wallet.balance_changed", """{"balances":[{"asset":"NO-ASSET","balance":"1"}]}""")]
    [InlineData("wallet.balance_changed", "[]")]
    [InlineData("payment.succeeded", "null")]
    [InlineData("wallet.credited", """{"wallet":{"balances":[{"asset":"NO-ASSET"}]}}""")]
    [InlineData("payment.succeeded", """{"asset":null,"revision":"two"}""")]
    [InlineData("schedule.run", "7")]
    [InlineData("security.logout", """{"session":{}}""")]
    [InlineData("wallet.key_rotated", "[]")]
    public async Task An_event_that_cannot_be_read_is_passed_over_and_those_after_it_arrive(string type, string data)
    {
        var api = await host.SignUpAsync();
        await using var client = await LiveClient.ConnectAsync(host.Address, api.AccessToken!);
        await client.NextAsync("state");

        await AppendAsync(api, (type, JsonElement.Parse(data)), Balance(api, "3.0000000", revision: 3));

        (await client.NextAsync("balance")).GetProperty("revision").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task What_a_payment_or_a_credit_changed_in_the_wallet_is_pushed_with_it()
    {
        var api = await host.SignUpAsync();
        await using var client = await LiveClient.ConnectAsync(host.Address, api.AccessToken!);
        await client.NextAsync("state");
        var (paid, payment) = Payment(api, "succeeded", revision: 2);
        var credit = new CreditEventData(
            api.WalletId, "1", "ab", "GB", FakeWallet.Usdc.Canonical, "5.0000000", null, 7, DateTimeOffset.UnixEpoch, 3);

        await AppendAsync(
            api,
            (paid, ((PaymentEventData)payment) with { Wallet = (WalletEventData)Balance(api, "87.5000000", 2).Data }),
            (EventTypes.WalletCredited, credit),
            (EventTypes.WalletCredited, credit with { Wallet = (WalletEventData)Balance(api, "97.5000000", 3).Data }));

        (await client.NextAsync("payment")).GetProperty("revision").GetInt64().ShouldBe(2);
        foreach (var (revision, usdc) in new[] { (2, "87.5000000"), (3, "97.5000000") })
        {
            var balance = await client.NextAsync("balance");
            balance.GetProperty("revision").GetInt64().ShouldBe(revision);
            balance.GetProperty("balances")[0].GetProperty("balance").GetString().ShouldBe(usdc);
        }
    }

    [Fact]
    public async Task Only_the_owner_sees_a_change()
    {
        var owner = await host.SignUpAsync();
        var other = await host.SignUpAsync();
        await using var owners = await LiveClient.ConnectAsync(host.Address, owner.AccessToken!);
        await using var others = await LiveClient.ConnectAsync(host.Address, other.AccessToken!);
        await owners.NextAsync("state");
        await others.NextAsync("state");

        await AppendAsync(owner, Balance(owner, "1.0000000", revision: 2));
        await AppendAsync(other, Balance(other, "2.0000000", revision: 2));

        (await others.NextAsync("balance")).GetProperty("id").GetString().ShouldBe(other.WalletId);
        (await owners.NextAsync("balance")).GetProperty("id").GetString().ShouldBe(owner.WalletId);
        others.Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task What_happens_while_the_state_is_read_is_neither_lost_nor_told_twice()
    {
        // The bug kept away: a client that reads its state and then subscribes misses what happens in between; one
        // that subscribes first is told of changes which the state already shows.
        var api = await host.SignUpAsync();
        var wallet = host.Grains.Wallet(api.WalletId);
        wallet.Revision = 5;
        wallet.WhileSnapshotIsMade = () => AppendAsync(
            api, Balance(api, "4.0000000", revision: 4), Balance(api, "5.0000000", revision: 5), Balance(api, "6.0000000", revision: 6));

        await using var client = await LiveClient.ConnectAsync(host.Address, api.AccessToken!);

        (await client.NextAsync("state")).GetProperty("wallet").GetProperty("revision").GetInt64().ShouldBe(5);
        (await client.NextAsync("balance")).GetProperty("revision").GetInt64().ShouldBe(6);
        wallet.WhileSnapshotIsMade = () => Task.CompletedTask;
        await AppendAsync(api, Balance(api, "7.0000000", revision: 7));
        (await client.NextAsync("balance")).GetProperty("revision").GetInt64().ShouldBe(7);
    }

    [Fact]
    public async Task Every_front_door_pushes_to_its_own_clients()
    {
        await using var second = await host.StartAnotherAsync();
        var api = await host.SignUpAsync();
        await using var here = await LiveClient.ConnectAsync(host.Address, api.AccessToken!);
        await using var there = await LiveClient.ConnectAsync(new Uri(second.Urls.Single()), api.AccessToken!);
        await here.NextAsync("state");
        await there.NextAsync("state");

        for (var revision = 2; revision <= 30; revision++)
        {
            await AppendAsync(api, Balance(api, "1.0000000", revision));
        }

        for (var revision = 2; revision <= 30; revision++)
        {
            (await here.NextAsync("balance")).GetProperty("revision").GetInt64().ShouldBe(revision);
            (await there.NextAsync("balance")).GetProperty("revision").GetInt64().ShouldBe(revision);
        }
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_does_not_keep_back_the_next()
    {
        var api = await host.SignUpAsync();
        await using var client = await LiveClient.ConnectAsync(host.Address, api.AccessToken!);
        await client.NextAsync("state");

        await AppendAsync(api, (EventTypes.WalletBalanceChanged, new { balances = "none" }), Balance(api, "1.0000000", revision: 2));

        (await client.NextAsync("balance")).GetProperty("revision").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task The_connection_ends_with_its_token()
    {
        await using var own = new FrontdoorHost();
        await own.InitializeAsync();
        var api = await own.SignUpAsync();
        await using var client = await LiveClient.ConnectAsync(own.Address, api.AccessToken!);
        await client.NextAsync("state");
        await own.Clock.WaitForTimerAsync(TimeSpan.FromHours(1));

        own.Clock.Advance(TimeSpan.FromHours(1));

        await client.Closed;
    }

    [Fact]
    public async Task Without_a_valid_token_nobody_connects()
    {
        var refused = await Should.ThrowAsync<WebSocketException>(() => LiveClient.ConnectAsync(host.Address, "nonsense"));
        refused.Message.ShouldContain("401");
    }

    [Fact]
    public async Task A_client_that_comes_back_sees_the_present_state_first()
    {
        var api = await host.SignUpAsync();
        await using (var client = await LiveClient.ConnectAsync(host.Address, api.AccessToken!))
        {
            await client.NextAsync("state");
        }

        host.Grains.Wallet(api.WalletId).Revision = 9;
        await AppendAsync(api, Balance(api, "9.0000000", revision: 9));
        await using var again = await LiveClient.ConnectAsync(host.Address, api.AccessToken!);

        (await again.NextAsync("state")).GetProperty("wallet").GetProperty("revision").GetInt64().ShouldBe(9);
        await AppendAsync(api, Balance(api, "10.0000000", revision: 10));
        (await again.NextAsync("balance")).GetProperty("revision").GetInt64().ShouldBe(10);
    }

    [Fact]
    public async Task A_client_that_calls_or_talks_nonsense_hurts_nobody()
    {
        var api = await host.SignUpAsync();
        foreach (var record in new[]
        {
            """{"type":1,"invocationId":"1","target":"Pay","arguments":[1]}""", """{"type":1,"target":"OnConnectedAsync","arguments":[]}""",
            "{", "null", """{"type":99}""", new string('x', 10_000),
        })
        {
            await using var client = await LiveClient.ConnectAsync(host.Address, api.AccessToken!);
            await client.NextAsync("state");
            await client.SendAsync(record);
        }

        await using var last = await LiveClient.ConnectAsync(host.Address, api.AccessToken!);
        await last.NextAsync("state");
        (await api.GetAsync("/health/ready")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_path_payment_is_pushed_with_both_its_sides()
    {
        var api = await host.SignUpAsync();
        await using var client = await LiveClient.ConnectAsync(host.Address, api.AccessToken!);
        await client.NextAsync("state");
        var (type, data) = Payment(api, "succeeded", 2);

        await AppendAsync(api, (type, ((PaymentEventData)data) with
        {
            Path = new PathEventData("native", "50.0000000", "51.0000000", "12.5000000", "0.25", ["native", FakeWallet.Usdc.Canonical], "50.5000000", "12.5000000"),
        }));

        var payment = await client.NextAsync("payment");
        string[] names = ["source_asset", "source_issuer", "source_amount", "source_max", "amount_min", "rate", "source_paid", "amount_received"];
        names.Select(name => payment.GetProperty(name).GetString()).ShouldBe(
            ["XLM", null, "50.0000000", "51.0000000", "12.5000000", "0.25", "50.5000000", "12.5000000"]);
        payment.GetProperty("path").EnumerateArray().Select(hop => hop.GetString()).ShouldBe(["XLM", FakeWallet.Usdc.Canonical]);
    }

    private static (string Type, object Data) Balance(Api api, string usdc, long revision) => (
        EventTypes.WalletBalanceChanged,
        new WalletEventData(
            api.WalletId, "GA", "active", [new BalanceEventData(FakeWallet.Usdc.Canonical, usdc, "0.0000000", usdc)], revision));

    private static (string Type, object Data) Payment(Api api, string status, long revision) => (
        EventTypes.PaymentSucceeded,
        new PaymentEventData(
            "txn_000000000000000000000001", api.WalletId, status, "a@example.com", "GA", FakeWallet.Usdc.Canonical, "12.5000000", null,
            DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, "ab", 7, null, revision));

    private async Task AppendAsync(Api owner, params (string Type, object Data)[] events)
    {
        var outbox = events.Select(happened => new
        {
            id = $"evt_{Guid.NewGuid():N}",
            type = happened.Type,
            at = host.Clock.GetUtcNow(),
            subject = owner.WalletId,
            owner = owner.UserId,
            data = happened.Data,
        });
        await using var command = host.Database.DataSource.CreateCommand("SELECT events_append('stellarpay', $1::jsonb)");
        command.Parameters.AddWithValue(JsonSerializer.Serialize(outbox, Stored));
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
