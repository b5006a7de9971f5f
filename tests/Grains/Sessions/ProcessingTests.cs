using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Sessions;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.Merchants;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Sessions;

/// <summary>What a session knows of payments that wallets here have signed and no ledger has yet.</summary>
public abstract class ProcessingTests(SharedWorld shared)
{
    private const long Unit = TestMerchant.Unit;
    private const string Processing = "processing";

    [Fact]
    public async Task While_a_wallet_here_has_signed_what_pays_it_a_session_says_so_and_cannot_be_cancelled()
    {
        var (shop, payer) = await OpenAsync();
        var session = await shop.NewSessionAsync(1_000);
        shop.World.Network.HoldPending(true);
        shop.World.Network.Next(Answer.PendingThenApplied);

        var paid = await PayAsync(shop, payer, session, "10");
        var view = await shop.UntilAsync(session.Id, IsProcessing, "a wallet has signed");
        var refused = await shop.GrainOf(session.Id).CancelAsync(shop.Id, "out of stock");

        (view.Status, refused.Error!.Kind, refused.Error.Code).ShouldBe(
            (PaymentSessionStatus.Created, ErrorKind.Conflict, "payment_session_processing"));
        shop.World.Network.HoldPending(false);
        shop.World.Network.CloseLedger();
        await payer.UntilAsync(paid.Id, PaymentStatus.Succeeded);
        (await shop.UntilPaidAsync(session.Id)).Facts.ShouldBeEmpty();
        shop.TypesOf(session.Id).ShouldBe(["payment_session.created", "payment_session.processing", "payment_session.paid"]);
        await UntilNoRowWaitsAsync(shop, session);
    }

    [Fact]
    public async Task Where_it_comes_to_nothing_the_session_is_told_says_so_and_can_be_cancelled()
    {
        var (shop, payer) = await OpenAsync();
        var session = await shop.NewSessionAsync(1_000);
        shop.World.Network.Next(Answer.RefuseForGood);

        var failed = await PayAsync(shop, payer, session, "10");

        await payer.UntilAsync(failed.Id, PaymentStatus.Failed);
        await TestWorld.UntilAsync(() => shop.TypesOf(session.Id).Length == 3, "the session is told");
        (await shop.ViewAsync(session.Id)).Facts.ShouldBeEmpty();
        shop.TypesOf(session.Id).ShouldBe(
            ["payment_session.created", "payment_session.processing", "payment_session.payment_failed"]);
        (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Value!.Status.ShouldBe(PaymentSessionStatus.Canceled);
    }

    [Fact]
    public async Task What_was_stored_and_not_said_is_heard_of_all_the_same()
    {
        var (shop, payer) = await OpenAsync();
        var session = await shop.NewSessionAsync(shop.Order(1_000, shop.World.Network.Usdc) with { ExpiresIn = TimeSpan.FromHours(24) });
        shop.World.Network.HoldPending(true);
        shop.World.Network.Next(Answer.PendingThenApplied);
        var quote = await payer.QuoteAsync(shop.Address, "10", memo: session.Id.Value);
        shop.World.Storage.FailNextWriteOf(payer, Failing.AfterTheWriteTookEffect);

        await Should.ThrowAsync<Exception>(() => payer.ConfirmAsync(quote.Value!.Id));

        // Nobody pokes the session: the process that would have is as good as gone.
        await UntilProcessingAsync(shop, session);
        shop.World.Network.HoldPending(false);
        shop.World.Network.CloseLedger();
        await shop.UntilPaidAsync(session.Id);
        shop.TypesOf(session.Id).ShouldBe(["payment_session.created", "payment_session.processing", "payment_session.paid"]);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("9.9999999")]
    public async Task What_would_not_complete_the_price_keeps_nobody_from_cancelling(string amount)
    {
        var (shop, payer) = await OpenAsync();
        var session = await shop.NewSessionAsync(1_000);
        shop.World.Network.HoldPending(true);
        shop.World.Network.Next(Answer.PendingThenApplied);
        var part = await PayAsync(shop, payer, session, amount);
        await payer.UntilSubmittedAsync(part.Id);

        var cancelled = await shop.GrainOf(session.Id).CancelAsync(shop.Id, null);

        cancelled.Error.ShouldBeNull();
        shop.World.Network.HoldPending(false);
        shop.World.Network.CloseLedger();
        (await shop.UntilAsync(session.Id, view => view.PaymentCount == 1, "it came")).Facts.ShouldBe(["late"]);
        shop.TypesOf(session.Id).ShouldBe(["payment_session.created", "payment_session.canceled", "payment_session.late"]);
    }

    [Fact]
    public async Task What_a_wallet_never_tells_the_end_of_ends_when_all_ledgers_up_to_its_last_moment_are_read()
    {
        var (shop, _) = await OpenAsync();
        var order = shop.Order(1_000, shop.World.Network.Usdc) with { ExpiresIn = TimeSpan.FromHours(24) };
        var (waits, cancelled) = (await shop.NewSessionAsync(order), await shop.NewSessionAsync(order));
        var until = shop.World.Business.GetUtcNow() + TimeSpan.FromMinutes(5);
        foreach (var session in new[] { waits, cancelled })
        {
            await SignAsync(shop, session, $"wal_{session.Id.Value}", until);
            await UntilProcessingAsync(shop, session);
        }

        (await shop.GrainOf(cancelled.Id).CancelAsync(shop.Id, null)).Error!.Code.ShouldBe("payment_session_processing");
        shop.World.Network.HoldFeed(true);
        shop.Pass(TimeSpan.FromMinutes(6));
        await shop.World.SweepAsync();
        // Ledgers of before its last moment may have it, and nobody has read them.
        (await shop.GrainOf(cancelled.Id).CancelAsync(shop.Id, null)).Error!.Code.ShouldBe("payment_session_processing");
        shop.World.Network.HoldFeed(false);

        await TestWorld.UntilAsync(
            async () => (await shop.GrainOf(cancelled.Id).CancelAsync(shop.Id, null)).IsSuccess, "it is cancelled");
        await shop.World.UntilAfterSweepsAsync(async () => !IsProcessing(await shop.ViewAsync(waits.Id)), "it looks by itself");
        shop.TypesOf(waits.Id).ShouldBe(
            ["payment_session.created", "payment_session.processing", "payment_session.payment_failed"]);
        (await shop.ViewAsync(waits.Id)).Status.ShouldBe(PaymentSessionStatus.Created);
    }

    [Fact]
    public async Task Many_wallets_at_once_are_one_beginning_and_a_state_stays_small()
    {
        var (shop, _) = await OpenAsync();
        var session = await shop.NewSessionAsync(1_000);
        var until = shop.World.Business.GetUtcNow() + TimeSpan.FromMinutes(5);

        for (var time = 0; time < 30; time++)
        {
            await SignAsync(shop, session, $"wal_{time}_{session.Id.Value}", until);
        }

        await UntilNoRowWaitsAsync(shop, session);
        shop.TypesOf(session.Id).ShouldBe(["payment_session.created", "payment_session.processing"]);
        shop.World.Storage.Stored("payment_session", session.Id.Value).ToJsonString().Length.ShouldBeLessThan(4_096);
        shop.Pay(10 * Unit, session.Id.Value);
        (await shop.UntilPaidAsync(session.Id)).Facts.ShouldBeEmpty();
        shop.World.Storage.Stored("payment_session", session.Id.Value).ToJsonString().ShouldNotContain("wal_");
    }

    [Fact]
    public async Task What_a_wallet_tells_of_a_session_that_has_ended_is_taken_in_and_changes_nothing()
    {
        var (shop, _) = await OpenAsync();
        var session = await shop.NewSessionAsync(1_000);
        (await shop.GrainOf(session.Id).CancelAsync(shop.Id, null)).Error.ShouldBeNull();

        await SignAsync(shop, session, $"wal_{session.Id.Value}", shop.World.Business.GetUtcNow() + TimeSpan.FromMinutes(5));

        await UntilNoRowWaitsAsync(shop, session);
        (await shop.ViewAsync(session.Id)).Facts.ShouldBeEmpty();
        shop.TypesOf(session.Id).ShouldBe(["payment_session.created", "payment_session.canceled"]);
    }

    private async Task<(TestMerchant Shop, TestUser Payer)> OpenAsync()
    {
        var shop = await TestMerchant.OpenAsync(await shared.ForTestAsync());
        return (shop, await shop.World.NewUserAsync("100"));
    }

    // As the write of a wallet does it that nobody has.
    internal static async Task SignAsync(
        TestMerchant shop, PaymentSessionView session, string wallet, DateTimeOffset until, long stroops = 10 * Unit, bool ends = false,
        bool begins = true, string? hash = null, string? replaced = null)
    {
        var (state, to) = (new WalletState(), new LedgerOwner(PaymentSessionState.Name, session.Id.Value));
        var amounts = new Dictionary<string, long> { [shop.World.Network.Usdc] = stroops };
        object[] told =
        [
            .. begins
                ? [new { signedHash = hash ?? HashOf(wallet), until, amounts, replaced = replaced is null ? null : new[] { replaced } }]
                : Array.Empty<object>(),
            .. ends ? [new { endedHash = hash ?? HashOf(wallet) }] : Array.Empty<object>(),
        ];
        foreach (var content in told)
        {
            ((IInboxState)state).Marks().Sent.Add(SentRow.Of(to, JsonSerializer.SerializeToElement(content)));
        }

        var storage = shop.World.Cluster.Silos[0].ServiceProvider.GetRequiredKeyedService<IGrainStorage>(GrainState.HotProvider);
        var stored = new GrainState<WalletState>(state);
        await storage.ReadStateAsync(GrainState.Wallet, GrainId.Create("wallet", wallet), stored);
        stored.State = state;
        await storage.WriteStateAsync(GrainState.Wallet, GrainId.Create("wallet", wallet), stored);
    }

    /// <summary>The hash of what <see cref="SignAsync"/> signs for a wallet.</summary>
    internal static string HashOf(string wallet) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wallet)));

    /// <summary>All that was told to a session is taken in.</summary>
    internal static Task UntilNoRowWaitsAsync(TestMerchant shop, PaymentSessionView session) => shop.World.UntilAfterSweepsAsync(
        async () => (await shop.World.Port<ILedgerInbox>().ReadRowsAsync(
            new LedgerOwner(PaymentSessionState.Name, session.Id.Value), new LedgerPlace(long.MaxValue, 0), 1,
            CancellationToken.None)).Count == 0,
        "nothing waits for the session");

    internal static bool IsProcessing(PaymentSessionView session) => session.Facts.Contains(Processing);

    internal static Task UntilProcessingAsync(TestMerchant shop, PaymentSessionView session) =>
        shop.World.UntilAfterSweepsAsync(async () => IsProcessing(await shop.ViewAsync(session.Id)), "it knows that a wallet has signed");

    private static async Task<PaymentView> PayAsync(
        TestMerchant shop, TestUser payer, PaymentSessionView session, string amount)
    {
        var quote = await payer.QuoteAsync(shop.Address, amount, memo: session.Id.Value);
        quote.Error.ShouldBeNull();
        return await payer.ConfirmedAsync(quote.Value!.Id);
    }
}

[Trait("Length", "long")]
public sealed class MemoryProcessingTests(SharedWorld shared) : ProcessingTests(shared), IClassFixture<SharedWorld>;

public sealed class PostgresProcessingTests(SharedPostgresWorld shared) : ProcessingTests(shared), IClassFixture<SharedPostgresWorld>;
