using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Crashes;

/// <summary>The follower is far behind, and the network has told how transactions ended.</summary>
public sealed class LateRowsTests
{
    [Fact]
    public async Task Own_payments_whose_rows_come_late_are_taken_for_no_strangers()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("100");
        world.Network.HoldFeed(true);

        // The follower is a minute and a half behind, and the network answers by hash.
        for (var n = 0; n < 20; n++)
        {
            var payment = await payer.PayAsync(world.Network.NewOutsider(), "1");
            await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);
        }

        world.Network.HoldFeed(false);
        await payer.UntilBalanceAsync(800_000_000);

        world.Log.Lines.Where(line => line.StartsWith("Critical", StringComparison.Ordinal)).ShouldBeEmpty();
    }
}
