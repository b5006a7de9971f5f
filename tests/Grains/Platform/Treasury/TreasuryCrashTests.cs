using Orleans.Core.Internal;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Platform.Treasury;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar.Xdr;
using static StellarPay.Grains.Tests.Platform.Treasury.TreasuryWorld;

namespace StellarPay.Grains.Tests.Platform.Treasury;

/// <summary>Between any two lines of a top-up something dies, is slow, or comes twice; it is paid once.</summary>
public sealed class TreasuryCrashTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_top_up_that_waits_for_the_network_holds_no_other_call_of_the_treasury()
    {
        await using var world = await StartAsync();
        var address = await UnfundedAsync(world);
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Network.BeforeAccount = _ =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        var first = Grain(world).TopUpAsync(Fees, Cancelled);
        await asked.Task.WaitAsync(Cancelled);

        var second = Grain(world).TopUpAsync(Fees, Cancelled);
        (await Grain(world).TopUpAsync("plt_other", Cancelled)).Error!.Code.ShouldBe("top_up_refused");
        await Grain(world).WakeAsync();
        (await Grain(world).RewrapAsync()).ShouldBe(0);
        answer.SetResult();

        var answers = await Task.WhenAll(first, second);
        answers.ShouldContain(each => each.IsSuccess);
        answers.Select(each => each.Error?.Code ?? "under way").Distinct().ShouldBeSubsetOf(["under way", "top_up_too_soon"]);
        await UntilHasAsync(world, address, TopUp);
        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_keeper_of_keys_that_is_slow_holds_no_other_call_of_the_treasury()
    {
        await using var world = await StartAsync();
        await UnfundedAsync(world);
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.KeyEncryptionKey.Rotate();
        world.KeyEncryptionKey.BeforeAnswer = () =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        var rewrapped = Grain(world).RewrapAsync();
        await asked.Task.WaitAsync(Cancelled);

        await Grain(world).WakeAsync();
        (await Grain(world).TopUpAsync("plt_other", Cancelled)).Error!.Code.ShouldBe("top_up_refused");
        answer.SetResult();

        (await rewrapped).ShouldBe(1);
        (await Grain(world).RewrapAsync()).ShouldBe(0);
        (await Grain(world).TopUpAsync(Fees, Cancelled)).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task Wake_ups_that_come_twice_or_for_nothing_send_nothing_twice()
    {
        await using var world = await StartAsync();
        var address = await UnfundedAsync(world);
        await Grain(world).WakeAsync();
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        (await Grain(world).TopUpAsync(Fees, Cancelled)).IsSuccess.ShouldBeTrue();
        await TestWorld.UntilAsync(() => world.Network.Submitted.Count > 0, "it is submitted");

        world.Business.Advance(TimeSpan.FromSeconds(11));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Grain(world).WakeAsync()));
        world.Network.HoldPending(false);
        world.Network.CloseLedger();

        await UntilIdleAsync(world);
        await Grain(world).WakeAsync();
        Has(world, address).ShouldBe(TopUp);
        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_activation_that_finds_a_top_up_under_way_goes_on_with_it_by_itself()
    {
        await using var world = await StartAsync();
        var address = await UnfundedAsync(world);
        world.Faults.Arm(FaultPoint.TreasurySigned, _ => throw new IOException("killed"));
        await Should.ThrowAsync<IOException>(() => Grain(world).TopUpAsync(Fees, Cancelled));

        await Grain(world).AsReference<IGrainManagementExtension>().DeactivateOnIdle(Cancelled);
        await TestWorld.UntilAsync(async () => (await Grain(world).RewrapAsync()) == 0 && Has(world, address) == TopUp, "it is paid");

        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_crash_after_the_networks_answer_pays_once()
    {
        await using var world = await StartAsync();
        var address = await UnfundedAsync(world);
        var before = TreasuryHas(world);
        world.Faults.Arm(FaultPoint.TreasuryAnswered, _ => throw new IOException("killed"));

        (await Grain(world).TopUpAsync(Fees, Cancelled)).IsSuccess.ShouldBeTrue();
        await UntilHasAsync(world, address, TopUp);
        (await Grain(world).TopUpAsync(Fees, Cancelled)).IsSuccess.ShouldBeTrue();
        await world.UntilAfterSweepsAsync(
            () => Task.FromResult(world.Storage.Stored(GrainState.Treasury, ITreasuryGrain.Key)["submission"] is null), "it has ended");

        TreasuryHas(world).ShouldBe(before - TopUp);
        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task An_end_that_could_not_be_stored_is_found_again(Failing how)
    {
        await using var world = await StartAsync();
        var address = await UnfundedAsync(world);
        world.Storage.FailNextWrite(
            GrainState.Treasury, how, state => state.Contains("recent", StringComparison.Ordinal)
                && !state.Contains("envelope", StringComparison.Ordinal));

        (await Grain(world).TopUpAsync(Fees, Cancelled)).IsSuccess.ShouldBeTrue();
        await UntilHasAsync(world, address, TopUp);
        await world.UntilAfterSweepsAsync(
            () => Task.FromResult(world.Storage.Stored(GrainState.Treasury, ITreasuryGrain.Key)["submission"] is null), "it has ended");

        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
        Put(world, address, 0);
        world.Business.Advance(TimeSpan.FromMinutes(10));
        (await Grain(world).TopUpAsync(Fees, Cancelled)).IsSuccess.ShouldBeTrue();
        await UntilHasAsync(world, address, TopUp);
    }

    [Fact]
    public async Task A_sequence_number_that_an_operator_used_by_hand_spoils_no_top_up()
    {
        await using var world = await StartAsync();
        var address = await UnfundedAsync(world);
        (await Grain(world).TopUpAsync(Fees, Cancelled)).IsSuccess.ShouldBeTrue();
        await UntilHasAsync(world, address, TopUp);
        await UntilIdleAsync(world);
        var sequence = world.Network.Look(l => l.Accounts[TreasuryAddress(world)].Sequence += 3);
        Put(world, address, 0);
        world.Business.Advance(TimeSpan.FromMinutes(10));

        (await Grain(world).TopUpAsync(Fees, Cancelled)).IsSuccess.ShouldBeTrue();
        await UntilHasAsync(world, address, TopUp);

        var sent = (TransactionV1Envelope)TransactionEnvelope.FromXdrBase64(world.Network.Submitted[^1]);
        (sent.Transaction.Sequence, sent.Transaction.Fee).ShouldBe((sequence + 1, 1_000u));
    }
}
