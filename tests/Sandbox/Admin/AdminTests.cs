using StellarPay.Sandbox.Tests.Running;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Admin;

public sealed class AdminTests
{
    [Fact]
    public async Task The_platforms_USDC_is_issued_to_whoever_trusts_it()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var issuer = (await sandbox.GetOkAsync("admin")).GetProperty("accounts").GetProperty("usdc_issuer").GetString()!;
        (await sandbox.GetAsync($"accounts/{issuer}")).Status.ShouldBe(200);
        using var user = await sandbox.FundAsync();
        var (status, problem) = await sandbox.PostAsync(
            "admin/issue", new { account = user.AccountId.ToString(), asset = "USDC", amount = "100" });
        status.ShouldBe(400);
        problem.GetProperty("extras").GetProperty("result_codes").GetProperty("operations")[0].GetString()
            .ShouldBe("op_no_trust");

        await sandbox.SubmitOkAsync(
            user, new ChangeTrustOperation(Asset.Credit("USDC", AccountId.Parse(issuer)), long.MaxValue));
        (await sandbox.PostAsync(
            "admin/issue", new { account = user.AccountId.ToString(), asset = $"USDC:{issuer}", amount = "100" }))
            .Status.ShouldBe(200);
        var line = (await sandbox.GetOkAsync($"accounts/{user.AccountId}")).GetProperty("balances")[0];
        line.GetProperty("balance").GetString().ShouldBe("100.0000000");
        line.GetProperty("asset_code").GetString().ShouldBe("USDC");
    }

    [Fact]
    public async Task Only_the_sandboxs_own_issuer_issues()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        using var other = await sandbox.FundAsync();
        var (status, problem) = await sandbox.PostAsync(
            "admin/issue",
            new { account = other.AccountId.ToString(), asset = $"USD:{other.AccountId}", amount = "1" });
        status.ShouldBe(400);
        problem.GetProperty("extras").GetProperty("invalid_field").GetString().ShouldBe("asset");
    }

    [Fact]
    public async Task A_ledger_closes_each_interval_and_not_while_the_clock_is_stopped()
    {
        var time = new TestClock();
        await using var sandbox = await TestSandbox.StartAsync(
            options => options.CloseInterval = TimeSpan.FromSeconds(1), time);
        await TickAsync();
        await TickAsync();

        (await sandbox.PostAsync("admin/clock/stop", new { })).Body.GetProperty("clock_stopped").GetBoolean().ShouldBeTrue();
        var stopped = sandbox.Network.LatestLedger;
        time.Advance(TimeSpan.FromSeconds(5));
        (await sandbox.PostAsync("admin/ledgers/close?count=3", new { }))
            .Body.GetProperty("latest_ledger").GetUInt32().ShouldBe(stopped + 3);
        (await sandbox.PostAsync("admin/clock/resume", new { })).Body.GetProperty("clock_stopped").GetBoolean().ShouldBeFalse();
        await TickAsync();

        async Task TickAsync()
        {
            var before = sandbox.Network.LatestLedger;
            await time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
            time.Advance(TimeSpan.FromSeconds(1));
            await sandbox.Network.LedgerAfterAsync(before, TestSandbox.Stop);
            sandbox.Network.LatestLedger.ShouldBeGreaterThan(before);
        }
    }

    [Fact]
    public async Task Time_moves_forward_when_asked_to_and_closes_a_ledger_there()
    {
        await using var sandbox = await TestSandbox.StartAsync(time: new TestClock());
        var before = sandbox.Network.History.Latest.ClosedAt;
        (await sandbox.PostAsync("admin/clock/advance", new { seconds = 86_400 })).Status.ShouldBe(200);
        sandbox.Network.History.Latest.ClosedAt.ShouldBe(before + TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task After_a_reset_the_network_begins_again()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        using var user = await sandbox.FundAsync();
        sandbox.Network.LatestLedger.ShouldBeGreaterThan(2u);
        (await sandbox.PostAsync("admin/reset", new { })).Body.GetProperty("latest_ledger").GetInt32().ShouldBe(2);
        (await sandbox.GetAsync($"accounts/{user.AccountId}")).Status.ShouldBe(404);
        (await sandbox.ListAsync("transactions")).Count.ShouldBe(1);
        (await sandbox.GetAsync($"friendbot?addr={user.AccountId}")).Status.ShouldBe(200);
    }
}
