using StellarPay.Sandbox.Tests.Running;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Horizon;

public sealed class StreamingTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private TestSandbox Sandbox => fixture.Sandbox;

    [Fact]
    public async Task A_stream_says_hello_then_what_is_there_then_what_happens()
    {
        using var payer = await Sandbox.FundAsync();
        using var payee = await Sandbox.FundAsync();
        using var stream = await EventReader.OpenAsync(Sandbox, $"accounts/{payee.AccountId}/payments?cursor=0");
        (await stream.NextAsync())!.ShouldSatisfyAllConditions(
            hello => hello.Name.ShouldBe("open"),
            hello => hello.Retry.ShouldBe(1000),
            hello => hello.Data.GetString().ShouldBe("hello"));
        var created = (await stream.NextAsync())!;
        created.Name.ShouldBeNull();
        created.Id.ShouldBe(created.Data.GetProperty("paging_token").GetString());
        created.Data.GetProperty("type").GetString().ShouldBe("create_account");

        await Sandbox.SubmitOkAsync(payer, new PaymentOperation(payee.AccountId, Asset.Native, 70_000_000));
        (await stream.NextAsync())!.Data.GetProperty("amount").GetString().ShouldBe("7.0000000");
    }

    [Fact]
    public async Task From_now_a_stream_is_open_before_anything_happens()
    {
        using var payer = await Sandbox.FundAsync();
        using var stream = await EventReader.OpenAsync(Sandbox, $"accounts/{payer.AccountId}/effects?cursor=now");
        (await stream.NextAsync())!.Name.ShouldBe("open");
        await Sandbox.SubmitOkAsync(payer, new ManageDataOperation("a", Bytes.Create([1])));
        var effect = (await stream.NextAsync())!;
        effect.Data.GetProperty("type").GetString().ShouldBe("data_created");
        effect.Id.ShouldNotBeNull().ShouldEndWith("-1");
    }

    [Fact]
    public async Task A_stream_goes_on_after_the_last_id_that_its_client_saw()
    {
        using var payer = await Sandbox.FundAsync();
        for (var i = 0; i < 3; i++)
        {
            await Sandbox.SubmitOkAsync(payer, new BumpSequenceOperation(0));
        }

        var path = $"accounts/{payer.AccountId}/transactions";
        var seen = (await Sandbox.ListAsync(path))[1].GetProperty("paging_token").GetString();
        using var stream = await EventReader.OpenAsync(Sandbox, path + "?cursor=0", lastEventId: seen);
        (await stream.NextAsync())!.Name.ShouldBe("open");
        (await stream.NextAsync())!.Id.ShouldBe(
            (await Sandbox.ListAsync(path))[2].GetProperty("paging_token").GetString());
    }

    [Fact]
    public async Task At_its_limit_a_stream_says_byebye_and_ends()
    {
        using var stream = await EventReader.OpenAsync(Sandbox, "ledgers?cursor=0&limit=2");
        var names = new List<string?>();
        while (await stream.NextAsync() is { } next)
        {
            names.Add(next.Name ?? next.Data.GetProperty("sequence").GetInt32().ToString());
        }

        names.ShouldBe(["open", "1", "2", "close"]);
    }

    [Fact]
    public async Task A_streamed_account_comes_again_when_it_changes()
    {
        using var payer = await Sandbox.FundAsync();
        using var stream = await EventReader.OpenAsync(Sandbox, $"accounts/{payer.AccountId}");
        (await stream.NextAsync())!.Name.ShouldBe("open");
        (await stream.NextAsync())!.Data.GetProperty("subentry_count").GetInt32().ShouldBe(0);
        using var other = await Sandbox.FundAsync();
        await Sandbox.SubmitOkAsync(payer, new ManageDataOperation("a", Bytes.Create([1])));
        (await stream.NextAsync())!.Data.GetProperty("subentry_count").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Streams_end_when_the_sandbox_stops()
    {
        var sandbox = await TestSandbox.StartAsync();
        using var stream = await EventReader.OpenAsync(sandbox, "payments?cursor=now");
        (await stream.NextAsync())!.Name.ShouldBe("open");
        var stopping = sandbox.DisposeAsync();
        (await stream.NextAsync())!.Data.GetString().ShouldBe("byebye");
        await stopping;
    }

    [Fact]
    public async Task Whoever_waits_for_a_ledger_is_answered_when_the_sandbox_stops()
    {
        var sandbox = await TestSandbox.StartAsync(options => options.StartPaused = true);
        using var http = sandbox.Http;
        var answer = sandbox.GetAsync($"friendbot?addr={sandbox.Network.Keys.Root.AccountId}");
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (sandbox.Network.OwnTransactions.Count == 0)
        {
            await look.WaitForNextTickAsync(TestSandbox.Stop);
        }

        await sandbox.StopAsync();
        (await answer).Status.ShouldBe(504);
    }
}
