using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Wallets;

/// <summary>A wallet's payments, claims and transaction under way are rows of their own, written where they changed.</summary>
public abstract class WalletRowsTests(SharedWorld shared)
{
    [Fact]
    public async Task A_wallet_of_before_the_rows_is_read_and_its_next_write_moves_them()
    {
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        var kept = await payer.QuotedAsync(payee, "4");
        var cancelled = await payer.QuotedAsync(payee, "1");
        await StoreAsBeforeAsync(world, payer);
        world.Storage.StoredPayments(payer.Key).ShouldBeEmpty();

        // The activation that there is learns that it is late, and ends.
        await Should.ThrowAsync<Exception>(payer.CancelAsync(cancelled.Id));
        (await payer.UsdcAsync()).Reserved.ShouldBe(50_000_000);
        (await payer.CancelAsync(cancelled.Id)).Error.ShouldBeNull();

        world.Storage.Stored(GrainState.Wallet, payer.Key).ContainsKey("payments").ShouldBeFalse();
        world.Storage.StoredPayments(payer.Key).Select(row => ((string)row["id"]!, (string?)row["status"])).ShouldBe(
            new[] { (kept.Id.Value, (string?)null), (cancelled.Id.Value, "Cancelled") }, ignoreOrder: true);
        (await payer.Wallet.GetLimitsAsync(payer.Id)).Value!.Daily.Used.ShouldBe(40_000_000);
        await payer.ConfirmedAsync(kept.Id);
        await payer.UntilAsync(kept.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(60_000_000);
    }

    [Fact]
    public async Task A_wallet_that_is_read_again_has_what_it_had()
    {
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        world.Network.Next(Enumerable.Repeat(Answer.TimeOutWithoutApplying, 3).ToArray());
        var paid = await payer.PayAsync(world.Network.NewOutsider(), "4");
        var open = await payer.QuotedAsync(world.Network.NewOutsider(), "1");
        world.Storage.StoredFlight(payer.Key).ShouldNotBeNull();

        world.Storage.FailNextWrite(GrainState.Wallet, Failing.AfterTheWriteTookEffect);
        await Should.ThrowAsync<Exception>(payer.CancelAsync(open.Id));

        await payer.UntilAsync(open.Id, PaymentStatus.Cancelled);
        await payer.UntilAsync(paid.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(60_000_000);
        await TestWorld.UntilAsync(() => world.Storage.StoredFlight(payer.Key) is null, "its transaction has no row any more");
    }

    // As 0019 and before stored it: all in the state, usage by buckets with names.
    private static async Task StoreAsBeforeAsync(TestWorld world, TestUser user)
    {
        var state = world.Storage.Stored(GrainState.Wallet, user.Key);
        var rows = world.Storage.Rows(GrainState.Wallet, user.Key);
        state["payments"] = new JsonArray([.. world.Storage.StoredPayments(user.Key).Select(row => row.DeepClone())]);
        foreach (var window in (string[])["dayUsage", "monthUsage"])
        {
            var only = new JsonObject { [window] = state[window]!.DeepClone() };
            var buckets = JsonSerializer.Deserialize<WalletState>(only, StateJson.Options)!;
            state[window] = new JsonArray([.. buckets.DayUsage.Concat(buckets.MonthUsage).Select(bucket =>
                (JsonNode)new JsonObject { ["from"] = bucket.From.ToString("O"), ["units"] = bucket.Units })]);
        }

        state["rows"] = new JsonObject { ["deleted"] = new JsonArray([.. rows.Keys.Select(key => (JsonNode)key)]) };
        var storage = world.Cluster.Silos[0].ServiceProvider.GetRequiredKeyedService<IGrainStorage>(GrainState.HotProvider);
        var stored = new GrainState<JsonObject>();
        await storage.ReadStateAsync(GrainState.Wallet, user.Wallet.GetGrainId(), stored);
        stored.State = state;
        await storage.WriteStateAsync(GrainState.Wallet, user.Wallet.GetGrainId(), stored);
    }
}

public sealed class MemoryWalletRowsTests(SharedWorld shared) : WalletRowsTests(shared), IClassFixture<SharedWorld>;

public sealed class PostgresWalletRowsTests(SharedPostgresWorld shared)
    : WalletRowsTests(shared), IClassFixture<SharedPostgresWorld>;

/// <summary>What a write puts and deletes, without a database.</summary>
public sealed class RowDiffTests
{
    private readonly WalletState _state = new() { Payments = [Payment(1), Payment(2)] };

    [Fact]
    public void All_is_put_where_nothing_is_known_to_be_stored()
    {
        _state.Flight = new Submission { Envelope = "e" };
        _state.Claims = [new IncomingClaim { BalanceId = "b1" }];

        Next().ShouldBe("+channel_own +clm_b1 +txn_1 +txn_2");
        Next().ShouldBe("");
        _state.Rows.ShouldBeNull();
    }

    [Fact]
    public void Only_what_changed_is_put_and_what_is_gone_is_deleted()
    {
        Next();
        _state.Payments[1].Status = PaymentStatus.Queued;
        Next().ShouldBe("+txn_2");
        _state.Payments.RemoveAt(0);
        _state.Payments.Add(Payment(3));
        Next().ShouldBe("+txn_3 -txn_1");
        _state.Payments.Add(Payment(1));
        Next().ShouldBe("+txn_1");
    }

    [Fact]
    public void Nothing_is_written_again_because_it_was_read()
    {
        var read = new WalletState { Rows = AsRead(Payment(2), Payment(1)) };

        WalletRows.Take(read);
        WalletRows.Put(read);

        read.Rows.ShouldBeNull();
        read.Payments.Select(payment => payment.Id).ShouldBe([Id(1), Id(2)]);
    }

    [Fact]
    public void A_row_of_a_later_version_is_not_ignored()
    {
        var read = new WalletState { Rows = new ChildRows { Stored = new() { ["xyz_1"] = JsonSerializer.SerializeToElement(new { }) } } };

        Should.Throw<InvalidOperationException>(() => WalletRows.Take(read)).Message.ShouldContain("xyz_1");
    }

    // An activation that moves takes its state along, and must know there what of it is stored.
    [Fact]
    public void A_state_that_moves_to_another_silo_still_knows_what_is_stored()
    {
        using var services = new ServiceCollection().AddSerializer(serializer => serializer.AddAssembly(typeof(WalletState).Assembly))
            .BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        Next();

        var moved = serializer.Deserialize<WalletState>(serializer.SerializeToArray(_state))!;
        moved.Payments.RemoveAt(0);
        WalletRows.Put(moved);

        moved.Rows!.Put.ShouldBeNull();
        moved.Rows.Deleted.ShouldBe([Id(1)]);
    }

    // What the next write does: +put -deleted.
    private string Next()
    {
        _state.Rows = null;
        WalletRows.Put(_state);
        return string.Join(' ', (_state.Rows?.Put?.Keys ?? Enumerable.Empty<string>()).Order(StringComparer.Ordinal).Select(key => $"+{key}")
            .Concat((_state.Rows?.Deleted ?? []).Select(key => $"-{key}")));
    }

    private static ChildRows AsRead(params PaymentRecord[] payments) => new()
    {
        Stored = payments.ToDictionary(payment => payment.Id, payment => JsonSerializer.SerializeToElement(payment, StateJson.Options)),
    };

    private static string Id(int n) => $"txn_{n}";

    private static PaymentRecord Payment(int n) => new()
    {
        Id = Id(n), Stroops = n, CreatedAt = new DateTimeOffset(2026, 3, 1, 12, 0, n, TimeSpan.Zero),
    };
}
