using System.Net;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Horizon;

public sealed class HorizonReadTests : HorizonTest
{
    private const string Ledger = """
        {"id":"x","paging_token":"12884901888","hash":"240eca11c3efcd5e6cdeed8d090ea25d45fe0871caeb4d8d205dc0b8634f1b38",
        "prev_hash":"72a9e0d651f5c382c0099fd767184724a61904a1827f1903d322c3d74b5deabf","sequence":3,
        "successful_transaction_count":2,"failed_transaction_count":1,"operation_count":5,
        "closed_at":"2026-01-02T03:04:05Z","base_fee_in_stroops":100,"base_reserve_in_stroops":5000000,"protocol_version":22}
        """;

    private const string Busy = """{"type":"https://stellar.org/horizon-errors/server_over_capacity","title":"Busy","status":503}""";

    [Fact]
    public async Task An_account_is_read_with_its_balances_signers_and_data()
    {
        Handler.Answer(HttpStatusCode.OK, $$"""
            {"id":"{{A}}","account_id":"{{A}}","sequence":"4294967296","subentry_count":3,"home_domain":"example.com",
            "last_modified_ledger":9,"thresholds":{"low_threshold":1,"med_threshold":2,"high_threshold":255},
            "flags":{"auth_required":true,"auth_revocable":false,"auth_immutable":false,"auth_clawback_enabled":true},
            "balances":[{"balance":"12.5000000","limit":"922337203685.4775807","buying_liabilities":"0.0000000",
            "selling_liabilities":"1.5000000","is_authorized":true,"is_authorized_to_maintain_liabilities":true,
            "asset_type":"credit_alphanum4","asset_code":"USDC","asset_issuer":"{{Issuer}}","sponsor":"{{B}}"},
            {"balance":"1.0000000","liquidity_pool_id":"{{HashHex}}","limit":"2.0000000","asset_type":"liquidity_pool_shares"},
            {"balance":"0.0000001","buying_liabilities":"0.0000000","selling_liabilities":"0.0000000","asset_type":"native"}],
            "signers":[{"weight":1,"key":"{{A}}","type":"ed25519_public_key"}],
            "data":{"config.memo_required":"MQ=="},"num_sponsoring":0,"num_sponsored":2,"sponsor":"{{B}}","paging_token":"{{A}}"}
            """);

        var account = await Client().Accounts.GetAsync(AccountId.Parse(A), Cancelled);

        Handler.Requests.ShouldBe([$"GET http://one.example/accounts/{A}"]);
        account.ShouldNotBeNull();
        account.Sequence.ShouldBe(4294967296);
        account.HighThreshold.ShouldBe((byte)255);
        account.AuthRequired.ShouldBeTrue();
        account.Sponsor.ShouldBe(AccountId.Parse(B));
        account.NumSponsored.ShouldBe(2);
        var usdc = account.Balance(Asset.Parse("USDC:" + Issuer)).ShouldNotBeNull();
        usdc.Balance.ShouldBe(125_000_000);
        usdc.Limit.ShouldBe(long.MaxValue);
        usdc.SellingLiabilities.ShouldBe(15_000_000);
        usdc.Sponsor.ShouldBe(AccountId.Parse(B));
        account.Balances[1].Asset.ShouldBeNull();
        account.Balances[1].LiquidityPoolId.ShouldBe(HashHex);
        var native = account.Balance(Asset.Native).ShouldNotBeNull();
        native.Balance.ShouldBe(1);
        native.IsAuthorized.ShouldBeTrue();
        native.Limit.ShouldBeNull();
        account.Signers.ShouldBe([new AccountSigner(A, "ed25519_public_key", 1, null)]);
        account.Data["config.memo_required"].ToString().ShouldBe("31");
    }

    [Fact]
    public async Task What_does_not_exist_is_null()
    {
        Handler.Answer(HttpStatusCode.NotFound, """{"title":"Resource Missing","status":404}""");
        (await Client().Accounts.GetAsync(AccountId.Parse(A), Cancelled)).ShouldBeNull();
        Handler.Answer(HttpStatusCode.NotFound, "");
        (await Client().Transactions.GetAsync(Hash.FromHex(HashHex), Cancelled)).ShouldBeNull();
    }

    [Fact]
    public async Task The_root_the_fees_and_the_latest_ledger_are_read()
    {
        Handler.Answer(HttpStatusCode.OK, """
            {"_links":{"friendbot":{"href":"http://one.example/friendbot{?addr}","templated":true}},
            "horizon_version":"v","core_version":"c","history_latest_ledger":7,"history_elder_ledger":2,"core_latest_ledger":8,
            "network_passphrase":"Test SDF Network ; September 2015","current_protocol_version":22}
            """);
        var root = await Client().GetRootAsync(Cancelled);
        root.NetworkPassphrase.ShouldBe(StellarNetwork.Testnet.Passphrase);
        root.HistoryLatestLedger.ShouldBe(7u);
        root.FriendbotUrl.ShouldBe("http://one.example/friendbot{?addr}");

        const string fees = """{"min":"100","max":"5000","mode":"100","p50":"100","p80":"200","p95":"300","p99":"400"}""";
        Handler.Answer(HttpStatusCode.OK, $$"""
            {"last_ledger":"7","last_ledger_base_fee":"100","ledger_capacity_usage":"0.97","fee_charged":{{fees}},"max_fee":{{fees}}}
            """);
        var stats = await Client().GetFeeStatsAsync(Cancelled);
        stats.LedgerCapacityUsage.ShouldBe(0.97m);
        stats.MaxFee.ShouldBe(new FeeDistribution(100, 5000, 100, 100, 200, 300, 400));

        Handler.Answer(HttpStatusCode.OK, $$$"""{"_embedded":{"records":[{{{Ledger}}}]}}""");
        var ledger = await Client("http://one.example/base").Ledgers.GetLatestAsync(Cancelled);
        ledger.Sequence.ShouldBe(3u);
        ledger.ClosedAt.ShouldBe(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        ledger.FailedTransactionCount.ShouldBe(1);
        Handler.Requests[^1].ShouldBe("GET http://one.example/base/ledgers?order=desc&limit=1");
    }

    [Fact]
    public async Task A_busy_Horizon_is_asked_again_after_a_pause()
    {
        Handler.Answer(HttpStatusCode.ServiceUnavailable, Busy).Answer(HttpStatusCode.OK, Ledger);
        var reading = Client().Ledgers.GetAsync(3, Cancelled);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(5));
        Handler.Requests.Count.ShouldBe(1);
        Time.Advance(TimeSpan.FromSeconds(5));
        (await reading).ShouldNotBeNull().Sequence.ShouldBe(3u);
        Handler.Requests.ShouldBe(["GET http://one.example/ledgers/3", "GET http://one.example/ledgers/3"]);
    }

    [Fact]
    public async Task A_Horizon_that_stays_busy_is_given_up_with_what_it_said()
    {
        Handler.Answer(HttpStatusCode.ServiceUnavailable, Busy);
        var client = Client(options => options with { ReadRetries = 0 });
        var failure = await Should.ThrowAsync<HorizonException>(() => client.Ledgers.GetAsync(3, Cancelled));
        failure.Message.ShouldBe("Horizon answered 503: Busy.");
        failure.Error!.Type.ShouldBe("server_over_capacity");
        failure.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task A_bad_request_is_not_repeated_and_names_the_parameter()
    {
        Handler.Answer(HttpStatusCode.BadRequest, """
            {"type":"https://stellar.org/horizon-errors/bad_request","title":"Bad Request","status":400,
            "extras":{"invalid_field":"cursor","reason":"cursor must contain exactly one colon"}}
            """);
        var failure = await Should.ThrowAsync<HorizonException>(
            () => Client().Ledgers.GetPageAsync(new PageQuery { Cursor = "x y" }, Cancelled));
        failure.Message.ShouldBe("Horizon answered 400: Bad Request (parameter cursor).");
        failure.IsTransient.ShouldBeFalse();
        Handler.Requests.ShouldBe(["GET http://one.example/ledgers?cursor=x%20y&order=asc&limit=200"]);
    }

    [Fact]
    public async Task A_read_fails_over_to_the_next_URL_and_comes_back_after_the_cooldown()
    {
        Handler.Fail(new HttpRequestException("refused")).Answer(HttpStatusCode.OK, Ledger).Answer(HttpStatusCode.OK, Ledger);
        var client = Client("http://one.example", "http://two.example");
        var reading = client.Ledgers.GetAsync(3, Cancelled);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(5));
        Time.Advance(TimeSpan.FromSeconds(5));
        await reading;
        await client.Ledgers.GetAsync(4, Cancelled);
        Time.Advance(TimeSpan.FromSeconds(30));
        Handler.Answer(HttpStatusCode.OK, Ledger);
        await client.Ledgers.GetAsync(5, Cancelled);
        Handler.Requests.ShouldBe([
            "GET http://one.example/ledgers/3",
            "GET http://two.example/ledgers/3",
            "GET http://two.example/ledgers/4",
            "GET http://one.example/ledgers/5",
        ]);
    }

    [Fact]
    public async Task Retry_After_is_waited_for()
    {
        Handler.Answer(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "20")).Answer(HttpStatusCode.OK, Ledger);
        var reading = Client().Ledgers.GetAsync(3, Cancelled);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(20));
        Time.Advance(TimeSpan.FromSeconds(19));
        Handler.Requests.Count.ShouldBe(1);
        Time.Advance(TimeSpan.FromSeconds(1));
        (await reading).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_Retry_After_beyond_the_limit_is_the_callers_to_wait_for()
    {
        Handler.Answer(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "3600"));
        var failure = await Should.ThrowAsync<HorizonException>(() => Client().Ledgers.GetAsync(3, Cancelled));
        failure.RetryAfter.ShouldBe(TimeSpan.FromHours(1));
        failure.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task A_used_up_rate_limit_is_not_tried_against()
    {
        Handler.Answer(HttpStatusCode.OK, Ledger, ("X-RateLimit-Limit", "10"), ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "15"))
            .Answer(HttpStatusCode.OK, Ledger);
        var client = Client();
        await client.Ledgers.GetAsync(3, Cancelled);
        var reading = client.Ledgers.GetAsync(4, Cancelled);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(15));
        Handler.Requests.Count.ShouldBe(1);
        Time.Advance(TimeSpan.FromSeconds(15));
        await reading;
        Handler.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_Horizon_that_does_not_answer_is_given_up_after_the_timeout()
    {
        Handler.Hang();
        var reading = Client(options => options with { ReadRetries = 0 }).Ledgers.GetAsync(3, Cancelled);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(30));
        Time.Advance(TimeSpan.FromSeconds(30));
        var failure = await Should.ThrowAsync<HorizonException>(() => reading);
        failure.Message.ShouldBe("Horizon could not be reached.");
        failure.IsTransient.ShouldBeTrue();
    }

    [Fact]
    public async Task A_claimable_balance_is_read_with_when_each_may_claim_it()
    {
        const string Id = "00000000" + HashHex;
        Handler.Answer(HttpStatusCode.OK, $$"""
            {"id":"{{Id}}","asset":"USDC:{{Issuer}}","amount":"12.5000000","sponsor":"{{A}}","last_modified_ledger":9,
            "claimants":[{"destination":"{{B}}","predicate":{"unconditional":true} },{"destination":"{{A}}","predicate":
            {"and":[{"not":{"abs_before":"2026-01-02T03:04:05Z","abs_before_epoch":"1767323045"} },
            {"or":[{"rel_before":"60"},{"unconditional":true}]}]} }],"flags":{"clawback_enabled":false},"paging_token":"9-{{Id}}"}
            """);
        Handler.Answer(HttpStatusCode.NotFound, """{"type":"https://stellar.org/horizon-errors/not_found","title":"No","status":404}""");
        ClaimableBalanceId.TryParse(Id, out var id).ShouldBeTrue();

        var balance = (await Client().ClaimableBalances.GetAsync(id, Cancelled)).ShouldNotBeNull();

        Handler.Requests.ShouldBe([$"GET http://one.example/claimable_balances/{Id}"]);
        (balance.Id, balance.Amount, balance.Sponsor).ShouldBe((Id, 125_000_000, AccountId.Parse(A)));
        balance.Claimants.ShouldBe([
            new Claimant(AccountId.Parse(B), ClaimUnconditional.Instance),
            new Claimant(AccountId.Parse(A), new ClaimAnd([
                new ClaimNot(new ClaimBeforeAbsoluteTime(1767323045)),
                new ClaimOr([new ClaimBeforeRelativeTime(60), ClaimUnconditional.Instance]),
            ])),
        ]);
        (await Client().ClaimableBalances.GetAsync(id, Cancelled)).ShouldBeNull();
    }

    [Fact]
    public async Task The_callers_cancellation_is_a_cancellation()
    {
        using var source = new CancellationTokenSource();
        Handler.Hang();
        var reading = Client().Ledgers.GetAsync(3, source.Token);
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => reading);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_above_the_limit_is_not_read(bool saysItsLength)
    {
        var body = new string(' ', 5000) + Ledger;
        Handler.Answer(() => new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = saysItsLength ? new StringContent(body) : new StreamContent(new ScriptedStream().Send(body).End()),
        });
        var client = Client(options => options with { MaxResponseBytes = 4096 });
        var failure = await Should.ThrowAsync<HorizonException>(() => client.Ledgers.GetAsync(3, Cancelled));
        failure.Message.ShouldBe("Horizon's answer is longer than 4096 bytes.");
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"sequence":-1}""")]
    public async Task An_answer_that_is_none_is_refused(string body)
    {
        Handler.Answer(HttpStatusCode.OK, body);
        var failure = await Should.ThrowAsync<HorizonException>(() => Client().Ledgers.GetAsync(3, Cancelled));
        failure.Message.ShouldStartWith("Horizon's answer could not be understood: ");
        failure.IsTransient.ShouldBeFalse();
    }

    [Fact]
    public void A_wrong_option_is_named()
    {
        Should.Throw<ArgumentException>(() => Client("ftp://one.example"))
            .Message.ShouldBe("BaseUrls must be absolute http or https URLs without query or fragment.");
        Should.Throw<ArgumentException>(() => Client(options => options with { ReadTimeout = TimeSpan.Zero }))
            .Message.ShouldBe("ReadTimeout must be above zero and at most an hour.");
    }
}
