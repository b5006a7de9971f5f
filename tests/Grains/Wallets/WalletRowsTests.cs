using StellarPay.Grains.Accounts;
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
    public async Task A_wallet_that_is_read_again_has_what_it_had()
    {
        await using var world = await shared.StartOwnAsync();
        var payer = await world.NewUserAsync("10");
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        var paid = await payer.PayAsync(world.Network.NewOutsider(), "4");
        var open = await payer.QuotedAsync(world.Network.NewOutsider(), "1");
        world.Storage.StoredSubmission(payer.Key).ShouldNotBeNull();

        world.Storage.FailNextWriteOf(payer, Failing.AfterTheWriteTookEffect);
        await Should.ThrowAsync<Exception>(payer.CancelAsync(open.Id));

        await payer.UntilAsync(open.Id, PaymentStatus.Cancelled);
        world.Network.HoldPending(false);
        await payer.UntilAsync(paid.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(60_000_000);
        await TestWorld.UntilAsync(() => world.Storage.StoredSubmission(payer.Key) is null, "its transaction has no row any more");
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
        _state.Submission = new Submission { Envelope = "e" };
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
