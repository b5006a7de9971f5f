using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Keys;

public sealed class KeeperAwayTests
{
    [Fact]
    public async Task A_confirmation_while_the_keeper_of_the_keys_is_away_changes_nothing_and_says_so()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        var quote = await payer.QuotedAsync(world.Network.NewOutsider(), "1");
        world.KeyEncryptionKey.Down = true;

        (await payer.ConfirmAsync(quote.Id, "key")).Error!.Code.ShouldBe("keys_unavailable");

        (await payer.PaymentAsync(quote.Id)).Status.ShouldBe(PaymentStatus.Pending);
        world.KeyEncryptionKey.Down = false;
        (await payer.ConfirmAsync(quote.Id, "key")).Value!.Status.ShouldBe(PaymentStatus.Signed);
    }
}
