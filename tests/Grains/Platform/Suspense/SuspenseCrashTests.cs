using System.Text.Json.Nodes;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Platform.Suspense;

/// <summary>Between any two lines of handing a deposit on something dies, is slow, or comes twice; it is handed on once.</summary>
public sealed class SuspenseCrashTests
{
    private const long Deposit = 50_000_000;
    private static readonly UserId Operator = UserId.New(TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Failing.BeforeTheWrite, SuspenseStatus.Open)]
    [InlineData(Failing.AfterTheWriteTookEffect, SuspenseStatus.Sending)]
    public async Task A_write_of_the_signed_transaction_that_fails_moves_the_deposit_with_it_or_not_at_all(
        Failing how, SuspenseStatus stored)
    {
        await using var world = await TestWorld.StartAsync();
        var (_, sender) = await SuspenseTests.DepositAsync(world);
        var before = Has(world, sender);
        world.Storage.FailNextWrite(GrainState.Suspense, how, state => state.Contains("envelope", StringComparison.Ordinal));

        await Should.ThrowAsync<OrleansException>(() => ReturnAsync(world));

        world.Suspense.All[0].Status.ShouldBe(stored);
        (Submission(world) is not null).ShouldBe(stored == SuspenseStatus.Sending);
        await world.UntilAfterSweepsAsync(async () => (await ReturnAsync(world)).IsSuccess
            && world.Suspense.All[0].Status == SuspenseStatus.Returned, "it is returned");
        Has(world, sender).ShouldBe(before + Deposit);
        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task An_end_that_could_not_be_stored_is_found_again(Failing how)
    {
        await using var world = await TestWorld.StartAsync();
        var (_, sender) = await SuspenseTests.DepositAsync(world);
        var before = Has(world, sender);
        world.Storage.FailNextWrite(GrainState.Suspense, how, state => state.Contains("completedLedger", StringComparison.Ordinal));

        (await ReturnAsync(world)).IsSuccess.ShouldBeTrue();
        await world.UntilAfterSweepsAsync(
            () => Task.FromResult(world.Suspense.All[0].Status == SuspenseStatus.Returned && Submission(world) is null), "it is returned");

        Has(world, sender).ShouldBe(before + Deposit);
        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_crash_after_the_networks_answer_hands_it_on_once_and_the_inbox_tells_the_end()
    {
        await using var world = await TestWorld.StartAsync();
        var (_, sender) = await SuspenseTests.DepositAsync(world);
        var before = Has(world, sender);
        world.Network.LooksAreStale = true;
        world.Faults.Arm(FaultPoint.SuspenseAnswered, _ => throw new IOException("killed"));

        (await ReturnAsync(world)).IsSuccess.ShouldBeTrue();
        await SuspenseTests.UntilAsync(world, SuspenseStatus.Returned);

        Has(world, sender).ShouldBe(before + Deposit);
        Submission(world).ShouldBeNull();
        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_the_network_says_to_nobody_the_inbox_tells_of_a_failure_too()
    {
        await using var world = await TestWorld.StartAsync();
        var (account, _) = await SuspenseTests.DepositAsync(world);
        world.Network.LooksAreStale = true;
        world.Network.Look(l => l.Accounts[account].Native = 0);
        world.Network.Next(Answer.TimeOutAfterApplying);

        (await ReturnAsync(world)).IsSuccess.ShouldBeTrue();
        await TestWorld.UntilAsync(
            () => world.Suspense.All[0] is { Status: SuspenseStatus.Open, Decision.Failure: not null }, "it is open again");

        Submission(world).ShouldBeNull();
    }

    [Fact]
    public async Task Wake_ups_that_come_twice_or_for_nothing_send_nothing_twice()
    {
        await using var world = await TestWorld.StartAsync();
        var (_, sender) = await SuspenseTests.DepositAsync(world);
        var before = Has(world, sender);
        await SuspenseTests.Grain(world).WakeAsync();
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        (await ReturnAsync(world)).IsSuccess.ShouldBeTrue();
        await TestWorld.UntilAsync(() => world.Network.Submitted.Count > 0, "it is submitted");

        world.Business.Advance(TimeSpan.FromSeconds(11));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SuspenseTests.Grain(world).WakeAsync()));
        world.Network.HoldPending(false);
        world.Network.CloseLedger();
        await SuspenseTests.UntilAsync(world, SuspenseStatus.Returned);

        await SuspenseTests.Grain(world).WakeAsync();
        Has(world, sender).ShouldBe(before + Deposit);
        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_deposit_that_is_kept_while_the_account_that_has_it_signs_is_not_sent()
    {
        await using var world = await TestWorld.StartAsync();
        await SuspenseTests.DepositAsync(world);
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        var looks = 0;
        // The second look is that of the account which has the deposit.
        world.Suspense.AfterFind = () =>
        {
            if (++looks != 2)
            {
                return Task.CompletedTask;
            }

            asked.TrySetResult();
            return answer.Task;
        };
        var returned = ReturnAsync(world);
        await asked.Task.WaitAsync(Cancelled);

        (await SuspenseTests.Grain(world).KeepAsync(world.Suspense.All[0].Id, Operator, Cancelled)).IsSuccess.ShouldBeTrue();
        answer.SetResult();

        (await returned).Error!.Code.ShouldBe("suspense_decided");
        world.Suspense.All[0].Status.ShouldBe(SuspenseStatus.Kept);
        world.Network.Submitted.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_transaction_that_somebody_else_made_with_the_account_is_an_alarm_and_spoils_no_release()
    {
        await using var world = await TestWorld.StartAsync();
        var (_, sender) = await SuspenseTests.DepositAsync(world);
        var before = Has(world, sender);
        var own = (await SuspenseTests.Grain(world).EnsureAsync(Cancelled)).Value!;
        world.Network.Look(ledger =>
        {
            ledger.Close();
            var sequence = ++ledger.Accounts[own].Sequence;
            ledger.Outcomes.Add(new LedgerOutcome(
                (ledger.Sequence << 32) | 4096, new string('a', 64), null, true, own, sequence, [own], null, null, own, 100,
                ledger.Sequence, ledger.ClosedAt));
            return sequence;
        });
        world.Network.CloseLedger();
        await TestWorld.UntilAsync(
            () => world.Log.Lines.Any(line => line.Contains(" 1344 ", StringComparison.Ordinal)), "the alarm is in the log");

        (await ReturnAsync(world)).IsSuccess.ShouldBeTrue();
        await SuspenseTests.UntilAsync(world, SuspenseStatus.Returned);

        Has(world, sender).ShouldBe(before + Deposit);
        var sent = (TransactionV1Envelope)TransactionEnvelope.FromXdrBase64(world.Network.Submitted.ShouldHaveSingleItem());
        (sent.Transaction.Fee, sent.Signatures.Count).ShouldBe((1_000u, 2));
    }

    private static Task<Results.Result<string>> ReturnAsync(TestWorld world) =>
        SuspenseTests.Grain(world).ReturnAsync(world.Suspense.All[0].Id, Operator, Cancelled);

    private static JsonNode? Submission(TestWorld world) =>
        world.Storage.Stored(GrainState.Suspense, ISuspenseGrain.Key)["submission"];

    private static long Has(TestWorld world, string address) => world.Network.Look(l => l.Accounts[address].Native);
}
