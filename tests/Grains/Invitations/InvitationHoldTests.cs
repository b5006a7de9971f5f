using StellarPay.Grains.Compliance;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Invitations;

/// <summary>Confirmed invitations whose sender may not pay for a while: the recipient's right waits, and does not end.</summary>
public abstract class InvitationHoldTests(SharedWorld shared)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    [Fact]
    public async Task A_sender_who_was_frozen_meanwhile_pays_when_he_may_again_and_one_who_would_pay_all_that_he_may_pays_it_first()
    {
        await using var world = await shared.StartOwnAsync();
        var payee = await world.NewUserAsync();
        var (frozen, spent) = (await world.NewUserAsync("10"), await world.NewUserAsync("2600"));
        var (his, others) = (new Invited(world), new Invited(world));
        var (ofFrozen, ofSpent) = (await his.MadeAsync(frozen, "4"), await others.MadeAsync(spent, "100"));
        await ControlOf(world, frozen).FreezeAsync(Because);
        foreach (var amount in new[] { "830", "830", "740" })
        {
            await spent.UntilAsync((await spent.PayAsync(world.Network.NewOutsider(), amount)).Id, PaymentStatus.Succeeded);
        }

        // The rest is promised.
        (await spent.QuoteAsync(world.Network.NewOutsider(), "0.01")).Error!.Code.ShouldBe("daily_limit_exceeded");

        await his.ConfirmAndTellAsync(payee);
        await others.ConfirmAndTellAsync(payee);
        world.Business.Advance(TimeSpan.FromHours(23));
        await world.SweepAsync();
        var waits = await Invited.OfAsync(frozen, ofFrozen.Id);
        (waits.Status, waits.FailureCode, (await frozen.UsdcAsync()).Reserved).ShouldBe((InvitationStatus.Due, null, 40_000_000L));
        (await Invited.CancelAsync(frozen, ofFrozen.Id)).Error!.Code.ShouldBe("invitation_not_cancellable");
        await Invited.UntilAsync(spent, ofSpent.Id, InvitationStatus.Paid);

        await ControlOf(world, frozen).UnfreezeAsync(Because);
        world.Business.Advance(TimeSpan.FromHours(2));

        await Invited.UntilAsync(frozen, ofFrozen.Id, InvitationStatus.Paid);
        await payee.UntilBalanceAsync(1_040_000_000);
    }

    [Fact]
    public async Task A_payment_of_his_that_waits_to_be_signed_when_he_is_frozen_waits_on_and_is_made_afterwards()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, payee, name) = (await world.NewUserAsync("10"), await world.NewUserAsync(), new Invited(world));
        var made = await name.MadeAsync(sender, "4");
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        var ahead = await sender.PayAsync(world.Network.NewOutsider(), "1");
        await name.ConfirmAndTellAsync(payee);
        await Invited.UntilAsync(sender, made.Id, InvitationStatus.Paying);
        (await sender.PaymentAsync(made.Id.Payment)).Status.ShouldBe(PaymentStatus.Queued);

        await ControlOf(world, sender).FreezeAsync(Because);
        world.Network.HoldPending(false);
        await sender.UntilAsync(ahead.Id, PaymentStatus.Succeeded);
        world.Business.Advance(TimeSpan.FromDays(1));
        await world.SweepAsync();
        (await sender.PaymentAsync(made.Id.Payment)).Status.ShouldBe(PaymentStatus.Queued);
        (await Invited.OfAsync(sender, made.Id)).Status.ShouldBe(InvitationStatus.Paying);
        await ControlOf(world, sender).UnfreezeAsync(Because);

        await Invited.UntilAsync(sender, made.Id, InvitationStatus.Paid);
        await payee.UntilBalanceAsync(40_000_000);
        OnceOnTheLedger(world, await payee.AddressAsync());
    }

    [Fact]
    public async Task One_that_was_held_for_days_is_not_ended_by_what_passes_at_the_moment()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, payee, name) = (await world.NewUserAsync("10"), await world.NewUserAsync(), new Invited(world));
        var made = await name.MadeAsync(sender, "4");
        await ControlOf(world, sender).FreezeAsync(Because);
        await name.ConfirmAndTellAsync(payee);
        world.Business.Advance(TimeSpan.FromDays(4));
        await world.SweepAsync();
        await ControlOf(world, sender).UnfreezeAsync(Because);

        world.DenyList.Down = true;
        world.Business.Advance(TimeSpan.FromHours(2));
        await world.SweepAsync();
        (await Invited.OfAsync(sender, made.Id)).Status.ShouldBe(InvitationStatus.Due);
        world.DenyList.Down = false;
        world.Business.Advance(TimeSpan.FromHours(2));

        await Invited.UntilAsync(sender, made.Id, InvitationStatus.Paid);
        await payee.UntilBalanceAsync(40_000_000);
    }

    [Fact]
    public async Task A_sender_who_stays_frozen_keeps_the_amount_from_himself_for_as_long_again_and_no_longer()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, payee, name) = (await world.NewUserAsync("10"), await world.NewUserAsync(), new Invited(world));
        var made = await name.MadeAsync(sender, "4");
        await ControlOf(world, sender).FreezeAsync(Because);
        await name.ConfirmAndTellAsync(payee);

        world.Business.Advance(Lifetime + Lifetime - TimeSpan.FromHours(2));
        await world.SweepAsync();
        (await Invited.OfAsync(sender, made.Id)).Status.ShouldBe(InvitationStatus.Due);
        world.Business.Advance(TimeSpan.FromHours(3));

        (await Invited.UntilAsync(sender, made.Id, InvitationStatus.Failed)).FailureCode.ShouldBe("wallet_frozen");
        (await sender.UsdcAsync()).Reserved.ShouldBe(0);
    }

    private static AdminOrder Because { get; } = new(UserId.New(TimeProvider.System), "Because.");

    private static IWalletControl ControlOf(TestWorld world, TestUser sender) => world.Grains.GetGrain<IWalletControl>(sender.Key);

    private static void OnceOnTheLedger(TestWorld world, string address) =>
        world.Network.Look(l => l.Operations.Count(o => o is { Type: "payment", Successful: true } && o.To == address)).ShouldBe(1);
}

[Trait("Length", "long")]
public sealed class InvitationHoldInMemoryTests(SharedWorld shared) : InvitationHoldTests(shared), IClassFixture<SharedWorld>;

public sealed class InvitationHoldOnPostgresTests(SharedPostgresWorld shared)
    : InvitationHoldTests(shared), IClassFixture<SharedPostgresWorld>;
