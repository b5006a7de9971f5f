using StellarPay.Grains.Compliance;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Invitations;

/// <summary>Money that waits for whoever confirms a name: reserved, paid once, and the sender's again where it is not.</summary>
public abstract class InvitationTests(SharedWorld shared)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    [Fact]
    public async Task It_is_reserved_and_paid_when_the_name_is_confirmed_though_the_account_is_opened_later()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, name) = (await world.NewUserAsync("10"), new Invited(world));
        var payee = world.NewUnopenedUser();
        (await payee.CreateAsync()).Error.ShouldBeNull();

        var made = await name.MadeAsync(sender, "4");

        (made.Status, made.Amount.Stroops, made.ExpiresAt - made.CreatedAt).ShouldBe((InvitationStatus.Open, 40_000_000, Lifetime));
        (await sender.UsdcAsync()).ShouldBe(new AssetBalance((await sender.UsdcAsync()).Asset, 100_000_000, 40_000_000));
        (await sender.QuoteAsync(world.Network.NewOutsider(), "7")).Error!.Code.ShouldBe("insufficient_funds");
        name.Count.ShouldBe(1);
        await name.ConfirmAndTellAsync(payee);
        (await Invited.OfAsync(sender, made.Id)).Status.ShouldBe(InvitationStatus.Due);
        (await Invited.CancelAsync(sender, made.Id)).Error!.Code.ShouldBe("invitation_not_cancellable");
        name.Count.ShouldBe(0);

        (await payee.OpenAsync()).Error.ShouldBeNull();
        var paid = await Invited.UntilAsync(sender, made.Id, InvitationStatus.Paid);

        paid.Payment.ShouldBe(made.Id.Payment);
        await payee.UntilBalanceAsync(40_000_000);
        await sender.UntilBalanceAsync(60_000_000);
        (await sender.UsdcAsync()).Reserved.ShouldBe(0);
        var payment = await sender.PaymentAsync(made.Id.Payment);
        (payment.Status, payment.Recipient, payment.Destination).ShouldBe(
            (PaymentStatus.Succeeded, Invited.Name, await payee.AddressAsync()));
        (await sender.Wallet.GetLimitsAsync(sender.Id)).Value!.Daily.Used.ShouldBe(40_000_000);
        OnceOnTheLedger(world, payment.Destination);
        world.Events.Select(e => (string)e["type"]!).Where(type => type.StartsWith("invitation.", StringComparison.Ordinal))
            .ShouldBe(["invitation.created", "invitation.due", "invitation.paying", "invitation.paid"]);
        // Of somebody who is nobody's nothing is kept but what the sender alone can read.
        world.EventsOf("invitation.created").Single().ToJsonString().ShouldNotContain("example.com", Case.Insensitive);
    }

    [Fact]
    public async Task Who_is_only_said_to_have_confirmed_it_is_not_paid()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, payee, name) = (await world.NewUserAsync("10"), await world.NewUserAsync(), new Invited(world));
        var (thief, made) = (world.NewUnopenedUser(), await name.MadeAsync(sender, "4"));
        await Should.ThrowAsync<Exception>(() => name.TellAsync(sender.Key, made.Id.Value, thief));
        name.Confirm(payee).ShouldHaveSingleItem();
        await Should.ThrowAsync<Exception>(() => name.TellAsync(sender.Key, made.Id.Value, thief));
        (await Invited.OfAsync(sender, made.Id)).Status.ShouldBe(InvitationStatus.Open);
    }

    [Fact]
    public async Task Nobody_confirms_it_in_time_and_the_amount_is_the_senders_again()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, name) = (await world.NewUserAsync("10"), new Invited(world));
        var made = await name.MadeAsync(sender, "4");

        world.Business.Advance(Lifetime - TimeSpan.FromSeconds(30));
        await world.SweepAsync();
        (await Invited.OfAsync(sender, made.Id)).Status.ShouldBe(InvitationStatus.Open);
        world.Business.Advance(TimeSpan.FromMinutes(2));

        name.Confirm(world.NewUnopenedUser()).ShouldBeEmpty();
        await Invited.UntilAsync(sender, made.Id, InvitationStatus.Expired);
        ((await sender.UsdcAsync()).Reserved, name.Count).ShouldBe((0, 0));
        world.EventsOf("invitation.expired").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Taken_back_it_waits_for_nobody_any_more()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, name) = (await world.NewUserAsync("10"), new Invited(world));
        var made = await name.MadeAsync(sender, "4");

        (await Invited.CancelAsync(sender, made.Id)).Value!.Status.ShouldBe(InvitationStatus.Cancelled);
        (await Invited.CancelAsync(sender, made.Id)).Value!.Status.ShouldBe(InvitationStatus.Cancelled);

        ((await sender.UsdcAsync()).Reserved, name.Count).ShouldBe((0, 0));
        name.Confirm(world.NewUnopenedUser()).ShouldBeEmpty();
        (await Invited.CancelAsync(sender, InvitationId.New(world.Business))).Error!.Code.ShouldBe("invitation_not_found");
    }

    [Fact]
    public async Task Whoever_confirmed_in_time_has_the_right_though_the_wallet_hears_of_it_after_the_end_or_would_take_it_back()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, payee) = (await world.NewUserAsync("10"), await world.NewUserAsync());
        var (late, raced) = (new Invited(world), new Invited(world));
        var (one, other) = (await late.MadeAsync(sender, "1"), await raced.MadeAsync(sender, "2"));
        var confirmed = raced.Confirm(payee).ShouldHaveSingleItem();

        (await Invited.CancelAsync(sender, other.Id)).Error!.Code.ShouldBe("invitation_not_cancellable");
        (await Invited.OfAsync(sender, other.Id)).Status.ShouldBe(InvitationStatus.Open);
        await raced.TellAsync(confirmed.Wallet, confirmed.Id, payee);
        world.Business.Advance(Lifetime - TimeSpan.FromMinutes(1));
        var lastMoment = late.Confirm(payee).ShouldHaveSingleItem();
        world.Business.Advance(TimeSpan.FromDays(1));
        await world.SweepAsync();
        (await Invited.OfAsync(sender, one.Id)).Status.ShouldBe(InvitationStatus.Open);
        await late.TellAsync(lastMoment.Wallet, lastMoment.Id, payee);

        await Invited.UntilAsync(sender, other.Id, InvitationStatus.Paid);
        await Invited.UntilAsync(sender, one.Id, InvitationStatus.Paid);
        await payee.UntilBalanceAsync(30_000_000);
    }

    [Fact]
    public async Task While_no_front_door_tells_of_it_a_wallet_tries_every_five_minutes_to_end_what_was_confirmed_in_time()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, payee, name) = (await world.NewUserAsync("10"), await world.NewUserAsync(), new Invited(world));
        var made = await name.MadeAsync(sender, "4");
        var (wallet, id) = name.Confirm(payee).ShouldHaveSingleItem();
        world.Business.Advance(Lifetime + TimeSpan.FromMinutes(2));

        for (var round = 1; round <= 3; round++)
        {
            await TestWorld.UntilAsync(
                async () =>
                {
                    await world.SweepAsync();
                    return Refused() >= round;
                },
                "the database says that it was confirmed in time");
            // Put off in the state, so that the due index does not name it again.
            await TestWorld.UntilAsync(
                () => (DateTimeOffset)world.Storage.Stored(GrainState.Wallet, sender.Key)["dueAt"]! > world.Business.GetUtcNow(),
                "the wallet is due later");
            for (var woken = 0; woken < 5; woken++)
            {
                await world.SweepAsync();
                await sender.Wallet.WakeAsync();
            }

            Refused().ShouldBe(round);
            (await Invited.OfAsync(sender, made.Id)).Status.ShouldBe(InvitationStatus.Open);
            world.Business.Advance(TimeSpan.FromMinutes(6));
        }

        await name.TellAsync(wallet, id, payee);
        await Invited.UntilAsync(sender, made.Id, InvitationStatus.Paid);
        await payee.UntilBalanceAsync(40_000_000);

        int Refused() => world.Log.Lines.Count(line => line.Contains(" 1723 ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task Told_twice_and_woken_often_while_writes_fail_it_is_paid_once(Failing? how)
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, payee, name) = (await world.NewUserAsync("10"), await world.NewUserAsync(), new Invited(world));
        var made = await name.MadeAsync(sender, "4");
        var (wallet, id) = name.Confirm(payee).ShouldHaveSingleItem();
        if (how is { } failing)
        {
            world.Storage.FailNextWrite(GrainState.Wallet, failing, json => json.Contains("\"Due\"", StringComparison.Ordinal));
            world.Storage.FailNextWrite(GrainState.Wallet, failing, json => json.Contains("\"Paying\"", StringComparison.Ordinal));
        }

        await TestWorld.UntilAsync(async () =>
        {
            try
            {
                await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => name.TellAsync(wallet, id, payee)));
                return true;
            }
            catch (Exception) when (how is not null)
            {
                return false;
            }
        }, "the wallet is told");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => sender.Wallet.WakeAsync()));

        await Invited.UntilAsync(sender, made.Id, InvitationStatus.Paid);
        await payee.UntilBalanceAsync(40_000_000);
        await name.TellAsync(wallet, id, payee);
        world.Business.Advance(TimeSpan.FromMinutes(6));
        await world.SweepAsync();
        await sender.UntilBalanceAsync(60_000_000);
        OnceOnTheLedger(world, await payee.AddressAsync());
        world.EventsOf("payment.created").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_recipient_who_must_not_be_paid_ends_it_and_frees_the_amount()
    {
        await using var world = await shared.StartOwnAsync();
        var payee = await world.NewUserAsync();

        var denied = await FailedAsync(world, payee, async _ => world.DenyList.Add(await payee.AddressAsync()));
        denied.ShouldBe("recipient_denied");
    }

    [Fact]
    public async Task Whoever_invites_himself_is_not_paid()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, name) = (await world.NewUserAsync("10"), new Invited(world));
        var made = await name.MadeAsync(sender, "4");

        await name.ConfirmAndTellAsync(sender);

        (await Invited.UntilAsync(sender, made.Id, InvitationStatus.Failed)).FailureCode.ShouldBe("self_payment");
        (await sender.UsdcAsync()).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task A_recipient_whose_account_never_opens_is_not_paid_and_the_amount_is_free_again()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, name, payee) = (await world.NewUserAsync("10"), new Invited(world), world.NewUnopenedUser());
        (await payee.CreateAsync()).Error.ShouldBeNull();
        var made = await name.MadeAsync(sender, "4");
        await name.ConfirmAndTellAsync(payee);

        world.Business.Advance(TimeSpan.FromHours(71));
        await world.SweepAsync();
        (await Invited.OfAsync(sender, made.Id)).Status.ShouldBe(InvitationStatus.Due);
        world.Business.Advance(TimeSpan.FromHours(2));

        (await Invited.UntilAsync(sender, made.Id, InvitationStatus.Failed)).FailureCode.ShouldBe("recipient_not_opened");
        (await sender.UsdcAsync()).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task A_sixth_of_one_sender_a_second_to_one_name_and_a_twenty_first_of_one_name_are_refused_however_many_ask_at_once()
    {
        await using var world = await shared.StartOwnAsync();
        var name = new Invited(world);
        var senders = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => world.NewUserAsync("10")));

        var first = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => name.ByAsync(senders[0], "1")));
        first.Count(each => each.IsSuccess).ShouldBe(1);
        first.Where(each => !each.IsSuccess).ShouldAllBe(each => each.Error!.Code == "recipient_invited_already");
        var strangers = Enumerable.Range(0, 12).Select(_ => new Invited(world)).ToArray();
        var more = await Task.WhenAll(strangers.Select(each => each.ByAsync(senders[0], "1")));
        more.Count(each => each.IsSuccess).ShouldBe(4);
        more.Where(each => !each.IsSuccess).ShouldAllBe(each => each.Error!.Code == "too_many_invitations");
        foreach (var (each, made) in strangers.Zip(more).Where(each => each.Second.IsSuccess))
        {
            (await Invited.CancelAsync(senders[0], made.Value!.Id)).Error.ShouldBeNull();
        }

        var others = await Task.WhenAll(senders[1..].Select(sender => name.ByAsync(sender, "1")));
        others.Count(each => each.IsSuccess).ShouldBe(19);
        others.Where(each => !each.IsSuccess).ShouldAllBe(each => each.Error!.Code == "recipient_invited_enough");

        name.Count.ShouldBe(20);
        var reserved = 0L;
        foreach (var sender in senders)
        {
            reserved += (await sender.UsdcAsync()).Reserved;
        }

        reserved.ShouldBe(20 * 10_000_000);
    }

    [Fact]
    public async Task One_sender_invites_one_name_three_times_in_seven_days_and_no_more_however_often_he_takes_it_back()
    {
        // The bug kept away: each was a message to it, twenty a day.
        await using var world = await shared.StartOwnAsync();
        var (sender, other) = (await world.NewUserAsync("10"), await world.NewUserAsync("10"));
        var (name, another) = (new Invited(world), new Invited(world));
        for (var made = 0; made < 3; made++)
        {
            (await Invited.CancelAsync(sender, (await name.MadeAsync(sender, "1")).Id)).Error.ShouldBeNull();
            world.Business.Advance(TimeSpan.FromDays(2));
        }

        var refused = (await name.ByAsync(sender, "1")).Error!;

        (refused.Kind, refused.Code, refused.Param).ShouldBe((ErrorKind.RateLimited, "recipient_invited_often", "recipient"));
        ((await sender.UsdcAsync()).Reserved, name.Count).ShouldBe((0, 0));
        (await another.ByAsync(sender, "1")).Error.ShouldBeNull();
        (await name.ByAsync(other, "1")).Error.ShouldBeNull();
        world.Business.Advance(TimeSpan.FromHours(23));
        (await name.ByAsync(sender, "1")).Error!.Code.ShouldBe("recipient_invited_often");
        // Seven days after the first of them.
        world.Business.Advance(TimeSpan.FromHours(1));
        (await name.ByAsync(sender, "1")).Error.ShouldBeNull();
        (await name.ByAsync(sender, "1")).Error!.Code.ShouldBe("recipient_invited_already");
    }

    [Fact]
    public async Task The_same_key_gives_the_same_invitation_and_another_request_under_it_none()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, name) = (await world.NewUserAsync("10"), new Invited(world));

        var first = await name.ByAsync(sender, "4", "key");
        var again = await name.ByAsync(sender, "4", "key");
        again.Value!.Id.ShouldBe(first.Value!.Id);
        (await name.ByAsync(sender, "5", "key")).Error!.Code.ShouldBe("idempotency_key_reused");
        (await name.ByAsync(sender, "4", "key", said: "another")).Error!.Code.ShouldBe("idempotency_key_reused");
        await Invited.CancelAsync(sender, first.Value.Id);

        (await name.ByAsync(sender, "4", "key")).Value!.Status.ShouldBe(InvitationStatus.Cancelled);
        name.Count.ShouldBe(0);
    }

    [Fact]
    public async Task It_costs_what_a_payment_costs()
    {
        await using var world = await shared.StartOwnAsync();
        var (sender, name) = (await world.NewUserAsync("2000"), new Invited(world));
        var confirmed = new Invited(world);
        confirmed.Confirm(await world.NewUserAsync()).ShouldBeEmpty();

        (await name.ByAsync(sender, "0.001")).Error!.Code.ShouldBe("amount_too_small");
        (await name.ByAsync(sender, "1001")).Error!.Code.ShouldBe("payment_limit_exceeded");
        (await name.ByAsync(sender, "0")).Error!.Code.ShouldBe("amount_invalid");
        (await name.ByAsync(sender, "1", asset: "EUR")).Error!.Code.ShouldBe("unknown_asset");
        (await name.ByAsync(sender, "900", asset: "XLM")).Error!.Code.ShouldBe("insufficient_funds");
        (await name.ByAsync(sender, "1", proof: PayerProof.FactorNotShown)).Error.ShouldBeNull();
        (await name.ByAsync(sender, "200", proof: PayerProof.FactorNotShown)).Error!.Code.ShouldBe("step_up_required");
        (await sender.UsdcAsync()).Reserved.ShouldBe(10_000_000);

        var stranger = sender with { Id = UserId.New(TimeProvider.System) };
        (await name.ByAsync(stranger, "1")).Error!.Code.ShouldBe("wallet_not_found");
        var outsider = world.Network.NewOutsider();
        (await sender.Wallet.AsReference<IWalletClosing>().CloseAsync(sender.Id, new CloseRequest(outsider, outsider),
            TestContext.Current.CancellationToken)).Error!.Code.ShouldBe("invitations_open");
    }

    private static async Task<string?> FailedAsync(
        TestWorld world, TestUser payee, Func<TestUser, Task> meanwhile, string balance = "10", string amount = "4")
    {
        var (sender, name) = (await world.NewUserAsync(balance), new Invited(world));
        var made = await name.MadeAsync(sender, amount);
        await meanwhile(sender);
        await name.ConfirmAndTellAsync(payee);
        var failed = await Invited.UntilAsync(sender, made.Id, InvitationStatus.Failed);
        failed.Payment.ShouldBeNull();
        // What he paid otherwise may not be in the balance yet.
        await TestWorld.UntilAsync(async () => (await sender.UsdcAsync()).Reserved == 0, "nothing is reserved");
        return failed.FailureCode;
    }

    private static void OnceOnTheLedger(TestWorld world, string address) =>
        world.Network.Look(l => l.Operations.Count(o => o is { Type: "payment", Successful: true } && o.To == address)).ShouldBe(1);
}

[Trait("Length", "long")]
public sealed class InvitationInMemoryTests(SharedWorld shared) : InvitationTests(shared), IClassFixture<SharedWorld>;

public sealed class InvitationOnPostgresTests(SharedPostgresWorld shared) : InvitationTests(shared), IClassFixture<SharedPostgresWorld>;
