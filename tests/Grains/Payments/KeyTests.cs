using StellarPay.Grains.Payments;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Payments;

/// <summary>Idempotency keys outlive the activation and the payments in the state.</summary>
public abstract class KeyTests(SharedWorld shared)
{
    [Fact]
    public async Task A_key_gives_the_first_answer_of_a_payment_that_the_state_has_forgotten()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        var first = (await payer.QuoteAsync(payee, "2", "key")).Value!;
        await payer.ConfirmAsync(first.Id, "key");
        var ended = await payer.UntilAsync(first.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(80_000_000);
        for (var i = 0; i < 6; i++)
        {
            await payer.CancelAsync((await payer.QuotedAsync(payee, "1")).Id);
        }

        (await payer.Wallet.GetSnapshotAsync(payer.Id)).Value!.Payments.ShouldNotContain(p => p.Id == first.Id);
        (await payer.QuoteAsync(payee, "2", "key")).Value!.ShouldBe(ended);
        (await payer.ConfirmAsync(first.Id, "key")).Value!.ShouldBe(ended);
        (await payer.QuoteAsync(payee, "3", "key")).Error!.Code.ShouldBe("idempotency_key_reused");
    }

    [Fact]
    public async Task A_key_counts_for_24_hours_in_whatever_activation()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        var first = (await payer.QuoteAsync(payee, "2", "key")).Value!;
        await EndActivationAsync(world, payer);

        (await payer.QuoteAsync(payee, "2", "key")).Value!.Id.ShouldBe(first.Id);

        world.Business.Advance(TimeSpan.FromHours(24));
        (await payer.QuoteAsync(payee, "2", "key")).Value!.Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task A_key_that_another_activation_used_meanwhile_refuses_the_write_and_the_repeat_finds_its_answer()
    {
        var world = await shared.ForTestAsync();
        var payer = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        var first = (await payer.QuoteAsync(payee, "1", "other")).Value!;
        var hash = IdempotencyLedger.HashOf(IdempotencyLedger.Confirm, "key");
        world.Storage.TakeKey(payer.Key, new IdempotencyKeyEntry(
            hash, IdempotencyLedger.Fingerprint(first.Id.Value), first.Id.Value, world.Business.GetUtcNow().AddHours(24)));

        (await payer.ConfirmAsync(first.Id, "key")).Error!.Code.ShouldBe("idempotency_key_in_use");
        var repeat = (await payer.ConfirmAsync(first.Id, "key")).Value!;

        (repeat.Id, repeat.Status).ShouldBe((first.Id, PaymentStatus.Pending));
        world.EventsOf("payment.signed").ShouldBeEmpty();
    }

    [Fact]
    public async Task More_keys_than_are_kept_in_memory_are_all_known()
    {
        var storage = new MemoryStorage();
        var now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var memory = new KeyMemory(storage, "wal_1");
        for (var i = 0; i <= KeyMemory.MaxKept; i++)
        {
            (await FindAsync(memory, i)).ShouldBeNull();
            storage.TakeKey("wal_1", memory.Remember("quote", $"k{i}", "body", $"txn_{i}", now)!);
        }

        foreach (var remembering in new[] { memory, new KeyMemory(storage, "wal_1") })
        {
            (await FindAsync(remembering, 0))!.Value.ShouldBe("txn_0");
            (await FindAsync(remembering, KeyMemory.MaxKept))!.Value.ShouldBe($"txn_{KeyMemory.MaxKept}");
        }

        Task<Results.Result<string>?> FindAsync(KeyMemory keys, int number) =>
            keys.FindAsync("quote", $"k{number}", "body", now, TestContext.Current.CancellationToken);
    }

    private static async Task EndActivationAsync(TestWorld world, TestUser user)
    {
        world.Storage.FailNextWriteOf(user, Failing.BeforeTheWrite);
        await Should.ThrowAsync<Exception>(user.QuoteAsync(world.Network.NewOutsider(), "1"));
    }
}

public sealed class KeyInMemoryTests(SharedWorld shared) : KeyTests(shared), IClassFixture<SharedWorld>;

public sealed class KeyOnPostgresTests(SharedPostgresWorld shared) : KeyTests(shared), IClassFixture<SharedPostgresWorld>;
