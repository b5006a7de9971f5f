using System.Diagnostics;
using StellarPay.Demo;
using StellarPay.EndToEnd.Tests.Deployments;

namespace StellarPay.EndToEnd.Tests.Runtimes;

/// <summary>One database, two actor runtimes, one after the other: what one wrote, the other reads and goes on with.</summary>
public sealed class RuntimeChangeTests
{
    [Theory]
    [InlineData("SingleNode", "Orleans")]
    [InlineData("Orleans", "SingleNode")]
    public async Task People_of_one_runtime_log_in_and_pay_under_the_other(string first, string second)
    {
        var (before, after) = (StellarPayProcess.ProgramPath(first), StellarPayProcess.ProgramPath(second));
        SkipUnlessBuiltOfOneCommit(before, after);
        await using var deployment = new Deployment();
        await deployment.PrepareAsync();
        await deployment.StartAsync(before);
        await using var payer = await deployment.SignUpAsync("payer");
        await using var payee = await deployment.SignUpAsync("payee");
        await deployment.IssueAsync(payer, "10");
        await payer.WaitForUsdcAsync("10.0000000");
        var paid = await PayAsync(payer, payee, "4");
        var abandoned = await payer.QuoteAsync(payee.Email, "1");
        await deployment.Process.StopAsync();

        await deployment.StartAsync(after);

        await Task.WhenAll(payer.LogInAsync(), payee.LogInAsync());
        (await payer.GetUsdcAsync()).ShouldBe("6.0000000");
        (await HistoryAsync(payer)).ShouldContain(paid);
        (await HistoryAsync(payee)).ShouldNotBeEmpty();
        (await payer.Api.PostAsync($"/v1/payments/{abandoned}/cancel")).IsSuccess.ShouldBeTrue();
        await PayAsync(payer, payee, "5");
        await payer.WaitForUsdcAsync("1.0000000");
        await payee.WaitForUsdcAsync("9.0000000");
        (await deployment.PaymentsOnLedgerAsync(payer, payee)).ShouldBe(["4.0000000", "5.0000000"]);
        await using var newcomer = await deployment.SignUpAsync("newcomer");
        await PayAsync(payer, newcomer, "1");
        await newcomer.WaitForUsdcAsync("1.0000000");
    }

    private static async Task<string> PayAsync(Person payer, Person payee, string amount)
    {
        var id = await payer.QuoteAsync(payee.Email, amount);
        (await payer.ConfirmAsync(id, id)).Required.GetRawText();
        (await payer.UntilTerminalAsync(id)).GetProperty("status").GetString().ShouldBe("succeeded");
        return id;
    }

    private static async Task<string[]> HistoryAsync(Person person) =>
        [.. (await person.Api.GetAsync("/v1/wallet/transactions")).Required.GetProperty("data").EnumerateArray()
            .Select(line => line.GetProperty("id").GetString()!)];

    private static void SkipUnlessBuiltOfOneCommit(string before, string after)
    {
        Assert.SkipUnless(
            File.Exists(before) && File.Exists(after), "The front door is not built here for both actor runtimes.");
        Assert.SkipUnless(
            Version(before) == Version(after), "The front door's builds for the two actor runtimes are not of one commit.");
    }

    // The commit is part of it.
    private static string? Version(string program) => FileVersionInfo.GetVersionInfo(program).ProductVersion;
}
