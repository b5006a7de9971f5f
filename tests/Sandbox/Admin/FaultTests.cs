using StellarPay.Sandbox.Tests.Running;
using StellarPay.Stellar;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Admin;

public sealed class FaultTests : IAsyncLifetime
{
    private TestSandbox Sandbox { get; set; } = null!;

    public async ValueTask InitializeAsync() => Sandbox = await TestSandbox.StartAsync();

    public ValueTask DisposeAsync() => Sandbox.DisposeAsync();

    [Fact]
    public async Task A_timeout_after_applying_hides_a_payment_that_was_made()
    {
        using var payer = await Sandbox.FundAsync();
        await ArmAsync(new { kind = "timeout_after_applying", method = "POST", path = "/transactions" });
        var envelope = Sandbox.Sign(payer, new BumpSequenceOperation(0));
        (await Sandbox.PostTransactionAsync(envelope.ToXdrBase64())).Status.ShouldBe(504);
        (await Sandbox.GetOkAsync($"transactions/{envelope.HashOn(Sandbox.Network.Identity)}"))
            .GetProperty("successful").GetBoolean().ShouldBeTrue();
        (await Sandbox.PostTransactionAsync(envelope.ToXdrBase64())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_timeout_without_applying_loses_the_payment()
    {
        using var payer = await Sandbox.FundAsync();
        await ArmAsync(new { kind = "timeout_without_applying", path = "/transactions", count = 2 });
        var envelope = Sandbox.Sign(payer, new BumpSequenceOperation(0));
        (await Sandbox.PostTransactionAsync(envelope.ToXdrBase64())).Status.ShouldBe(504);
        (await Sandbox.PostTransactionAsync(envelope.ToXdrBase64())).Status.ShouldBe(504);
        (await Sandbox.GetAsync($"transactions/{envelope.HashOn(Sandbox.Network.Identity)}")).Status.ShouldBe(404);
        (await Sandbox.PostTransactionAsync(envelope.ToXdrBase64())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_reset_connection_has_no_answer()
    {
        await ArmAsync(new { kind = "connection_reset", path = "/fee_stats" });
        await Should.ThrowAsync<HttpRequestException>(() => Sandbox.GetAsync("fee_stats"));
        (await Sandbox.GetAsync("fee_stats")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_rate_limit_says_when_to_come_again_and_matches_by_path()
    {
        await ArmAsync(new { kind = "rate_limit", path = "/ledgers", retry_after = 7 });
        (await Sandbox.GetAsync("operations")).Status.ShouldBe(200);
        using var response = await Sandbox.Http.GetAsync("ledgers", TestSandbox.Stop);
        ((int)response.StatusCode).ShouldBe(429);
        response.Headers.RetryAfter?.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        (await Sandbox.GetAsync("ledgers")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_delay_holds_the_answer_back()
    {
        var time = new TestClock();
        await using var sandbox = await TestSandbox.StartAsync(time: time);
        await sandbox.PostAsync("admin/faults", new { kind = "delay", delay_ms = 60_000 });
        var answer = sandbox.GetAsync("ledgers");
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(60));
        answer.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(60));
        (await answer).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Stale_reads_show_the_network_as_it_was()
    {
        using var payer = await Sandbox.FundAsync();
        var before = await SequenceAsync();
        var envelope = Sandbox.Sign(payer, new ManageDataOperation("new", Bytes.Create([1])));
        await Sandbox.PostTransactionAsync(envelope.ToXdrBase64());
        var hash = envelope.HashOn(Sandbox.Network.Identity);

        await ArmAsync(new { kind = "stale_reads", count = 3, ledgers = 1 });
        (await SequenceAsync()).ShouldBe(before);
        (await Sandbox.GetAsync($"transactions/{hash}")).Status.ShouldBe(404);
        (await Sandbox.ListAsync($"accounts/{payer.AccountId}/transactions")).Count.ShouldBe(1);
        (await SequenceAsync()).ShouldBe(before + 1);
        (await Sandbox.ListAsync($"accounts/{payer.AccountId}/transactions")).Count.ShouldBe(2);

        async Task<long> SequenceAsync() => long.Parse(
            (await Sandbox.GetOkAsync($"accounts/{payer.AccountId}")).GetProperty("sequence").GetString()!,
            System.Globalization.CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("duplicate_events", new[] { "1", "1", "2", "3" })]
    [InlineData("drop_events", new[] { "2", "3" })]
    public async Task Events_come_twice_or_not_at_all(string kind, string[] expected)
    {
        await Sandbox.PostAsync("admin/ledgers/close", new { });
        await ArmAsync(new { kind, path = "/ledgers" });
        using var stream = await EventReader.OpenAsync(Sandbox, "ledgers?cursor=0&limit=3");
        var seen = new List<string>();
        while (await stream.NextAsync() is { } next)
        {
            if (next.Name is null)
            {
                seen.Add(next.Data.GetProperty("sequence").ToString());
            }
        }

        seen.ShouldBe(expected);
    }

    [Fact]
    public async Task A_silent_stream_opens_and_says_nothing_until_it_ends()
    {
        var time = new TestClock();
        await using var sandbox = await TestSandbox.StartAsync(time: time);
        await sandbox.PostAsync("admin/faults", new { kind = "silent_stream" });
        using var stream = await EventReader.OpenAsync(sandbox, "ledgers?cursor=0");
        (await stream.NextAsync())!.Name.ShouldBe("open");
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(55));
        time.Advance(TimeSpan.FromSeconds(55));
        (await stream.NextAsync())!.Name.ShouldBe("close");
    }

    [Fact]
    public async Task A_full_ledger_leaves_the_transactions_waiting()
    {
        await using var sandbox = await TestSandbox.StartAsync(options => options.StartPaused = true);
        await sandbox.PostAsync("admin/faults", new { kind = "full_ledger", count = 2 });
        var envelope = sandbox.Sign(sandbox.Network.Keys.Friendbot, new BumpSequenceOperation(0));
        await sandbox.PostTransactionAsync(envelope.ToXdrBase64(), "transactions_async");
        var hash = envelope.HashOn(sandbox.Network.Identity);
        await sandbox.PostAsync("admin/ledgers/close?count=2", new { });
        (await sandbox.GetAsync($"transactions/{hash}")).Status.ShouldBe(404);
        await sandbox.PostAsync("admin/ledgers/close", new { });
        (await sandbox.GetAsync($"transactions/{hash}")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Armed_faults_are_listed_and_disarmed()
    {
        await ArmAsync(new { kind = "delay", method = "GET", path = "/accounts", count = 5 });
        (await Sandbox.GetOkAsync("admin/faults")).ToString().ShouldBe(
            """{"faults":[{"id":1,"kind":"delay","remaining":5,"method":"GET","path":"/accounts"}]}""");
        (await Sandbox.Http.DeleteAsync("admin/faults", TestSandbox.Stop)).Dispose();
        Sandbox.Network.Faults.Armed.ShouldBeEmpty();
    }

    private async Task ArmAsync(object fault) => (await Sandbox.PostAsync("admin/faults", fault)).Status.ShouldBe(200);
}
