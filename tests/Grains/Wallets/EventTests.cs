using System.Text.Json.Nodes;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Wallets;

public abstract class EventTests(SharedWorld shared)
{
    [Fact]
    public async Task A_payment_between_two_wallets_raises_these_events_and_no_others()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = await world.NewUserAsync();
        var before = world.Events.Length;
        world.Network.HoldFeed(true);

        var payment = await payer.PayAsync(await payee.AddressAsync(), "4");
        await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);
        world.Network.HoldFeed(false);
        await payer.UntilBalanceAsync(60_000_000);
        await payee.UntilBalanceAsync(40_000_000);

        var events = world.Events.Skip(before).ToArray();
        TypesOf(events, payer).ShouldBe(
        [
            "payment.created", "wallet.balance_changed", "payment.signed", "payment.succeeded", "wallet.balance_changed",
        ]);
        TypesOf(events, payee).ShouldBe(["wallet.credited", "wallet.balance_changed"]);
    }

    [Fact]
    public async Task A_balance_event_shows_balance_reservation_and_what_can_be_spent()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        await payer.QuotedAsync(world.Network.NewOutsider(), "4");

        var last = world.EventsOf("wallet.balance_changed")[^1];

        ((string)last["owner"]!, (string)last["subject"]!).ShouldBe((payer.Id.Value, payer.Key));
        // In whatever order: PostgreSQL keeps one of its own.
        var usdc = last["data"]!["balances"]!.AsArray()[1]!;
        JsonNode.DeepEquals(usdc, JsonNode.Parse(
            $$"""{"asset":"{{world.Network.Usdc}}","balance":"10.0000000","reserved":"4.0000000","spendable":"6.0000000","frozen":false}"""))
            .ShouldBeTrue(usdc.ToJsonString());
        ((long)last["data"]!["revision"]!).ShouldBe((await payer.ViewAsync()).Revision);
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

        new[] { created, signed, succeeded }.Select(d => (string)d["status"]!).ShouldBe(["pending", "signed", "succeeded"]);
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

        var events = world.Events;

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
