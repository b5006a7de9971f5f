using StellarPay.Grains.Faults;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Platform.Treasury;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using static StellarPay.Grains.Tests.Platform.Treasury.TreasuryWorld;

namespace StellarPay.Grains.Tests.Platform.Treasury;

public sealed class TreasuryTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_that_the_ledger_has_not_is_created_with_the_treasurys_xlm_once_however_often_it_is_asked()
    {
        await using var world = await StartAsync();
        var address = await UnfundedAsync(world);
        var before = TreasuryHas(world);

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Grain(world).TopUpAsync(Fees, Cancelled)));
        await UntilHasAsync(world, address, TopUp);

        answers.Select(answer => answer.Error?.Code ?? "under way").Distinct()
            .ShouldBeSubsetOf(["under way", "top_up_too_soon", "top_up_needless"]);
        answers.Where(answer => answer.IsSuccess).Select(answer => answer.Value).Distinct().ShouldHaveSingleItem();
        TreasuryHas(world).ShouldBe(before - TopUp);
        (await UpkeepAsync(world, Fees)).Value.ShouldBe(address);
    }

    [Fact]
    public async Task An_account_that_is_low_is_paid_and_not_again_within_ten_minutes_even_if_it_spends_all()
    {
        await using var world = await StartAsync();
        var address = await UnfundedAsync(world);
        Put(world, address, 99 * Xlm);

        (await UpkeepAsync(world, Fees)).Error!.Code.ShouldBe("platform_account_topping_up");
        await UntilHasAsync(world, address, (99 * Xlm) + TopUp);
        await UntilIdleAsync(world);
        (await Grain(world).TopUpAsync(Fees, Cancelled)).Error!.Code.ShouldBe("top_up_too_soon");

        Put(world, address, 0);
        world.Business.Advance(TimeSpan.FromMinutes(9.9));
        (await UpkeepAsync(world, Fees)).Error!.Code.ShouldBe("top_up_too_soon");
        world.Business.Advance(TimeSpan.FromMinutes(0.1));
        (await UpkeepAsync(world, Fees)).Error!.Code.ShouldBe("platform_account_topping_up");
        await UntilHasAsync(world, address, TopUp);
    }

    [Fact]
    public async Task An_account_with_xlm_enough_gets_nothing()
    {
        await using var world = await StartAsync();
        Put(world, await UnfundedAsync(world), 100 * Xlm);

        (await Grain(world).TopUpAsync(Fees, Cancelled)).Error!.Code.ShouldBe("top_up_needless");
        world.Network.Submitted.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_but_the_platforms_other_accounts_is_paid()
    {
        await using var world = await StartAsync();
        var stranger = world.Network.NewOutsider(outsider => outsider.Native = 0);

        foreach (var name in new[] { stranger, "wal_00", "plt_treasury", "fees_00", "plt_fees_01", "plt_fees_100", "plt_other", "" })
        {
            (await Grain(world).TopUpAsync(name, Cancelled)).Error!.Code.ShouldBe("top_up_refused", name);
        }

        world.Network.Submitted.ShouldBeEmpty();
    }

    [Fact]
    public async Task While_one_account_is_topped_up_another_waits_and_then_all_of_them_have_had_theirs()
    {
        await using var world = await StartAsync();
        var address = await UnfundedAsync(world);
        await UnfundedAsync(world, ISuspenseGrain.Key);
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);

        var first = await Grain(world).TopUpAsync(Fees, Cancelled);
        (await Grain(world).TopUpAsync(ISuspenseGrain.Key, Cancelled)).Error!.Code.ShouldBe("treasury_busy");
        (await Grain(world).TopUpAsync(Fees, Cancelled)).Value.ShouldBe(first.Value);
        await TestWorld.UntilAsync(() => world.Network.Submitted.Count > 0, "it is submitted");
        world.Network.HoldPending(false);
        world.Network.CloseLedger();
        await UntilHasAsync(world, address, TopUp);

        var options = new PlatformOptions { SponsorAccounts = 2, FeeAccounts = 2 };
        var accounts = world.Port<PlatformAccountKinds>().Keys(options).ToArray();
        accounts.ShouldBe(
            ["plt_sponsor_00", "plt_sponsor_01", "plt_fees_00", "plt_fees_01", "plt_suspense", "plt_treasury", "plt_notary"]);
        await TestWorld.UntilAsync(
            async () => (await Task.WhenAll(accounts.Select(key => UpkeepAsync(world, key)))).All(done => done.IsSuccess),
            "every account of the platform has XLM");
        world.Network.Look(l => l.Applied.Values.Count(applied => applied.Code is null)).ShouldBe(6);
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite, 0)]
    [InlineData(Failing.AfterTheWriteTookEffect, 1)]
    public async Task A_write_that_fails_is_followed_by_one_top_up_at_most(Failing how, int stored)
    {
        await using var world = await StartAsync();
        var address = await UnfundedAsync(world);
        world.Storage.FailNextWrite(GrainState.Treasury, how, state => state.Contains("envelope", StringComparison.Ordinal));

        await Should.ThrowAsync<OrleansException>(() => Grain(world).TopUpAsync(Fees, Cancelled));
        world.Network.Submitted.ShouldBeEmpty();
        (world.Storage.Stored(GrainState.Treasury, ITreasuryGrain.Key)["submission"] is null ? 0 : 1).ShouldBe(stored);

        await world.UntilAfterSweepsAsync(async () => (await UpkeepAsync(world, Fees)).IsSuccess, "the account has XLM");
        Has(world, address).ShouldBe(TopUp);
        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_crash_between_the_signing_and_the_submission_is_resumed_by_a_wake_up_with_the_same_envelope()
    {
        await using var world = await StartAsync();
        var address = await UnfundedAsync(world);
        world.Faults.Arm(FaultPoint.TreasurySigned, _ => throw new IOException("killed"));
        await Should.ThrowAsync<IOException>(() => Grain(world).TopUpAsync(Fees, Cancelled));
        var envelope = (string?)world.Storage.Stored(GrainState.Treasury, ITreasuryGrain.Key)["submission"]!["envelope"];
        (await Grain(world).TopUpAsync(Fees, Cancelled)).IsSuccess.ShouldBeTrue();
        world.Network.Submitted.ShouldBeEmpty();

        world.Business.Advance(TimeSpan.FromSeconds(11));
        await world.SweepAsync();
        await UntilHasAsync(world, address, TopUp);

        world.Network.Submitted.ShouldBe([envelope!]);
        await UntilIdleAsync(world);
    }

    [Theory]
    [InlineData(Answer.TimeOutAfterApplying)]
    [InlineData(Answer.TimeOutWithoutApplying)]
    public async Task A_timeout_pays_once_by_the_same_envelope(Answer answer)
    {
        await using var world = await StartAsync();
        var address = await UnfundedAsync(world);
        var before = TreasuryHas(world);
        world.Network.Next(answer);

        (await Grain(world).TopUpAsync(Fees, Cancelled)).IsSuccess.ShouldBeTrue();
        await UntilHasAsync(world, address, TopUp);
        await UntilIdleAsync(world);

        TreasuryHas(world).ShouldBe(before - TopUp);
        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_top_up_that_the_network_refuses_for_good_ends_and_may_be_asked_for_again_later()
    {
        await using var world = await StartAsync();
        var address = await UnfundedAsync(world);
        world.Network.Next(Answer.RefuseForGood);

        (await Grain(world).TopUpAsync(Fees, Cancelled)).IsSuccess.ShouldBeTrue();
        await UntilIdleAsync(world);

        world.Network.Look(l => l.Accounts.ContainsKey(address)).ShouldBeFalse();
        (await Grain(world).TopUpAsync(Fees, Cancelled)).Error!.Code.ShouldBe("top_up_too_soon");
        world.Business.Advance(TimeSpan.FromMinutes(10));
        (await Grain(world).TopUpAsync(Fees, Cancelled)).IsSuccess.ShouldBeTrue();
        await UntilHasAsync(world, address, TopUp);
    }

    [Fact]
    public async Task A_treasury_with_too_little_says_where_to_send_xlm_and_a_network_that_is_away_is_said_to_be()
    {
        await using var world = await StartAsync();
        await UnfundedAsync(world);
        var treasury = TreasuryAddress(world);
        Put(world, treasury, TopUp);

        var poor = (await UpkeepAsync(world, Fees)).Error!;
        (poor.Code, poor.Message).ShouldBe((
            "platform_account_unfunded", $"The platform account plt_treasury has too little XLM. Send XLM to {treasury}."));
        world.Network.Down = true;
        (await Grain(world).TopUpAsync(Fees, Cancelled)).Error!.Code.ShouldBe("network_unavailable");
        world.Network.Submitted.ShouldBeEmpty();
    }

    [Fact]
    public async Task While_payments_are_halted_nothing_is_topped_up()
    {
        await using var world = await StartAsync();
        await UnfundedAsync(world);
        await world.Halts.HaltAsync(new NetworkHalt("network_reset", "It began again.", DateTimeOffset.UnixEpoch), Cancelled);

        await TestWorld.UntilAsync(
            async () => (await Grain(world).TopUpAsync("plt_other", Cancelled)).Error?.Code == "network_halted", "the gate is closed");

        (await Grain(world).TopUpAsync(Fees, Cancelled)).Error!.Code.ShouldBe("network_halted");
        world.Network.Submitted.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_treasurys_key_rests_encrypted_is_wrapped_anew_and_pays_afterwards()
    {
        await using var world = await StartAsync();
        var address = await UnfundedAsync(world);
        var before = world.Storage.Stored(GrainState.Treasury, ITreasuryGrain.Key)["key"]!;
        world.KeyEncryptionKey.Rotate();

        var rotation = world.Grains.GetGrain<IKeyRotationGrain>(IKeyRotationGrain.Key);
        await rotation.StartAsync();
        await world.UntilAfterSweepsAsync(async () => (await rotation.GetAsync()).Rotation is { Running: false }, "it has ended");
        world.KeyEncryptionKey.Destroy("kek-1");
        (await Grain(world).TopUpAsync(Fees, Cancelled)).IsSuccess.ShouldBeTrue();
        await UntilHasAsync(world, address, TopUp);

        var key = world.Storage.Stored(GrainState.Treasury, ITreasuryGrain.Key)["key"]!;
        ((string)key["publicKey"]!, (string)key["keyId"]!).ShouldBe(((string)before["publicKey"]!, "kek-2"));
        ((string)key["ciphertext"]!).ShouldBe((string)before["ciphertext"]!);
        var told = string.Join('\n', world.Log.Lines.Append(world.Storage.AllText));
        System.Text.RegularExpressions.Regex.IsMatch(told, "\\bS[A-Z2-7]{55}\\b").ShouldBeFalse();
    }

    [Fact]
    public async Task What_an_operator_sends_the_treasury_is_the_platforms_own_and_what_strangers_send_others_is_not()
    {
        await using var world = await StartAsync(follow: true);
        var fees = await UnfundedAsync(world);
        Put(world, fees, 100 * Xlm);
        var sender = world.Network.NewOutsider(outsider => outsider.Native = 10 * Xlm);

        Deposit(world, sender, TreasuryAddress(world), 4097);
        Deposit(world, sender, fees, 8193);

        await TestWorld.UntilAsync(() => world.Suspense.All.Length > 0, "the second is suspended");
        world.Suspense.All.ShouldHaveSingleItem().Account.ShouldBe(fees);
    }

    private static Task<Result<string>> UpkeepAsync(TestWorld world, string account) =>
        world.Port<PlatformUpkeep>().EnsureAsync(account, Cancelled);

    private static void Deposit(TestWorld world, string sender, string account, long place) =>
        world.Network.Add(ledger => new LedgerOperation(
            (ledger << 32) | place, Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)), null, true,
            "payment", sender, account, new Amount(Asset.Native, Xlm), null, ledger, DateTimeOffset.UnixEpoch));
}
