using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Merchants;

public sealed class MerchantAccountTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_whose_opening_was_cut_off_is_opened_when_it_is_due_and_nobody_elses_call_shows_it()
    {
        await using var world = await TestWorld.StartAsync();
        world.Network.Down = true;
        var id = MerchantId.New(TimeProvider.System);
        var merchant = world.Grains.GetGrain<IMerchantGrain>(id.Value);
        (await merchant.OpenAsync(id, tier: 2, cancellationToken: Cancelled)).Value!.Status.ShouldBe(MerchantAccountStatus.Opening);
        (await merchant.GetAsync(MerchantId.New(TimeProvider.System))).Error!.Code.ShouldBe("merchant_not_found");
        (await merchant.OpenAsync(MerchantId.New(TimeProvider.System), cancellationToken: Cancelled)).Error!.Code.ShouldBe("merchant_not_found");
        var address = (await merchant.OpenAsync(id, tier: 0, cancellationToken: Cancelled)).Value!.Address;

        world.Network.Down = false;
        await world.UntilAfterSweepsAsync(
            async () => (await merchant.GetAsync(id)).Value!.Status == MerchantAccountStatus.Active, "its account is there");

        var view = (await merchant.GetAsync(id)).Value!;
        (view.Address, view.Tier, view.Suspended).ShouldBe((address, 2, false));
    }

    [Fact]
    public async Task A_rotation_of_keys_wraps_its_key_anew_and_it_is_paid_after()
    {
        await using var world = await TestWorld.StartAsync();
        var shop = await TestMerchant.OpenAsync(world);
        world.KeyEncryptionKey.Rotate();

        (await world.Grains.GetGrain<IKeyRotationGrain>(IKeyRotationGrain.Key).StartAsync()).ShouldNotBeNull();
        await world.UntilAfterSweepsAsync(
            () => Task.FromResult((string)world.Storage.Stored("merchant", shop.Id.Value)["key"]!["keyId"]! == world.KeyEncryptionKey.CurrentKeyId),
            "its key is wrapped anew");

        var session = await shop.NewSessionAsync(1_000);
        shop.Pay(10 * TestMerchant.Unit, session.Id.Value);
        await shop.UntilPaidAsync(session.Id);
    }
}
