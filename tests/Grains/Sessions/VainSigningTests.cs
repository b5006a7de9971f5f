using StellarPay.Grains.Sessions;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Sessions;

/// <summary>
/// What wallets sign for a session in vain, in part, anew, or too late to tell: what it keeps from being cancelled, and what not.
/// </summary>
public sealed class VainSigningTests(SharedPostgresWorld shared) : IClassFixture<SharedPostgresWorld>
{
    private const long Unit = TestMerchant.Unit;
    private const string Refused = "payment_session_processing";
    private static readonly TimeSpan Valid = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task What_thirty_others_signed_in_vain_leaves_the_next_ones_protection_as_it_was()
    {
        var (shop, session) = await OpenAsync();
        for (var time = 0; time < 30; time++)
        {
            await ProcessingTests.SignAsync(shop, session, $"wal_{time}_{session.Id.Value}", Soon(shop), ends: true);
        }

        await ProcessingTests.SignAsync(shop, session, $"wal_last_{session.Id.Value}", Soon(shop));

        (await CancelAsync(shop, session)).ShouldBe(Refused);
        var told = shop.TypesOf(session.Id);
        told.Count(type => type == "payment_session.processing").ShouldBeLessThanOrEqualTo(20);
        told.Count(type => type == "payment_session.payment_failed").ShouldBeLessThanOrEqualTo(20);
    }

    [Fact]
    public async Task Of_one_wallet_no_more_is_noted_once_two_came_to_nothing()
    {
        var (shop, session) = await OpenAsync();
        var wallet = $"wal_{session.Id.Value}";
        foreach (var hash in new[] { "a", "b" })
        {
            await ProcessingTests.SignAsync(shop, session, wallet, Soon(shop), ends: true, hash: hash);
        }

        await ProcessingTests.SignAsync(shop, session, wallet, Soon(shop), hash: "c");

        (await CancelAsync(shop, session)).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_signed_in_vain_keeps_it_from_being_cancelled_a_quarter_of_an_hour_in_all()
    {
        var (shop, session) = await OpenAsync();
        var known = shop.World.Business.GetUtcNow();
        for (var time = 0; time < 3; time++)
        {
            await ProcessingTests.SignAsync(shop, session, $"wal_{time}_{session.Id.Value}", Soon(shop));
            await ProcessingTests.UntilProcessingAsync(shop, session);
            if (time == 0)
            {
                (await CancelAsync(shop, session)).ShouldBe(Refused);
            }

            // Sweeps have moved the business's clock on; ledgers come after it.
            var ahead = shop.World.Business.GetUtcNow() - known;
            shop.World.Network.Look(ledger => ledger.ClockOffset += ahead);
            shop.Pass(Valid + TimeSpan.FromMinutes(1));
            known = shop.World.Business.GetUtcNow();
            await shop.World.UntilAfterSweepsAsync(
                async () => !ProcessingTests.IsProcessing(await shop.ViewAsync(session.Id)), "nothing came of it");
        }

        await ProcessingTests.SignAsync(shop, session, $"wal_last_{session.Id.Value}", Soon(shop));

        // It says still that somebody pays it.
        await ProcessingTests.UntilProcessingAsync(shop, session);
        (await CancelAsync(shop, session)).ShouldBeNull();
    }

    [Fact]
    public async Task A_part_that_completes_it_with_what_came_since_counts_from_then_on()
    {
        var (shop, session) = await OpenAsync();
        var wallet = $"wal_{session.Id.Value}";
        await ProcessingTests.SignAsync(shop, session, wallet, Soon(shop), 6 * Unit);
        await ProcessingTests.UntilNoRowWaitsAsync(shop, session);
        ProcessingTests.IsProcessing(await shop.ViewAsync(session.Id)).ShouldBeFalse();

        shop.Pay(4 * Unit, session.Id.Value);

        await ProcessingTests.UntilProcessingAsync(shop, session);
        (await CancelAsync(shop, session)).ShouldBe(Refused);
        shop.Pay(6 * Unit, session.Id.Value, innerHash: ProcessingTests.HashOf(wallet));
        await shop.UntilPaidAsync(session.Id);
    }

    [Fact]
    public async Task Parts_of_two_wallets_complete_it_together()
    {
        var (shop, session) = await OpenAsync();
        await ProcessingTests.SignAsync(shop, session, $"wal_1_{session.Id.Value}", Soon(shop), 6 * Unit);
        await ProcessingTests.SignAsync(shop, session, $"wal_2_{session.Id.Value}", Soon(shop), 4 * Unit);

        (await CancelAsync(shop, session)).ShouldBe(Refused);
    }

    [Fact]
    public async Task Of_a_transaction_that_pays_twice_the_first_payment_is_not_the_end()
    {
        var (shop, session) = await OpenAsync();
        var wallet = $"wal_{session.Id.Value}";
        await ProcessingTests.SignAsync(shop, session, wallet, Soon(shop));
        await ProcessingTests.UntilProcessingAsync(shop, session);

        shop.Pay(6 * Unit, session.Id.Value, innerHash: ProcessingTests.HashOf(wallet));
        await shop.UntilAsync(session.Id, view => view.PaymentCount == 1, "the first is there");

        (await CancelAsync(shop, session)).ShouldBe(Refused);
        shop.Pay(4 * Unit, session.Id.Value, innerHash: ProcessingTests.HashOf(wallet));
        await shop.UntilPaidAsync(session.Id);
        shop.TypesOf(session.Id).ShouldNotContain("payment_session.payment_failed");
    }

    [Fact]
    public async Task What_is_signed_anew_stands_for_what_it_replaces_and_for_nothing_else()
    {
        var (shop, session) = await OpenAsync();
        var wallet = $"wal_{session.Id.Value}";
        await ProcessingTests.SignAsync(shop, session, wallet, Soon(shop), hash: "a");
        await ProcessingTests.SignAsync(shop, session, wallet, Soon(shop), hash: "b");
        // The first one may have landed: it stands.
        await ProcessingTests.SignAsync(shop, session, wallet, Soon(shop), begins: false, ends: true, hash: "b");
        (await CancelAsync(shop, session)).ShouldBe(Refused);

        await ProcessingTests.SignAsync(shop, session, wallet, Soon(shop), 6 * Unit, hash: "c", replaced: "a");

        (await CancelAsync(shop, session)).ShouldBeNull();
        shop.TypesOf(session.Id).ShouldBe(
        [
            "payment_session.created", "payment_session.processing", "payment_session.payment_failed", "payment_session.canceled",
        ]);
    }

    [Fact]
    public async Task What_was_judged_before_it_was_told_and_what_no_ledger_can_have_any_more_begin_nothing()
    {
        var (shop, session) = await OpenAsync();
        var wallet = $"wal_{session.Id.Value}";
        shop.Pay(4 * Unit, session.Id.Value, innerHash: ProcessingTests.HashOf(wallet));
        await shop.UntilAsync(session.Id, view => view.PaymentCount == 1, "it is there");

        await ProcessingTests.SignAsync(shop, session, wallet, Soon(shop));
        await ProcessingTests.SignAsync(shop, session, wallet, shop.World.Business.GetUtcNow() - TimeSpan.FromHours(1), hash: "old");

        await ProcessingTests.UntilNoRowWaitsAsync(shop, session);
        (await CancelAsync(shop, session)).ShouldBeNull();
        shop.TypesOf(session.Id).ShouldBe(["payment_session.created", "payment_session.underpaid", "payment_session.canceled"]);
    }

    [Fact]
    public async Task No_write_puts_off_when_it_is_looked_at()
    {
        var (shop, session) = await OpenAsync();
        var until = Soon(shop);
        await ProcessingTests.SignAsync(shop, session, $"wal_{session.Id.Value}", until);
        await ProcessingTests.UntilProcessingAsync(shop, session);
        shop.World.Network.HoldFeed(true);
        shop.Pass(Valid + TimeSpan.FromMinutes(1));

        (await shop.GrainOf(session.Id).ViewAsync(shop.Id)).Error.ShouldBeNull();

        var stored = shop.World.Storage.Stored("payment_session", session.Id.Value);
        stored["viewedAt"].ShouldNotBeNull();
        stored["dueAt"]!.GetValue<DateTimeOffset>().ShouldBeLessThan(shop.World.Business.GetUtcNow());
        shop.World.Network.HoldFeed(false);
    }

    private static DateTimeOffset Soon(TestMerchant shop) => shop.World.Business.GetUtcNow() + Valid;

    private static async Task<string?> CancelAsync(TestMerchant shop, PaymentSessionView session) =>
        (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error?.Code;

    private async Task<(TestMerchant Shop, PaymentSessionView Session)> OpenAsync()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        var order = shop.Order(1_000, shop.World.Network.Usdc) with { ExpiresIn = TimeSpan.FromHours(24) };
        return (shop, await shop.NewSessionAsync(order));
    }
}
