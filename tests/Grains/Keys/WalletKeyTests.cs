using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Keys;

/// <summary>A wallet's key is replaced as its account's signer; the address stays.</summary>
public sealed class WalletKeyTests(SharedWorld shared) : IClassFixture<SharedWorld>
{
    [Fact]
    public async Task The_new_key_signs_the_address_stays_and_the_old_seed_is_gone()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        var address = await user.AddressAsync();
        var before = CiphertextOf(world, user, "key");

        var asked = (await RotateAsync(user)).Value!;
        var key = await UntilRotatedAsync(world, user, version: 2);

        (asked.Version, asked.Signer, asked.Pending).ShouldBe((1, address, true));
        (await user.AddressAsync()).ShouldBe(address);
        key.Signer.ShouldNotBe(address);
        world.Network.Look(l => l.Accounts[address].Signers).ShouldBe([key.Signer]);
        world.Storage.AllText.ShouldNotContain(before);
        await PayAndSettleAsync(world, user);
        world.EventsOf("wallet.key_rotated").Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_can_be_replaced_again_and_then_only_the_newest_signs()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        await RotateAsync(user);
        await UntilRotatedAsync(world, user, version: 2);

        await RotateAsync(user);
        var key = await UntilRotatedAsync(world, user, version: 3);

        var address = await user.AddressAsync();
        world.Network.Look(l => l.Accounts[address].Signers).ShouldBe([key.Signer]);
        await PayAndSettleAsync(world, user);
    }

    [Fact]
    public async Task Payments_that_are_confirmed_meanwhile_wait_and_are_signed_by_the_new_key()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        var quote = await user.QuotedAsync(world.Network.NewOutsider(), "1");
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        await RotateAsync(user);

        var queued = await user.ConfirmedAsync(quote.Id);

        queued.Status.ShouldBe(PaymentStatus.Queued);
        world.Network.HoldPending(false);
        await user.UntilAsync(quote.Id, PaymentStatus.Succeeded);
        (await KeyAsync(user)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_payment_that_is_under_way_is_decided_first()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        var payment = await user.PayAsync(world.Network.NewOutsider(), "1");

        await RotateAsync(user);
        world.Network.HoldPending(false);

        await UntilRotatedAsync(world, user, version: 2);
        (await user.PaymentAsync(payment.Id)).Status.ShouldBe(PaymentStatus.Succeeded);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite, "\"nextKey\"")]
    [InlineData(Failing.AfterTheWriteTookEffect, "\"nextKey\"")]
    [InlineData(Failing.BeforeTheWrite, "\"key_2\"")]
    [InlineData(Failing.AfterTheWriteTookEffect, "\"key_2\"")]
    [InlineData(Failing.BeforeTheWrite, "\"version\":2")]
    [InlineData(Failing.AfterTheWriteTookEffect, "\"version\":2")]
    public async Task A_write_that_fails_anywhere_on_the_way_loses_no_key(Failing how, string when)
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        world.Storage.FailNextWrite(GrainState.Wallet, how, json => json.Contains(when, StringComparison.Ordinal));
        await RotateWhateverHappensAsync(user);

        await UntilRotatedAsync(world, user, version: 2, again: true);

        await PayAndSettleAsync(world, user);
    }

    [Theory]
    [InlineData(FaultPoint.KeyStored)]
    [InlineData(FaultPoint.KeySigned)]
    public async Task A_crash_at_a_point_of_the_way_is_resumed(string point)
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        world.Faults.Arm(point, _ => throw new IOException("crash"));
        await RotateWhateverHappensAsync(user);

        await UntilRotatedAsync(world, user, version: 2);

        await PayAndSettleAsync(world, user);
    }

    [Theory]
    [InlineData(Answer.TimeOutAfterApplying)]
    [InlineData(Answer.PendingThenApplied)]
    [InlineData(Answer.BadSequence)]
    public async Task However_the_network_answers_the_ledgers_signer_is_the_stored_one(Answer answer)
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        world.Network.Next(answer);

        await RotateAsync(user);

        var key = await UntilRotatedAsync(world, user, version: 2);
        var address = await user.AddressAsync();
        world.Network.Look(l => l.Accounts[address].Signers).ShouldBe([key.Signer]);
    }

    [Fact]
    public async Task A_replacement_that_is_refused_three_times_is_given_up_and_the_present_key_goes_on()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");
        world.Network.Next(Answer.RefuseForGood, Answer.RefuseForGood, Answer.RefuseForGood);

        await RotateAsync(user);

        await TestWorld.UntilAsync(async () => !(await KeyAsync(user)).Pending, "it is given up");
        (await KeyAsync(user)).Version.ShouldBe(1);
        world.EventsOf("wallet.key_rotation_failed").Length.ShouldBe(1);
        await PayAndSettleAsync(world, user);
    }

    [Fact]
    public async Task Nobody_but_the_owner_has_a_key_replaced_or_sees_it()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync();
        var stranger = user with { Id = UserId.New(TimeProvider.System) };
        var grain = world.Grains.GetGrain<IWalletKeysGrain>(user.Key);

        (await grain.RotateKeyAsync(stranger.Id, TestContext.Current.CancellationToken)).Error!.Code.ShouldBe("wallet_not_found");
        (await grain.GetKeyAsync(stranger.Id)).Error!.Code.ShouldBe("wallet_not_found");
        (await KeyAsync(user)).ShouldBe(new WalletKeyView(1, await user.AddressAsync(), Pending: false));
    }

    [Fact]
    public async Task Both_seeds_are_wrapped_anew_by_a_rotation_of_the_key_that_wraps_them()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        await RotateAsync(user);
        // By then all who take part have their keys.
        await TestWorld.UntilAsync(
            () => world.Storage.StoredSubmission(user.Key) is not null, "the replacement is signed");
        world.KeyEncryptionKey.Rotate();

        (await world.Grains.GetGrain<IWalletGrain>(user.Key).RewrapAsync()).ShouldBe(2);

        world.KeyEncryptionKey.Destroy("kek-1");
        (await world.Port<IKeyInventory>().CountAsync(TestContext.Current.CancellationToken)).GetValueOrDefault("kek-2").ShouldBe(2);
    }

    private static IWalletKeysGrain Keys(TestUser user) => user.World.Grains.GetGrain<IWalletKeysGrain>(user.Key);

    private static Task<Result<WalletKeyView>> RotateAsync(TestUser user) => Keys(user).RotateKeyAsync(user.Id);

    private static async Task<WalletKeyView> KeyAsync(TestUser user) => (await Keys(user).GetKeyAsync(user.Id)).Value!;

    private static async Task RotateWhateverHappensAsync(TestUser user)
    {
        try
        {
            await RotateAsync(user);
        }
        catch (Exception exception)
        {
            exception.ShouldNotBeNull();
        }
    }

    private static async Task<WalletKeyView> UntilRotatedAsync(TestWorld world, TestUser user, int version, bool again = false)
    {
        await TestWorld.UntilAsync(async () =>
        {
            world.Business.Advance(TimeSpan.FromSeconds(5));
            await world.SweepAsync();
            var key = await KeyAsync(user);
            if (again && key is { Pending: false } && key.Version < version)
            {
                // It was never stored that it was asked for; whoever asked asks again.
                await RotateWhateverHappensAsync(user);
            }

            return key.Version == version && !key.Pending;
        }, $"key {version} signs");
        return await KeyAsync(user);
    }

    private static async Task PayAndSettleAsync(TestWorld world, TestUser user)
    {
        var payment = await user.PayAsync(world.Network.NewOutsider(), "1");
        await user.UntilAsync(payment.Id, PaymentStatus.Succeeded);
    }

    private static string CiphertextOf(TestWorld world, TestUser user, string key) =>
        (string)world.Storage.Stored(GrainState.Wallet, user.Key)[key]!["ciphertext"]!;
}
