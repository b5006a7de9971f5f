using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Platform.Suspense;

public sealed class SuspenseTests
{
    private const long Deposit = 50_000_000;
    private static readonly UserId Operator = UserId.New(TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_stranger_pays_to_an_account_of_the_platform_is_suspended_once_and_what_friendbot_pays_is_not()
    {
        await using var world = await TestWorld.StartAsync();
        var (account, sender) = await DepositAsync(world);

        var deposit = world.Suspense.All.ShouldHaveSingleItem();
        (deposit.Account, deposit.AccountKey, deposit.Sender, deposit.Stroops, deposit.Asset, deposit.Status).ShouldBe(
            (account, "plt_fees_00", sender, Deposit, "native", SuspenseStatus.Open));
    }

    [Fact]
    public async Task A_deposit_whose_writes_failed_is_suspended_when_the_sweep_comes_by()
    {
        await using var world = await TestWorld.StartAsync();
        (await Grain(world).EnsureAsync(Cancelled)).IsSuccess.ShouldBeTrue();
        for (var i = 0; i < 5; i++)
        {
            world.Storage.FailNextWrite(GrainState.Suspense, Failing.BeforeTheWrite);
        }

        await PayInAsync(world);

        await world.UntilAfterSweepsAsync(() => Task.FromResult(world.Suspense.All.Length == 1), "the deposit is suspended");
        world.Log.Lines.ShouldContain(line => line.Contains(" 1327 ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_deposit_whose_write_failed_is_suspended_once_without_waiting_for_the_sweep(Failing how)
    {
        await using var world = await TestWorld.StartAsync();
        (await Grain(world).EnsureAsync(Cancelled)).IsSuccess.ShouldBeTrue();
        world.Storage.FailNextWrite(GrainState.Suspense, how, json => json.Contains("\"suspended\"", StringComparison.Ordinal));

        await DepositAsync(world);

        world.Storage.Find(GrainState.Suspense, ISuspenseGrain.Key)!["drained"].ShouldNotBeNull();
        ((MemoryStorage)world.Storage).Waiting.ShouldBe(0);
        world.Log.Lines.ShouldNotContain(line => line.Contains(" 1327 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_suspense_account_knows_of_the_platforms_accounts_it_reads_beside_its_turns()
    {
        await using var world = await TestWorld.StartAsync();
        (await Grain(world).EnsureAsync(Cancelled)).IsSuccess.ShouldBeTrue();
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await PayInAsync(world, then: () => ((MemoryStorage)world.Storage).BeforeAccounts = () =>
        {
            asked.TrySetResult();
            return answer.Task;
        });
        await asked.Task.WaitAsync(Cancelled);

        // A list that does not come holds no other call.
        (await Grain(world).KeepAsync("sus_1", Operator, Cancelled)).Error!.Code.ShouldBe("suspense_not_found");
        answer.SetResult();

        await TestWorld.UntilAsync(() => world.Suspense.All.Length == 1, "the deposit is suspended");
    }

    [Fact]
    public async Task A_release_that_waits_for_the_network_holds_no_other_call_of_the_suspense_account()
    {
        await using var world = await TestWorld.StartAsync();
        await DepositAsync(world);
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Network.BeforeAccount = _ =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        var returned = Grain(world).ReturnAsync(world.Suspense.All[0].Id, Operator, Cancelled);
        await asked.Task.WaitAsync(Cancelled);

        (await Grain(world).KeepAsync("sus_1", Operator, Cancelled)).Error!.Code.ShouldBe("suspense_not_found");
        answer.SetResult();

        (await returned).IsSuccess.ShouldBeTrue();
        await UntilAsync(world, SuspenseStatus.Returned);
    }

    [Fact]
    public async Task An_assigned_deposit_reaches_the_users_wallet_once_however_often_it_is_asked()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync();
        var address = await user.AddressAsync();
        await DepositAsync(world);
        var id = world.Suspense.All[0].Id;

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => Grain(world).AssignAsync(id, Operator, user.Id, address, Cancelled)));
        await UntilAsync(world, SuspenseStatus.Assigned);
        var again = await Grain(world).AssignAsync(id, Operator, user.Id, address, Cancelled);

        answers.Append(again).ShouldAllBe(answer => answer.IsSuccess);
        await TestWorld.UntilAsync(async () => await XlmAsync(user) == Deposit, "the user has it");
        world.Network.Look(ledger => ledger.Accounts[address].Native).ShouldBe(Deposit);
        (await Grain(world).AssignAsync(id, Operator, UserId.New(TimeProvider.System), address, Cancelled)).Error!.Code
            .ShouldBe("suspense_decided");
        (await Grain(world).ReturnAsync(id, Operator, Cancelled)).Error!.Code.ShouldBe("suspense_decided");
        (await Grain(world).KeepAsync(id, Operator, Cancelled)).Error!.Code.ShouldBe("suspense_decided");
    }

    [Theory]
    [InlineData("plt_fees_00")]
    [InlineData("plt_sponsor_00")]
    [InlineData("plt_notary")]
    public async Task A_returned_deposit_goes_back_to_its_sender_from_the_account_that_had_it(string holder)
    {
        await using var world = await TestWorld.StartAsync();
        var (account, sender) = await DepositAsync(world, holder: holder);
        var (had, before) = world.Network.Look(l => (l.Accounts[account].Native, l.Accounts[sender].Native));

        (await Grain(world).ReturnAsync(world.Suspense.All[0].Id, Operator, Cancelled)).IsSuccess.ShouldBeTrue();
        await UntilAsync(world, SuspenseStatus.Returned);

        world.Network.Look(l => l.Accounts[sender].Native).ShouldBe(before + Deposit);
        world.Network.Look(l => l.Accounts[account].Native).ShouldBe(had - Deposit);
        var decision = world.Suspense.All[0].Decision.ShouldNotBeNull();
        (decision.Operator, decision.Failure).ShouldBe((Operator.Value, null));
        world.Storage.Stored(GrainState.Suspense, ISuspenseGrain.Key)["submission"].ShouldBeNull();
        decision.CompletedLedger.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_return_goes_to_the_muxed_address_that_it_came_from_and_names_the_deposit_in_its_memo()
    {
        await using var world = await TestWorld.StartAsync();
        var (_, sender) = await DepositAsync(world, muxedId: 7);

        (await Grain(world).ReturnAsync(world.Suspense.All[0].Id, Operator, Cancelled)).IsSuccess.ShouldBeTrue();
        await UntilAsync(world, SuspenseStatus.Returned);

        var transaction = ((TransactionV1Envelope)TransactionEnvelope.FromXdrBase64(world.Network.Submitted[^1])).Transaction;
        ((PaymentOperation)transaction.Operations[0].Body).Destination.ShouldBe(
            new MuxedAccount(Stellar.AccountId.Parse(sender), 7));
        transaction.Memo.ShouldBe(new MemoReturn(Hash.FromHex(world.Suspense.All[0].TransactionHash)));
    }

    [Fact]
    public async Task A_crash_between_the_decision_and_the_submission_is_resumed_by_a_wake_up_with_the_same_envelope()
    {
        await using var world = await TestWorld.StartAsync();
        var (_, sender) = await DepositAsync(world);
        var before = world.Network.Look(l => l.Accounts[sender].Native);
        world.Faults.Arm(FaultPoint.SuspenseSigned, _ => throw new IOException("killed"));
        await Should.ThrowAsync<IOException>(() => Grain(world).ReturnAsync(world.Suspense.All[0].Id, Operator, Cancelled));
        world.Suspense.All[0].Status.ShouldBe(SuspenseStatus.Sending);
        var envelope = (string?)world.Storage.Stored(GrainState.Suspense, ISuspenseGrain.Key)["submission"]!["envelope"];

        world.Business.Advance(TimeSpan.FromSeconds(11));
        await world.SweepAsync();
        await UntilAsync(world, SuspenseStatus.Returned);

        world.Network.Submitted[^1].ShouldBe(envelope);
        world.Network.Look(l => l.Accounts[sender].Native).ShouldBe(before + Deposit);
    }

    [Fact]
    public async Task A_timeout_after_which_the_network_has_it_returns_it_once()
    {
        await using var world = await TestWorld.StartAsync();
        var (_, sender) = await DepositAsync(world);
        var before = world.Network.Look(l => l.Accounts[sender].Native);
        world.Network.Next(Answer.TimeOutAfterApplying);

        (await Grain(world).ReturnAsync(world.Suspense.All[0].Id, Operator, Cancelled)).IsSuccess.ShouldBeTrue();
        await UntilAsync(world, SuspenseStatus.Returned);

        world.Network.Look(l => l.Accounts[sender].Native).ShouldBe(before + Deposit);
    }

    [Fact]
    public async Task A_release_that_the_network_refuses_for_good_leaves_the_deposit_open_and_says_why()
    {
        await using var world = await TestWorld.StartAsync();
        await DepositAsync(world);
        world.Network.Next(Answer.RefuseForGood);

        (await Grain(world).ReturnAsync(world.Suspense.All[0].Id, Operator, Cancelled)).IsSuccess.ShouldBeTrue();
        await TestWorld.UntilAsync(
            () => world.Suspense.All[0] is { Status: SuspenseStatus.Open, Decision.Failure: "tx_bad_auth" }, "it is open again");

        (await Grain(world).ReturnAsync(world.Suspense.All[0].Id, Operator, Cancelled)).IsSuccess.ShouldBeTrue();
        await UntilAsync(world, SuspenseStatus.Returned);
    }

    [Fact]
    public async Task A_deposit_is_kept_as_the_platforms_own_and_nothing_is_sent()
    {
        await using var world = await TestWorld.StartAsync();
        await DepositAsync(world);
        var id = world.Suspense.All[0].Id;
        var submitted = world.Network.Submitted.Count;

        (await Grain(world).KeepAsync(id, Operator, Cancelled)).Value.ShouldBe(id);
        (await Grain(world).KeepAsync(id, Operator, Cancelled)).Value.ShouldBe(id);

        world.Suspense.All[0].Status.ShouldBe(SuspenseStatus.Kept);
        (await Grain(world).ReturnAsync(id, Operator, Cancelled)).Error!.Code.ShouldBe("suspense_decided");
        (await Grain(world).ReturnAsync("sus_1", Operator, Cancelled)).Error!.Code.ShouldBe("suspense_not_found");
        (await Grain(world).KeepAsync("sus_1", Operator, Cancelled)).Error!.Code.ShouldBe("suspense_not_found");
        world.Network.Submitted.Count.ShouldBe(submitted);
    }

    [Fact]
    public async Task While_payments_are_halted_no_deposit_is_handed_on()
    {
        await using var world = await TestWorld.StartAsync();
        await DepositAsync(world);
        await world.Halts.HaltAsync(new NetworkHalt("network_reset", "It began again.", DateTimeOffset.UnixEpoch), Cancelled);

        await TestWorld.UntilAsync(
            async () => (await Grain(world).ReturnAsync("sus_1", Operator, Cancelled)).Error?.Code == "network_halted", "the gate is closed");

        (await Grain(world).ReturnAsync(world.Suspense.All[0].Id, Operator, Cancelled)).Error!.Code.ShouldBe("network_halted");
        world.Suspense.All[0].Status.ShouldBe(SuspenseStatus.Open);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_account_of_the_platform_signs_for_no_stranger_however_it_is_asked(bool toSender)
    {
        await using var world = await TestWorld.StartAsync();
        var (account, sender) = await DepositAsync(world);
        var holder = world.Grains.GetGrain<IFeeAccountGrain>("plt_fees_00");
        var order = new DepositRelease(
            world.Suspense.All[0].Id, FakeNetwork.NewAddress(), 5, FakeNetwork.NewAddress(), toSender,
            DateTimeOffset.UnixEpoch.AddYears(60));

        (await holder.SignReleaseAsync(order, Cancelled)).Error!.Code.ShouldBe("release_refused");
        (await holder.SignReleaseAsync(order with { DepositId = "sus_1" }, Cancelled)).Error!.Code.ShouldBe("release_refused");
        (await holder.SignReleaseAsync(order with { Destination = sender, ToSender = true, Source = account }, Cancelled))
            .Error!.Code.ShouldBe("release_refused");
        (await world.Grains.GetGrain<IFeeAccountGrain>("plt_fees_01")
            .SignReleaseAsync(order with { Destination = sender, ToSender = true }, Cancelled)).Error!.Code.ShouldBe("release_refused");
    }

    internal static ISuspenseGrain Grain(TestWorld world) => world.Grains.GetGrain<ISuspenseGrain>(ISuspenseGrain.Key);

    // A platform account gets a deposit from a stranger, and the account that hands it on is there.
    internal static async Task<(string Account, string Sender)> DepositAsync(
        TestWorld world, ulong? muxedId = null, string holder = "plt_fees_00")
    {
        var (account, sender) = await PayInAsync(world, muxedId, holder);
        await TestWorld.UntilAsync(() => world.Suspense.All.Length == 1, "the deposit is suspended");
        return (account, sender);
    }

    internal static async Task<(string Account, string Sender)> PayInAsync(
        TestWorld world, ulong? muxedId = null, string holder = "plt_fees_00", Action? then = null)
    {
        (await Grain(world).EnsureAsync(Cancelled)).IsSuccess.ShouldBeTrue();
        var first = (await world.Grains.GetGrain<IFeeAccountGrain>("plt_fees_00").EnsureAsync(Cancelled)).Value!;
        var account = holder == "plt_fees_00"
            ? first
            : (await world.Port<PlatformAccountKinds>().Find(world.Grains, holder)!.EnsureAsync(Cancelled)).Value!;
        await world.Grains.GetGrain<IFeeAccountGrain>("plt_fees_01").EnsureAsync(Cancelled);
        var sender = world.Network.NewOutsider(outsider => outsider.Native = 1_000_000_000);
        then?.Invoke();
        world.Network.Look(ledger => ledger.Accounts[account].Native += Deposit);
        world.Network.Add(ledger => new LedgerOperation(
            (ledger << 32) | 4097, Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)), null, true,
            "payment", sender, account, new Amount(Money.Asset.Native, Deposit), "order 7", ledger, DateTimeOffset.UnixEpoch,
            FromMuxed: muxedId is { } id ? new MuxedAccount(Stellar.AccountId.Parse(sender), id).ToString() : null, MemoType: "text"));
        return (account, sender);
    }

    internal static Task UntilAsync(TestWorld world, SuspenseStatus status) =>
        TestWorld.UntilAsync(() => world.Suspense.All[0].Status == status, $"the deposit is {status}");

    private static async Task<long> XlmAsync(TestUser user) =>
        (await user.ViewAsync()).Balances.Single(balance => balance.Asset.IsNative).Balance;
}
