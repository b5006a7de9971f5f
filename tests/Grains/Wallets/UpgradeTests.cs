using System.Text.Json.Nodes;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Wallets;

/// <summary>Rows that the version before flights has written.</summary>
public sealed class UpgradeTests
{
    [Theory]
    [InlineData("Signed")]
    [InlineData("Submitted")]
    public async Task A_payment_that_was_under_way_goes_on_with_the_same_envelope(string status)
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        var before = world.Network.Submitted.Count;
        world.Network.Next(Enumerable.Repeat(Answer.NeverApply, 1000).ToArray());
        var payment = await payer.PayAsync(payee, "4");
        await TestWorld.UntilAsync(() => world.Network.Submitted.Count > before, "it was submitted");
        // The activation ends, and what it knows with it.
        world.Storage.FailNextWrite(GrainState.Wallet, Failing.BeforeTheWrite);
        await Should.ThrowAsync<Exception>(payer.QuoteAsync(payee, "1"));
        world.Storage.Rewrite(GrainState.Wallet, payer.Key, state => ToFormerVersion(state, status));

        world.Network.ForgetAnswers();
        await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);

        await payer.UntilBalanceAsync(60_000_000);
        world.Network.Submitted.Skip(before).Distinct().Count().ShouldBe(1);
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        var next = await payer.PayAsync(payee, "1");
        await payer.UntilAsync(next.Id, PaymentStatus.Succeeded);
    }

    private static void ToFormerVersion(JsonObject state, string status)
    {
        var flight = state["flight"]!;
        var payment = state["payments"]![0]!.AsObject();
        payment["status"] = status;
        payment["envelope"] = (string)flight["envelope"]!;
        payment["maxTime"] = (string)flight["maxTime"]!;
        payment.Remove("operationIndex");
        payment.Remove("signings");
        state.Remove("flight");
    }
}
