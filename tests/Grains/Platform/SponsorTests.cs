using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Platform;

public sealed class SponsorTests
{
    [Fact]
    public async Task Accounts_that_wait_together_share_a_transaction()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        var sponsor = await SponsorAsync(world);

        var ends = await TogetherAsync(
            world, sponsor, Enumerable.Range(0, 5).Select(_ => new OpeningApplicantByHand(world).OpenAsync(sponsor)));

        ends.ShouldAllBe(end => end.Value!.Move == OpeningMove.Opened);
        // The sponsor gathers for ten milliseconds: on a busy machine the first may go alone, and the others wait for it.
        var transactions = ends.Select(end => end.Value!.TransactionHash).Distinct().Count();
        transactions.ShouldBeLessThanOrEqualTo(2);
        world.Network.Look(l => l.Applied.Count).ShouldBe(transactions);
    }

    [Fact]
    public async Task A_transaction_has_at_most_twenty_signatures_and_a_hundred_operations()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        var sponsor = await SponsorAsync(world);
        var assets = Enumerable.Range(0, 3).Select(n => $"A{n}:{FakeNetwork.NewAddress()}").ToArray();

        var ends = await TogetherAsync(
            world,
            sponsor,
            Enumerable.Range(0, 45).Select(_ => new OpeningApplicantByHand(world).OpenAsync(sponsor))
                .Concat(Enumerable.Range(0, 40).Select(_ => new OpeningApplicantByHand(world).OpenAsync(sponsor, trustlines: assets))));

        ends.ShouldAllBe(end => end.Value!.Move == OpeningMove.Opened);
        var envelopes = world.Network.Submitted
            .Select(e => (TransactionV1Envelope)TransactionEnvelope.FromXdrBase64(e)).ToArray();
        envelopes.Max(e => e.Signatures.Count).ShouldBe(20);
        envelopes.Max(e => e.Transaction.Operations.Count).ShouldBeInRange(76, 100);
    }

    [Fact]
    public async Task Who_does_not_sign_is_left_out_and_the_others_are_opened_without()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        var sponsor = await SponsorAsync(world);
        var absent = new OpeningApplicantByHand(world);
        var present = new OpeningApplicantByHand(world);

        var asked = absent.JoinAsync(sponsor);
        var opened = await present.OpenAsync(sponsor);

        (await asked).Value!.Move.ShouldBe(OpeningMove.Sign);
        opened.Value!.Move.ShouldBe(OpeningMove.Opened);
        world.Network.Look(l => l.Accounts.ContainsKey(absent.Address)).ShouldBeFalse();
        (await absent.OpenAsync(sponsor)).Value!.Move.ShouldBe(OpeningMove.Again);
        (await absent.OpenAsync(sponsor)).Value!.Move.ShouldBe(OpeningMove.Opened);
    }

    [Fact]
    public async Task A_signature_that_is_not_the_accounts_opens_nothing_and_holds_nobody_up_for_good()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        var sponsor = await SponsorAsync(world);
        var impostor = new OpeningApplicantByHand(world);
        var honest = new OpeningApplicantByHand(world);

        var opening = honest.OpenAsync(sponsor);
        var asked = (await impostor.JoinAsync(sponsor)).Value!;
        var refused = await sponsor.SignAsync(
            impostor.Address, asked.TransactionHash!, new byte[64], TestContext.Current.CancellationToken);
        refused.Value!.Move.ShouldBe(OpeningMove.Again);

        (await opening).Value!.Move.ShouldBe(OpeningMove.Opened);
        world.Network.Look(l => l.Accounts.ContainsKey(impostor.Address)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_account_that_cannot_be_opened_does_not_sink_the_others_for_good()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        var sponsor = await SponsorAsync(world);
        var poison = new OpeningApplicantByHand(world);
        world.Network.Look(l => l.Accounts[poison.Address] = new FakeAccount());
        var others = Enumerable.Range(0, 10).Select(_ => new OpeningApplicantByHand(world)).ToArray();
        using var enough = new CancellationTokenSource();

        var poisoning = poison.OpenAgainAndAgainAsync(sponsor, enough.Token);
        await Task.WhenAll(others.Select(other => other.OpenAgainAndAgainAsync(sponsor, CancellationToken.None)));
        await enough.CancelAsync();

        (await poisoning).ShouldBeFalse();
        world.Network.Look(l => others.All(other => l.Accounts.ContainsKey(other.Address))).ShouldBeTrue();
        world.Log.Lines.ShouldContain(line => line.Contains("op_already_exists", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sponsor_that_can_carry_no_more_reserves_says_so_and_the_next_one_opens_the_wallet()
    {
        await using var world = await TestWorld.StartAsync();
        var full = await SponsorAsync(world);
        var address = (await Ask(full.EnsureAsync)).Value!;
        world.Network.Look(l => l.Accounts[address].Reserve = long.MaxValue / 2);

        (await new OpeningApplicantByHand(world).OpenAsync(full)).Error!.Code.ShouldBe("platform_account_unfunded");
        foreach (var user in await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.NewUserAsync())))
        {
            (await user.ViewAsync()).Status.ShouldBe(StellarPay.Grains.Wallets.WalletStatus.Active);
        }
    }

    [Fact]
    public async Task While_a_transaction_is_undecided_its_accounts_are_put_into_no_other()
    {
        await using var world = await TestWorld.StartAsync(follow: false);
        var sponsor = await SponsorAsync(world);
        world.Network.Next([.. Enumerable.Repeat(Answer.TimeOutWithoutApplying, 1_000)]);
        var applicant = new OpeningApplicantByHand(world);

        var opening = applicant.OpenAsync(sponsor);
        await TestWorld.UntilAsync(() => world.Network.Submitted.Count > 0, "the transaction is out");
        var second = applicant.OpenAsync(sponsor);
        // What is asked after it is answered when it has come.
        await sponsor.RewrapAsync();
        world.Network.ForgetAnswers();

        (await opening).Value.ShouldBe((await second).Value);
        world.Network.Submitted.Distinct().Count().ShouldBe(1);
    }

    // Nothing is made for the first of them before all have come, however busy the machine is.
    private static async Task<Result<OpeningStep>[]> TogetherAsync(
        TestWorld world, ISponsorGrain sponsor, IEnumerable<Task<Result<OpeningStep>>> opening)
    {
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Network.BeforeAccount = _ =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        var all = opening.ToArray();
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        // What is asked after them is answered when they have come.
        await sponsor.RewrapAsync();
        world.Network.BeforeAccount = null;
        answer.SetResult();
        return await Task.WhenAll(all);
    }

    private static async Task<ISponsorGrain> SponsorAsync(TestWorld world)
    {
        var sponsor = world.Grains.GetGrain<ISponsorGrain>("plt_sponsor_00");
        (await Ask(sponsor.EnsureAsync)).Error.ShouldBeNull();
        return sponsor;
    }

    private static Task<Result<string>> Ask(Func<CancellationToken, Task<Result<string>>> ensure) => ensure(default);
}
