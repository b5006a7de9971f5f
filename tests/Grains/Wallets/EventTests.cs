using System.Text.Json.Nodes;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Wallets;

public abstract class EventTests(SharedWorld shared)
{
    [Fact]
    public async Task A_payment_between_two_wallets_raises_four_events()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = await world.NewUserAsync();
        var before = world.Events.Length;
        // Of the payment's end the inbox is the first to tell, as it mostly is: not a look, nor the answer when it is sent once more.
        world.Network.LooksAreStale = true;
        world.Network.Next([.. Enumerable.Repeat(Answer.TimeOutAfterApplying, 100)]);

        await payer.PayAsync(await payee.AddressAsync(), "4");
        await payer.UntilBalanceAsync(60_000_000);
        await payee.UntilBalanceAsync(40_000_000);

        var events = world.Events.Skip(before).ToArray();
        TypesOf(events, payer).ShouldBe(["payment.created", "payment.signed", "payment.succeeded"]);
        TypesOf(events, payee).ShouldBe(["wallet.credited"]);
    }

    [Fact]
    public async Task A_payment_whose_end_is_known_before_its_balance_tells_of_the_balance_later()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var before = world.Events.Length;
        world.Network.HoldFeed(true);

        var payment = await payer.PayAsync(world.Network.NewOutsider(), "4");
        await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);
        world.Network.HoldFeed(false);
        await payer.UntilBalanceAsync(60_000_000);

        TypesOf([.. world.Events.Skip(before)], payer).ShouldBe(
            ["payment.created", "payment.signed", "payment.succeeded", "wallet.balance_changed"]);
    }

    [Fact]
    public async Task What_changes_a_balance_shows_balance_reservation_and_what_can_be_spent()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        await payer.QuotedAsync(world.Network.NewOutsider(), "4");

        var last = world.EventsOf("payment.created")[^1];

        ((string)last["owner"]!, (string)last["data"]!["wallet"]!["walletId"]!).ShouldBe((payer.Id.Value, payer.Key));
        // In whatever order: PostgreSQL keeps one of its own.
        var usdc = last["data"]!["wallet"]!["balances"]!.AsArray()[1]!;
        JsonNode.DeepEquals(usdc, JsonNode.Parse(
            $$"""{"asset":"{{world.Network.Usdc}}","balance":"10.0000000","reserved":"4.0000000","spendable":"6.0000000","frozen":false}"""))
            .ShouldBeTrue(usdc.ToJsonString());
        ((long)last["data"]!["wallet"]!["revision"]!).ShouldBe((await payer.ViewAsync()).Revision);
    }

    [Fact]
    public async Task Of_many_credits_in_one_write_the_last_shows_the_wallet()
    {
        var world = await shared.ForTestAsync();
        var payee = await world.NewUserAsync();
        world.Network.HoldFeed(true);
        foreach (var stroops in new[] { 10_000_000, 20_000_000, 30_000_000 })
        {
            world.Network.Issue(await payee.AddressAsync(), stroops);
        }

        world.Network.HoldFeed(false);
        await payee.UntilBalanceAsync(60_000_000);

        var credits = world.EventsOf("wallet.credited").Where(e => (string)e["owner"]! == payee.Id.Value).ToArray();
        credits.Length.ShouldBe(3);
        ((string)credits[^1]["data"]!["wallet"]!["balances"]!.AsArray()[1]!["balance"]!).ShouldBe("6.0000000");
        world.EventsOf("wallet.balance_changed").ShouldNotContain(e => (string)e["owner"]! == payee.Id.Value);
    }

    [Fact]
    public async Task A_credit_event_names_the_payer_the_amount_and_the_ledger()
    {
        var world = await shared.ForTestAsync();
        var user = await world.NewUserAsync("10");

        var credited = world.EventsOf("wallet.credited").Single()["data"]!;

        ((string)credited["from"]!, (string)credited["amount"]!, (string)credited["asset"]!)
            .ShouldBe((world.Network.Issuer, "10.0000000", world.Network.Usdc));
        ((string)credited["walletId"]!).ShouldBe(user.Key);
        ((long)credited["ledger"]! > 0).ShouldBeTrue();
    }

    [Fact]
    public async Task A_payments_events_show_it_at_each_stage()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payment = await payer.PayAsync(world.Network.NewOutsider(), "4");
        await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);

        var created = world.EventsOf("payment.created").Single()["data"]!.AsObject();
        var signed = world.EventsOf("payment.signed").Single()["data"]!.AsObject();
        var succeeded = world.EventsOf("payment.succeeded").Single()["data"]!.AsObject();

        new[] { created, signed, succeeded }.Select(d => (string)d["status"]!).ShouldBe(["pending", "processing", "succeeded"]);
        created["transactionHash"].ShouldBeNull();
        ((string)signed["transactionHash"]!).ShouldBe(payment.TransactionHash);
        ((string)succeeded["amount"]!).ShouldBe("4.0000000");
        succeeded["completedAt"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_wallets_revisions_rise_without_a_gap_and_every_event_has_its_own_id()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payment = await payer.PayAsync(world.Network.NewOutsider(), "4");
        await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);

        // The platform's own accounts tell of themselves, too.
        var events = world.Events.Where(e => (string?)e["owner"] == payer.Id.Value).ToArray();

        // Opening stores a transaction about which nobody is told; whoever follows the events must not miss a revision there.
        var revisions = events.Select(e => (long)e["data"]!["revision"]!).ToArray();
        revisions.ShouldBeInOrder();
        revisions.Distinct().ShouldBe(Enumerable.Range(1, (int)revisions[^1]).Select(n => (long)n));
        events.Select(e => (string)e["id"]!).Distinct().Count().ShouldBe(events.Length);
        events.ShouldAllBe(e => ((string)e["id"]!).StartsWith("evt_"));
    }

    private static string[] TypesOf(JsonObject[] events, TestUser user) =>
        [.. events.Where(e => (string)e["owner"]! == user.Id.Value).Select(e => (string)e["type"]!)];
}

public sealed class EventInMemoryTests(SharedWorld shared) : EventTests(shared), IClassFixture<SharedWorld>;

public sealed class EventOnPostgresTests(SharedPostgresWorld shared) : EventTests(shared), IClassFixture<SharedPostgresWorld>;
