using System.Text.Json;
using StellarPay.Demo;
using StellarPay.EndToEnd.Tests.Deployments;
using StellarPay.Stellar.Xdr;

namespace StellarPay.EndToEnd.Tests.Strangers;

/// <summary>What anybody with an account on the network can send to a wallet, and what others notice of it: nothing.</summary>
[Collection(typeof(SharedDeployment))]
public sealed class StrangerTests(Deployment deployment)
{
    // Before, the first of these stopped all settlement of the cluster: PostgreSQL refuses U+0000 in a text (22P05).
    [Theory]
    [InlineData("610062", @"a\x00b")]
    [InlineData("fffe", @"\xff\xfe")]
    [InlineData("c3a9", "é")]
    public async Task Whatever_bytes_a_memo_has_it_is_shown_and_holds_nobody(string bytes, string shown)
    {
        await using var target = await deployment.SignUpAsync("target");
        await using var bystander = await deployment.SignUpAsync("bystander");
        using var stranger = await Stranger.AppearAsync(deployment.Sandbox);

        await stranger.PayAsync(target.Address, 10_000_000, new MemoText(new XdrString(Bytes.Create(Convert.FromHexString(bytes)))));
        await deployment.IssueAsync(bystander, "5");

        await bystander.WaitForUsdcAsync("5.0000000");
        var received = await ReceivedAsync(target, 1);
        received[0].GetProperty("memo").GetString().ShouldBe(shown);
        received[0].GetProperty("memo_type").GetString().ShouldBe("text");
        (await ParkedAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_text_and_a_number_that_look_alike_are_told_apart()
    {
        await using var target = await deployment.SignUpAsync("target");
        using var stranger = await Stranger.AppearAsync(deployment.Sandbox);

        await stranger.PayAsync(target.Address, 1_000, new MemoText("42"));
        await stranger.PayAsync(target.Address, 1_000, new MemoId(42));

        (await ReceivedAsync(target, 2)).Select(each => (each.GetProperty("memo").GetString(), each.GetProperty("memo_type").GetString()))
            .ShouldBe([("42", "id"), ("42", "text")]);
    }

    // Before, a write of more than 1,000 events was refused again and again (54000), and everybody waited for this wallet.
    [Fact]
    public async Task Eleven_hundred_payments_to_one_wallet_in_one_ledger_are_all_taken_in_and_hold_nobody()
    {
        await using var target = await deployment.SignUpAsync("target");
        await using var bystander = await deployment.SignUpAsync("bystander");
        var strangers = await Task.WhenAll(Enumerable.Range(0, 11).Select(_ => Stranger.AppearAsync(deployment.Sandbox)));
        using var sandbox = new ApiClient(deployment.Sandbox);
        (await sandbox.PostAsync("/admin/clock/stop")).IsSuccess.ShouldBeTrue();
        try
        {
            await Task.WhenAll(strangers.Select(each => each.PayLaterAsync(target.Address, 1, Memo.None, operations: 100)));
            (await sandbox.PostAsync("/admin/ledgers/close?count=1")).IsSuccess.ShouldBeTrue();
        }
        finally
        {
            (await sandbox.PostAsync("/admin/clock/resume")).IsSuccess.ShouldBeTrue();
        }

        await deployment.IssueAsync(bystander, "5");
        await bystander.WaitForUsdcAsync("5.0000000");

        (await Eventually.GetAsync(() => XlmAsync(target), balance => balance == "0.0001100", "all 1,100 stroops")).ShouldBe("0.0001100");
        (await ParkedAsync()).ShouldBe(0);
        foreach (var stranger in strangers)
        {
            stranger.Dispose();
        }
    }

    private static async Task<string?> XlmAsync(Person person) => (await person.Api.GetAsync("/v1/wallet")).Required
        .GetProperty("balances").EnumerateArray()
        .Where(balance => balance.GetProperty("asset").GetString() == "XLM")
        .Select(balance => balance.GetProperty("balance").GetString()).FirstOrDefault();

    private static Task<JsonElement[]> ReceivedAsync(Person person, int count) => Eventually.GetAsync(
        async () => (await person.Api.GetAsync("/v1/wallet/transactions")).Required.GetProperty("data").EnumerateArray()
            .Where(each => each.GetProperty("direction").GetString() == "in").ToArray(),
        received => received.Length == count,
        $"{count} payments in the history");

    private async Task<long> ParkedAsync()
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(deployment.ConnectionString);
        await using var command = source.CreateCommand("SELECT count(*) FROM ledger_parked");
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
