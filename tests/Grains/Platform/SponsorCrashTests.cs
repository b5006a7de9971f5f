using System.Text.Json.Nodes;
using Orleans.Core.Internal;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Platform;

/// <summary>Between any two lines of an opening something dies, is slow, or comes twice; each account is opened once.</summary>
public sealed class SponsorCrashTests
{
    private const string Name = "plt_sponsor_00";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_write_of_the_signed_transaction_that_fails_opens_its_accounts_once(Failing how)
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        var sponsor = await SponsorAsync(world);
        world.Storage.FailNextWrite(GrainState.Sponsor, how, state => state.Contains("envelope", StringComparison.Ordinal));
        var applicants = Enumerable.Range(0, 3).Select(_ => new OpeningApplicantByHand(world)).ToArray();

        await Task.WhenAll(applicants.Select(applicant => applicant.UntilOpenAsync(sponsor)));

        await UntilIdleAsync(world);
        world.Network.Look(l => l.Applied.Values.Sum(applied => applied.Code is null ? 1 : 0)).ShouldBe(
            world.Network.Submitted.Distinct().Count());
        world.Network.Look(l => applicants.All(applicant => l.Accounts.ContainsKey(applicant.Address))).ShouldBeTrue();
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task An_end_that_could_not_be_stored_is_found_again(Failing how)
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        var sponsor = await SponsorAsync(world);
        world.Storage.FailNextWrite(
            GrainState.Sponsor, how, state => state.Contains("sequenceNumber", StringComparison.Ordinal)
                && !state.Contains("envelope", StringComparison.Ordinal));

        await new OpeningApplicantByHand(world).UntilOpenAsync(sponsor);

        await UntilIdleAsync(world);
        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
        await new OpeningApplicantByHand(world).UntilOpenAsync(sponsor);
    }

    [Theory]
    [InlineData(FaultPoint.OpeningPersisting)]
    [InlineData(FaultPoint.OpeningSigned)]
    [InlineData(FaultPoint.OpeningDecided)]
    public async Task A_crash_at_any_point_opens_an_account_once(string point)
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        var sponsor = await SponsorAsync(world);
        world.Faults.Arm(point, _ => throw new IOException("killed"));
        var applicant = new OpeningApplicantByHand(world);

        await applicant.UntilOpenAsync(sponsor, async () =>
        {
            world.Business.Advance(TimeSpan.FromSeconds(11));
            await world.SweepAsync();
        });

        world.Network.Look(l => l.Operations.Count(o => o.Type == "create_account" && o.To == applicant.Address)).ShouldBe(1);
        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_opening_that_nobody_asks_for_any_more_is_ended_by_a_wake_up_of_another_activation()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        var sponsor = await SponsorAsync(world);
        world.Faults.Arm(FaultPoint.OpeningDecided, _ => throw new IOException("killed"));
        var applicant = new OpeningApplicantByHand(world);
        var opening = applicant.OpenAsync(sponsor);
        await TestWorld.UntilAsync(() => world.Network.Submitted.Count > 0, "it is submitted");
        await sponsor.AsReference<IGrainManagementExtension>().DeactivateOnIdle(Cancelled);
        await opening;

        await world.UntilAfterSweepsAsync(() => Task.FromResult(Submission(world) is null), "it has ended");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => sponsor.WakeAsync()));

        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
        world.Network.Look(l => l.Accounts.ContainsKey(applicant.Address)).ShouldBeTrue();
    }

    [Fact]
    public async Task An_opening_that_waits_for_the_network_holds_no_other_call_of_the_sponsor()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        var sponsor = await SponsorAsync(world);
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Network.BeforeAccount = _ =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        var opening = new OpeningApplicantByHand(world).UntilOpenAsync(sponsor);
        await asked.Task.WaitAsync(Cancelled);

        (await sponsor.RewrapAsync()).ShouldBe(0);
        await sponsor.WakeAsync();
        answer.SetResult();

        await opening;
    }

    [Fact]
    public async Task While_payments_are_halted_whoever_waits_is_told()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        var sponsor = await SponsorAsync(world);
        await world.Halts.HaltAsync(new NetworkHalt("network_reset", "It began again.", DateTimeOffset.UnixEpoch), Cancelled);

        await TestWorld.UntilAsync(
            async () => (await new OpeningApplicantByHand(world).OpenAsync(sponsor)).Error?.Code == "network_halted", "it is told");
    }

    [Fact]
    public async Task What_is_stored_names_the_account_of_each_operation_and_pays_its_own_fee()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        var sponsor = await SponsorAsync(world);
        world.Network.Next(Answer.PendingForEver);
        var applicant = new OpeningApplicantByHand(world);
        var opening = applicant.UntilOpenAsync(sponsor);
        await TestWorld.UntilAsync(() => world.Network.Submitted.Count > 0, "it is submitted");

        var submission = Submission(world)!;
        submission["operations"]!.AsArray().Select(operation => (string)operation!["subject"]!).Distinct().ShouldBe([applicant.Address]);
        ((string?)submission["payer"]).ShouldBeNull();
        var sent = (TransactionV1Envelope)TransactionEnvelope.FromXdrBase64((string)submission["envelope"]!);
        sent.Transaction.Fee.ShouldBe(1_000u * (uint)sent.Transaction.Operations.Count);
        await opening;
    }

    private static async Task<ISponsorGrain> SponsorAsync(TestWorld world)
    {
        var sponsor = world.Grains.GetGrain<ISponsorGrain>(Name);
        (await sponsor.EnsureAsync(Cancelled)).Error.ShouldBeNull();
        return sponsor;
    }

    private static JsonNode? Submission(TestWorld world) => world.Storage.Stored(GrainState.Sponsor, Name)["submission"];

    private static Task UntilIdleAsync(TestWorld world) =>
        world.UntilAfterSweepsAsync(() => Task.FromResult(Submission(world) is null), "the sponsor has nothing under way");
}
