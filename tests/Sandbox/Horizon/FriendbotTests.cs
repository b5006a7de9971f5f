using StellarPay.Sandbox.Tests.Running;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Tests.Horizon;

public sealed class FriendbotTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private TestSandbox Sandbox => fixture.Sandbox;

    [Fact]
    public async Task A_hundred_accounts_at_once_are_all_created()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => SigningKey.Generate()).ToList();
        var answers = await Task.WhenAll(keys.Select(key => Sandbox.GetAsync($"friendbot?addr={key.AccountId}")));
        answers.ShouldAllBe(answer => answer.Status == 200);
        foreach (var key in keys)
        {
            (await Sandbox.GetAsync($"accounts/{key.AccountId}")).Status.ShouldBe(200);
            key.Dispose();
        }
    }

    [Fact]
    public async Task An_account_that_has_enough_is_refused_and_one_that_spent_some_is_filled_up()
    {
        using var key = await Sandbox.FundAsync();
        var (status, problem) = await Sandbox.GetAsync($"friendbot?addr={key.AccountId}");
        status.ShouldBe(400);
        problem.GetProperty("detail").GetString().ShouldBe("account already funded to starting balance");

        await Sandbox.SubmitOkAsync(
            key, new PaymentOperation(Sandbox.Network.Keys.Root.AccountId, Asset.Native, 10_000_000));
        (await Sandbox.GetAsync($"friendbot?addr={key.AccountId}")).Status.ShouldBe(200);
        var payment = (await Sandbox.ListAsync($"accounts/{key.AccountId}/payments?order=desc&limit=1"))[0];
        payment.GetProperty("type").GetString().ShouldBe("payment");
        payment.GetProperty("amount").GetString().ShouldBe("10000.0000000");
    }

    [Fact]
    public async Task The_address_may_come_as_a_form()
    {
        using var key = SigningKey.Generate();
        using var response = await Sandbox.Http.PostAsync(
            "friendbot", new FormUrlEncodedContent([new("addr", key.AccountId.ToString())]), TestSandbox.Stop);
        ((int)response.StatusCode).ShouldBe(200);
    }

    [Theory]
    [InlineData("friendbot")]
    [InlineData("friendbot?addr=GNOBODY")]
    public async Task What_is_no_address_is_refused(string path)
    {
        var (status, problem) = await Sandbox.GetAsync(path);
        status.ShouldBe(400);
        problem.GetProperty("extras").GetProperty("invalid_field").GetString().ShouldBe("addr");
    }
}
