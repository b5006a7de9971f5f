using Microsoft.Extensions.DependencyInjection;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform.Treasury;
using StellarPay.Grains.Results;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.Claims;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Costs;

/// <summary>So many operations a day are free; what comes after them costs its payer a fee, in what he pays in.</summary>
public sealed class OperationFeeTests(OperationFeeTests.Shared shared) : IClassFixture<OperationFeeTests.Shared>
{
    private const long Cent = 100_000;

    [Fact]
    public async Task After_the_free_ones_a_payment_shows_its_fee_reserves_it_and_pays_it_to_the_treasury()
    {
        var world = await shared.ForTestAsync();
        var payer = await UsedUpAsync(world, await world.NewUserAsync("10"));
        var payee = world.Network.NewOutsider();
        var before = TreasuryHas(world);

        var quoted = await payer.QuotedAsync(payee, "1");

        quoted.FeeStroops.ShouldBe(Cent);
        (await payer.UsdcAsync()).Reserved.ShouldBe(10_000_000 + Cent);
        await payer.ConfirmedAsync(quoted.Id);
        var paid = await payer.UntilAsync(quoted.Id, PaymentStatus.Succeeded);
        paid.FeeStroops.ShouldBe(Cent);
        await payer.UntilBalanceAsync(100_000_000 - (2 * Cent) - 10_000_000 - Cent);
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        (TreasuryHas(world) - before).ShouldBe(Cent);
        world.Network.Look(l => l.Accounts[payee].Trustlines[world.Network.Usdc].Balance).ShouldBe(10_000_000);
        world.EventsOf("payment.succeeded").Last()["data"]!["fee"]!.GetValue<string>().ShouldBe("0.0100000");
        var limits = (await payer.Wallet.GetLimitsAsync(payer.Id)).Value!;
        (limits.FreeOperations, limits.OperationsUsed).ShouldBe((2, 2));
    }

    [Fact]
    public async Task The_next_day_is_free_again_and_other_users_have_days_of_their_own()
    {
        // Its clocks are a day ahead of others' when it is over.
        await using var world = await shared.StartOwnAsync();
        var payer = await UsedUpAsync(world, await world.NewUserAsync("10"));
        var other = await world.NewUserAsync("10");
        var payee = world.Network.NewOutsider();
        (await payer.QuotedAsync(payee, "1")).FeeStroops.ShouldBe(Cent);

        (await other.QuotedAsync(payee, "1")).FeeStroops.ShouldBe(0);
        world.Pass(TimeSpan.FromDays(1));

        (await payer.QuotedAsync(payee, "1")).FeeStroops.ShouldBe(0);
    }

    [Fact]
    public async Task Quotes_count_so_that_many_at_once_are_not_all_free()
    {
        var world = await shared.ForTestAsync();
        await TrustAsync(world);
        var payer = await world.NewUserAsync("100");
        var payee = world.Network.NewOutsider();

        var quotes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => payer.QuoteAsync(payee, "0.5")));

        quotes.Count(quote => quote.Value?.FeeStroops == 0).ShouldBe(2);
        quotes.Where(quote => !quote.IsSuccess).ShouldBeEmpty();
        (await payer.CancelAsync(quotes.First(quote => quote.Value!.FeeStroops == 0).Value!.Id)).Error.ShouldBeNull();
        (await payer.QuotedAsync(payee, "1")).FeeStroops.ShouldBe(0);
    }

    [Fact]
    public async Task Payments_with_fees_share_transactions_of_as_many_operations_as_there_may_be()
    {
        var world = await shared.ForTestAsync();
        var payer = await UsedUpAsync(world, await world.NewUserAsync("100"));
        var payee = world.Network.NewOutsider();
        // Quoted before: the first is not to wait for its ledger until it wants a higher fee.
        var quotes = new List<PaymentView>();
        for (var made = 0; made < 60; made++)
        {
            quotes.Add(await payer.QuotedAsync(payee, "0.1"));
        }

        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        var first = await payer.PayAsync(payee, "1");
        await payer.UntilSubmittedAsync(first.Id);
        var before = TransactionsOf(world);
        var payments = await Task.WhenAll(quotes.Select(quote => payer.ConfirmedAsync(quote.Id)));

        payments.ShouldAllBe(payment => payment.FeeStroops == Cent && payment.Status == PaymentStatus.Queued);
        world.Network.HoldPending(false);
        world.Network.CloseLedger();

        foreach (var payment in payments)
        {
            await payer.UntilAsync(payment.Id, PaymentStatus.Succeeded);
        }

        // Fifty of them are a hundred operations.
        (TransactionsOf(world) - before).ShouldBe(2);
        await payer.UntilBalanceAsync(1_000_000_000 - (2 * Cent) - 10_000_000 - (60 * 1_000_000) - (61 * Cent));
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
    }

    [Fact]
    public async Task What_the_fee_is_refused_for_ends_its_payment_and_is_not_tried_for_ever()
    {
        var world = await shared.ForTestAsync();
        var payer = await UsedUpAsync(world, await world.NewUserAsync("10"));
        var payee = world.Network.NewOutsider();
        world.Network.HoldPending(true);
        world.Network.Next(Answer.PendingThenApplied);
        var first = await payer.PayAsync(payee, "1");
        await payer.UntilSubmittedAsync(first.Id);
        var waiting = await payer.PayAsync(payee, "1");
        var another = await payer.PayAsync(payee, "1");
        world.Network.Look(l => l.Accounts[TreasuryAddress(world)].Trustlines[world.Network.Usdc].Limit = 1);
        try
        {
            // Not before: whoever looks for the first in between would see it applied with its fee.
            world.Network.HoldPending(false);
            world.Network.CloseLedger();

            foreach (var payment in new[] { first, waiting, another })
            {
                (await payer.UntilAsync(payment.Id, PaymentStatus.Failed)).FailureCode.ShouldBe("op_line_full");
            }

            (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        }
        finally
        {
            world.Network.Look(l => l.Accounts[TreasuryAddress(world)].Trustlines[world.Network.Usdc].Limit = long.MaxValue);
        }
    }

    [Fact]
    public async Task What_fails_on_the_ledger_pays_no_fee_and_so_many_may_fail_a_day()
    {
        await using var world = await shared.StartOwnAsync();
        var payer = await UsedUpAsync(world, await world.NewUserAsync("10"));
        var full = world.Network.NewOutsider();
        for (var failed = 0; failed < 25; failed++)
        {
            var quoted = await payer.QuotedAsync(full, "1");
            quoted.FeeStroops.ShouldBe(Cent);
            // It was quoted when there was room.
            world.Network.Look(l => l.Accounts[full].Trustlines[world.Network.Usdc].Limit = 1);
            await payer.ConfirmedAsync(quoted.Id);
            (await payer.UntilAsync(quoted.Id, PaymentStatus.Failed)).FailureCode.ShouldBe("op_line_full");
            world.Network.Look(l => l.Accounts[full].Trustlines[world.Network.Usdc].Limit = long.MaxValue);
        }

        var refusal = (await payer.QuoteAsync(full, "1")).Error!;

        (refusal.Kind, refusal.Code).ShouldBe((ErrorKind.RateLimited, "free_operations_used"));
        refusal.Message.ShouldContain("50 operations of others have failed");
        world.Pass(TimeSpan.FromDays(1));
        (await payer.QuotedAsync(full, "1")).FeeStroops.ShouldBe(0);
    }

    [Fact]
    public async Task Who_has_the_amount_and_not_the_fee_is_told_so()
    {
        var world = await shared.ForTestAsync();
        var payer = await UsedUpAsync(world, await world.NewUserAsync("10"));

        var refusal = (await payer.QuoteAsync(world.Network.NewOutsider(), "9.98")).Error!;

        (refusal.Kind, refusal.Code, refusal.Param).ShouldBe((ErrorKind.Refused, "insufficient_funds", "amount"));
        refusal.Message.ShouldBe(
            "The day's free payments are used up. This one costs a fee of 0.0100000 USDC, and the wallet has not enough to spend for both.");
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
        (await payer.QuoteAsync(world.Network.NewOutsider(), "9.97")).Error.ShouldBeNull();
    }

    [Fact]
    public async Task Around_a_claimable_balance_are_three_operations_and_its_fee_is_three_times_as_much()
    {
        var world = await shared.ForTestAsync();
        var payer = await UsedUpAsync(world, await world.NewUserAsync("10"));
        var before = TreasuryHas(world);

        var quote = await payer.SetAsideAsync(FakeNetwork.NewAddress(), "1");

        quote.Value!.FeeStroops.ShouldBe(3 * Cent);
        await payer.ConfirmedAsync(quote.Value.Id);
        await payer.UntilAsync(quote.Value.Id, PaymentStatus.Succeeded);
        await payer.UntilBalanceAsync(100_000_000 - (2 * Cent) - 10_000_000 - (3 * Cent));
        (TreasuryHas(world) - before).ShouldBe(3 * Cent);
        (await payer.PaymentAsync(quote.Value.Id)).Claimable!.Status.ShouldBe(ClaimStatus.Open);
    }

    [Fact]
    public async Task The_fee_is_at_least_what_the_operations_cost_the_platform()
    {
        var world = await shared.ForTestAsync();
        var payer = await UsedUpAsync(world, await world.NewUserAsync("10"));
        // 3,000 stroops are bid for the payment, its fee and the fee-bump: three cents.
        world.Rates.Set("XLM", 100m);

        (await payer.QuotedAsync(world.Network.NewOutsider(), "1")).FeeStroops.ShouldBe(3 * Cent);
    }

    [Fact]
    public async Task Where_the_treasury_cannot_take_the_asset_the_day_is_over()
    {
        await using var world = await TestWorld.StartAsync(with: services => Free(services, 0));
        var payer = await world.NewUserAsync("10");

        var refusal = (await payer.QuoteAsync(world.Network.NewOutsider(), "1")).Error!;

        (refusal.Kind, refusal.Code).ShouldBe((ErrorKind.RateLimited, "free_operations_used"));
        refusal.RetryAfter!.Value.ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromDays(1));
        (await payer.UsdcAsync()).Reserved.ShouldBe(0);
    }

    // Two payments of a cent.
    private static async Task<TestUser> UsedUpAsync(TestWorld world, TestUser payer)
    {
        await TrustAsync(world);
        var payee = world.Network.NewOutsider();
        for (var made = 0; made < 2; made++)
        {
            var paid = await payer.PayAsync(payee, "0.01");
            paid.FeeStroops.ShouldBe(0);
            await payer.UntilAsync(paid.Id, PaymentStatus.Succeeded);
        }

        await TestWorld.UntilAsync(async () => (await payer.UsdcAsync()).Reserved == 0, "the balance has them");
        return payer;
    }

    // However often each was sent, and with whatever fee.
    private static int TransactionsOf(TestWorld world) => world.Network.Submitted
        .Where(envelope => TransactionEnvelope.FromXdrBase64(envelope) is FeeBumpTransactionEnvelope)
        .Select(envelope => TransactionFactory.Unwrap(envelope).Envelope).Distinct().Count();

    private static async Task TrustAsync(TestWorld world)
    {
        var treasury = world.Grains.GetGrain<ITreasuryGrain>(ITreasuryGrain.Key);
        (await treasury.EnsureAsync(TestContext.Current.CancellationToken)).Error.ShouldBeNull();
        await TestWorld.UntilAsync(
            () => world.Network.Look(l => l.Accounts[TreasuryAddress(world)].Trustlines.ContainsKey(world.Network.Usdc)),
            "the treasury has its trustline");
    }

    private static string TreasuryAddress(TestWorld world) =>
        (string)world.Storage.Stored(GrainState.Treasury, ITreasuryGrain.Key)["key"]!["publicKey"]!;

    private static long TreasuryHas(TestWorld world) =>
        world.Network.Look(l => l.Accounts[TreasuryAddress(world)].Trustlines[world.Network.Usdc].Balance);

    private static void Free(IServiceCollection services, int operations) =>
        services.Configure<CostOptions>(options => options.FreeOperations.Tier0 = operations);

    public sealed class Shared : SharedWorld
    {
        protected override void Configure(IServiceCollection services) => Free(services, 2);
    }
}
