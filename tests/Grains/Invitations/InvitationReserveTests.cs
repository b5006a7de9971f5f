using StellarPay.Grains.Money;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Invitations;

/// <summary>
/// XLM of an account that a stranger created: the network lets nobody spend its reserve. The bug kept away: an invitation set it aside, and
/// could never be paid.
/// </summary>
public abstract class InvitationReserveTests(SharedWorld shared)
{
    private const long All = Adopted.Balance - Adopted.Reserve;

    [Fact]
    public async Task Of_an_account_that_a_stranger_created_the_networks_reserve_is_not_set_aside()
    {
        await using var world = await shared.StartOwnAsync();
        world.Rates.Set("XLM", 0.01m);
        var sender = await Adopted.NewAsync(world);
        var (first, second) = (new Invited(world), new Invited(world));

        var refused = (await first.ByAsync(sender, Amount.Format(All + 1), asset: "XLM")).Error!;

        (refused.Code, refused.Param, refused.Message).ShouldBe(("insufficient_funds", "amount", Adopted.InReserve));
        ((await Adopted.XlmAsync(sender)).Reserved, first.Count).ShouldBe((0, 0));
        var made = (await first.ByAsync(sender, Amount.Format(All - 15_000_000), asset: "XLM")).Value!;
        (await second.ByAsync(sender, "1.5000001", asset: "XLM")).Error!.Message.ShouldBe(Adopted.InReserve);
        (await sender.QuoteAsync(world.Network.NewOutsider(), "1.5000001", asset: "XLM")).Error!.Message.ShouldBe(Adopted.InReserve);
        (await Invited.CancelAsync(sender, made.Id)).Error.ShouldBeNull();
        (await second.ByAsync(sender, Amount.Format(All), asset: "XLM")).Error.ShouldBeNull();
        (await Adopted.XlmAsync(sender)).Reserved.ShouldBe(All);
    }

    [Fact]
    public async Task Where_the_network_does_not_say_what_it_is_nothing_is_set_aside_and_what_is_in_vain_asks_it_nothing()
    {
        await using var world = await shared.StartOwnAsync();
        world.Rates.Set("XLM", 0.01m);
        var (sender, name) = (await Adopted.NewAsync(world), new Invited(world));
        var address = await sender.AddressAsync();
        world.Network.ForgetWhatWasAsked();
        (await name.ByAsync(sender, Amount.Format(Adopted.Balance + 1), asset: "XLM")).Error!.Code.ShouldBe("insufficient_funds");
        world.Network.AccountsAsked.ShouldNotContain(address);

        world.Network.Down = true;
        var refused = (await name.ByAsync(sender, "1", asset: "XLM")).Error!;
        world.Network.Down = false;

        refused.Code.ShouldBe("network_unavailable");
        ((await Adopted.XlmAsync(sender)).Reserved, name.Count).ShouldBe((0, 0));
        (await name.ByAsync(sender, "1", asset: "XLM")).Error.ShouldBeNull();
    }
}

[Trait("Length", "long")]
public sealed class InvitationReserveInMemoryTests(SharedWorld shared) : InvitationReserveTests(shared), IClassFixture<SharedWorld>;

public sealed class InvitationReserveOnPostgresTests(SharedPostgresWorld shared)
    : InvitationReserveTests(shared), IClassFixture<SharedPostgresWorld>;
