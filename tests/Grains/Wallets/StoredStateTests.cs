using System.Text.Json;
using System.Text.Json.Nodes;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Wallets;

/// <summary>Stored rows outlive programs: their property names are a contract. What is as in a new object is not stored.</summary>
public sealed class StoredStateTests
{
    [Fact]
    public async Task A_wallet_is_stored_under_these_names()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        var quote = await payer.QuoteAsync(world.Network.NewOutsider(), "4", "key", "memo");
        await payer.ConfirmedAsync(quote.Value!.Id);

        var wallet = world.Storage.Stored(GrainState.Wallet, payer.Key);

        Names(wallet).ShouldBe(
        [
            "owner", "address", "status", "key", "sequenceNumber", "balances", "drained", "dayUsage",
            "revision", "dueAt", "monthUsage", "today",
        ]);
        Names(wallet["today"]!).ShouldBe(["day", "operations"]);
        Names(wallet["key"]!).ShouldBe(["publicKey", "version", "keyId", "wrappedKey", "nonce", "ciphertext"]);
        Names(world.Storage.StoredPayments(payer.Key).ShouldHaveSingleItem()).ShouldBe(
        [
            "id", "status", "recipient", "destination", "asset", "stroops", "memo", "createdAt", "expiresAt",
            "transactionHash", "innerHash", "sequenceNumber", "signings", "confirmedAt", "limitUnits", "mostFeeStroops",
        ]);
        var submission = world.Storage.StoredSubmission(payer.Key).ShouldNotBeNull();
        Names(submission).ShouldBe(
        [
            "envelope", "innerHash", "hashes", "sequenceNumber", "maxTime", "bumpAfter", "feeStroops", "signedAt",
            "operations", "payer", "mostFeeStroops",
        ]);
        submission["operations"]!.ToJsonString().ShouldBe($$"""[{"subject":"{{quote.Value.Id}}"}]""");
        Convert.FromBase64String((string)wallet["dayUsage"]!).Length.ShouldBeLessThan(10);
        Convert.FromBase64String((string)wallet["monthUsage"]!).Length.ShouldBeLessThan(10);
        wallet["balances"]!.ToJsonString().ShouldBe(
            $$$"""{"native":{},"{{{world.Network.Usdc}}}":{"stroops":100000000}}""");
        ((string)wallet["status"]!).ShouldBe("Active");
    }

    [Fact]
    public async Task The_stored_due_time_is_that_of_the_next_thing_to_do()
    {
        await using var world = await TestWorld.StartAsync();
        var payer = await world.NewUserAsync("10");
        var quote = await payer.QuotedAsync(world.Network.NewOutsider(), "1");

        DueAt(world, payer).ShouldBe(quote.ExpiresAt);

        world.Network.Down = false;
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        await payer.ConfirmedAsync(quote.Id);
        DueAt(world, payer).ShouldBe(world.Business.GetUtcNow().AddSeconds(15));

        world.Network.HoldPending(false);
        await payer.UntilAsync(quote.Id, Grains.Payments.PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(90_000_000);
        DueAt(world, payer).ShouldBeNull();
    }

    private static DateTimeOffset? DueAt(TestWorld world, TestUser user) =>
        (DateTimeOffset?)world.Storage.Stored(GrainState.Wallet, user.Key)["dueAt"];

    private static string[] Names(JsonNode node) => [.. node.AsObject().Select(p => p.Key)];
}
