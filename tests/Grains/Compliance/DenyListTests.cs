using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Compliance;

public sealed class DenyListTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    [Fact]
    public async Task Whoever_is_on_the_list_is_not_paid_and_is_not_named()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payee = world.Network.NewOutsider();
        world.DenyList.Add(payee);

        var refusal = (await payer.QuoteAsync(payee, "1")).Error!;

        (refusal.Kind, refusal.Code, refusal.Param).ShouldBe((ErrorKind.Refused, "recipient_denied", "recipient"));
        refusal.Message.ShouldBe("This recipient cannot be paid from here.");
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task A_domain_on_the_list_is_not_paid_whatever_account_it_names()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        world.DenyList.Add("evil.example");
        var request = new QuoteRequest(world.Network.NewOutsider(), "bob*EVIL.example", "USDC", "1");

        (await payer.Wallet.QuoteAsync(payer.Id, request, TestContext.Current.CancellationToken))
            .Error!.Code.ShouldBe("recipient_denied");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_payer_on_the_list_cannot_pay(bool byUser)
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        world.DenyList.Add(byUser ? payer.Id.Value : await payer.AddressAsync());

        (await payer.QuoteAsync(world.Network.NewOutsider(), "1")).Error!.Code.ShouldBe("payer_denied");
    }

    [Fact]
    public async Task Who_came_onto_the_list_after_the_quote_is_not_paid_either()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payee = world.Network.NewOutsider();
        var quote = await payer.QuotedAsync(payee, "1");
        world.DenyList.Add(payee);

        (await payer.ConfirmAsync(quote.Id)).Error!.Code.ShouldBe("recipient_denied");

        (await payer.PaymentAsync(quote.Id)).Status.ShouldBe(PaymentStatus.Pending);
        world.Network.Submitted.Count.ShouldBe(1, "the wallet's opening and nothing else");
    }

    [Fact]
    public async Task What_waits_is_looked_at_again_before_it_is_signed_and_the_others_go_on()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var (first, denied, last) = (world.Network.NewOutsider(), world.Network.NewOutsider(), world.Network.NewOutsider());
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        await payer.PayAsync(first, "1");
        var second = await payer.PayAsync(denied, "2");
        var third = await payer.PayAsync(last, "3");
        world.DenyList.Add(denied);
        world.Network.HoldPending(false);

        await payer.UntilAsync(third.Id, PaymentStatus.Succeeded);

        var refused = await payer.PaymentAsync(second.Id);
        (refused.Status, refused.FailureCode, refused.TransactionHash)
            .ShouldBe((PaymentStatus.Failed, "recipient_denied", null));
        await payer.UntilBalanceAsync(960_000_000);
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task While_nobody_can_tell_who_is_on_the_list_nothing_is_quoted_or_signed_and_what_waits_goes_on_waiting()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("100");
        var payee = world.Network.NewOutsider();
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        var first = await payer.PayAsync(payee, "1");
        var second = await payer.PayAsync(payee, "2");
        var third = await payer.QuotedAsync(payee, "3");
        world.DenyList.Down = true;

        var refusal = (await payer.QuoteAsync(payee, "1")).Error!;
        (refusal.Kind, refusal.Code).ShouldBe((ErrorKind.Unavailable, "compliance_unavailable"));
        (await payer.ConfirmAsync(third.Id)).Error!.Code.ShouldBe("compliance_unavailable");
        world.Network.HoldPending(false);
        await payer.UntilAsync(first.Id, PaymentStatus.Succeeded);
        (await payer.PaymentAsync(second.Id)).Status.ShouldBe(PaymentStatus.Queued);

        world.DenyList.Down = false;
        await payer.UntilAsync(second.Id, PaymentStatus.Succeeded);
    }
}
