using StellarPay.Grains.Keys;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Keys;

public sealed class KeyRotationTests
{
    [Fact]
    public async Task A_rotation_wraps_every_data_key_anew_while_payments_go_on()
    {
        await using var world = await TestWorld.StartAsync();
        var users = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.NewUserAsync("10")));
        await world.Grains.GetGrain<ISuspenseGrain>(ISuspenseGrain.Key).EnsureAsync(TestContext.Current.CancellationToken);
        var before = await PayAsync(world, users[0]);
        world.KeyEncryptionKey.Rotate();

        var begun = await Rotation(world).StartAsync();
        var during = await PayAsync(world, users[1]);
        var report = await UntilFinishedAsync(world);

        begun.Rotation!.Running.ShouldBeTrue();
        (report.CurrentKeyId, report.PercentDone).ShouldBe(("kek-2", 100));
        report.Keys.Single(k => k.KeyId == "kek-1").Seeds.ShouldBe(0);
        report.Rotation!.Rewrapped.ShouldBeGreaterThanOrEqualTo(20);
        world.KeyEncryptionKey.Destroy("kek-1");
        var after = await PayAsync(world, users[2]);
        foreach (var (user, payment) in new[] { (users[0], before), (users[1], during), (users[2], after) })
        {
            await user.UntilAsync(payment, PaymentStatus.Succeeded);
        }
    }

    [Fact]
    public async Task Only_when_nothing_has_been_wrapped_by_a_key_for_ten_minutes_it_may_be_retired()
    {
        await using var world = await TestWorld.StartAsync();
        await world.NewUserAsync();
        (await Rotation(world).GetAsync()).Keys.ShouldAllBe(k => !k.Retirable);
        world.KeyEncryptionKey.Rotate();
        (await Rotation(world).GetAsync()).PercentDone.ShouldBe(0);

        await Rotation(world).StartAsync();
        var finished = await UntilFinishedAsync(world);
        finished.Keys.ShouldAllBe(k => !k.Retirable);
        world.Business.Advance(TimeSpan.FromMinutes(10));

        (await Rotation(world).GetAsync()).Keys.Select(k => (k.KeyId, k.Retirable)).ShouldBe([("kek-1", true), ("kek-2", false)]);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_rotation_whose_write_fails_goes_on_where_it_was(Failing how)
    {
        await using var world = await TestWorld.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => world.NewUserAsync()));
        world.KeyEncryptionKey.Rotate();
        await Rotation(world).StartAsync();
        world.Storage.FailNextWrite(GrainState.KeyRotation, how);
        world.Storage.FailNextWrite(GrainState.Wallet, how);

        var report = await UntilFinishedAsync(world);

        (report.PercentDone, report.Rotation!.LastError).ShouldBe((100, null));
    }

    [Fact]
    public async Task A_keeper_that_is_away_in_the_middle_is_reported_and_waited_for()
    {
        await using var world = await TestWorld.StartAsync();
        await world.NewUserAsync();
        world.KeyEncryptionKey.Rotate();
        await Rotation(world).StartAsync();
        world.KeyEncryptionKey.Down = true;
        await world.SweepAsync();

        var stuck = await Rotation(world).GetAsync();
        stuck.Rotation!.Running.ShouldBeTrue();
        stuck.Rotation.LastError!.ShouldEndWith("KeyEncryptionUnavailableException");
        world.KeyEncryptionKey.Down = false;

        (await UntilFinishedAsync(world)).PercentDone.ShouldBe(100);
    }

    [Fact]
    public async Task Every_unwrapping_for_a_rotation_is_in_the_audit_log_and_every_copy_is_wiped()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync();
        world.KeyEncryptionKey.Rotate();
        await Rotation(world).StartAsync();

        await UntilFinishedAsync(world);

        world.Audit.Entries.ShouldContain(entry => entry.Action == "key.unwrap" && entry.Subject == user.Key
            && entry.Detail!.Value.GetProperty("purpose").GetString() == "key.rewrap kek-2");
        world.KeyEncryptionKey.HandedOut.ShouldAllBe(key => key.All(b => b == 0));
    }

    [Fact]
    public async Task Without_anything_to_do_a_rotation_is_finished_at_once()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        (await Rotation(world).GetAsync()).Rotation.ShouldBeNull();

        await Rotation(world).StartAsync();

        var report = await UntilFinishedAsync(world);
        (report.PercentDone, report.Rotation!.Rewrapped).ShouldBe((100, 0));
    }

    private static IKeyRotationGrain Rotation(TestWorld world) =>
        world.Grains.GetGrain<IKeyRotationGrain>(IKeyRotationGrain.Key);

    private static async Task<Identifiers.PaymentId> PayAsync(TestWorld world, TestUser user) =>
        (await user.PayAsync(world.Network.NewOutsider(), "1")).Id;

    private static async Task<KeyReport> UntilFinishedAsync(TestWorld world)
    {
        await TestWorld.UntilAsync(async () =>
        {
            world.Business.Advance(TimeSpan.FromSeconds(20));
            await world.SweepAsync();
            return (await Rotation(world).GetAsync()).Rotation is { Running: false };
        }, "the rotation is finished");
        return await Rotation(world).GetAsync();
    }
}
