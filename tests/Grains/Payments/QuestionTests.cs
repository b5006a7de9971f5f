using StellarPay.Grains.Network;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.Claims;
using StellarPay.Grains.Tests.World;

namespace StellarPay.Grains.Tests.Payments;

/// <summary>What a user's quotes ask of the network is little, and never at the cost of others.</summary>
public sealed class QuestionTests
{
    [Fact]
    public async Task A_users_quotes_for_one_payee_do_not_ask_the_network_each_time()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        var shop = world.Network.NewOutsider();

        for (var n = 0; n < 100; n++)
        {
            var quote = await user.QuotedAsync(shop, "0.01");
            (await user.CancelAsync(quote.Id)).Error.ShouldBeNull();
        }

        // 1,200 a minute is what the front door lets one user ask, and 3,600 an hour what a Horizon lets all of us.
        world.Network.AccountsAsked.Count(address => address == shop).ShouldBeLessThan(50);
    }

    [Fact]
    public async Task A_user_who_pays_one_payee_after_another_is_told_to_wait_and_nobody_else_is()
    {
        await using var world = await TestWorld.StartAsync();
        var (curious, other) = (await world.NewUserAsync("10"), await world.NewUserAsync("10"));
        var asked = new HashSet<string>();
        var refusal = default(Error);
        while (refusal is null && asked.Count < 1_000)
        {
            var shop = world.Network.NewOutsider();
            asked.Add(shop);
            var quote = await curious.QuoteAsync(shop, "0.01");
            refusal = quote.Error;
            if (quote.IsSuccess)
            {
                (await curious.CancelAsync(quote.Value.Id)).Error.ShouldBeNull();
            }
        }

        (refusal!.Kind, refusal.Code).ShouldBe((ErrorKind.RateLimited, "too_many_questions"));
        refusal.RetryAfter!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
        world.Network.AccountsAsked.Count(asked.Contains).ShouldBeLessThan(asked.Count);
        (await other.QuoteAsync(world.Network.NewOutsider(), "0.01")).Error.ShouldBeNull();
        (await curious.QuoteAsync(await other.AddressAsync(), "0.01")).Error.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_remembered_of_a_payee_refuses_nobody()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        var shop = FakeNetwork.NewAddress();
        (await user.QuoteAsync(shop, "1")).Error!.Code.ShouldBe("destination_not_found");

        world.Network.Look(ledger => ledger.Accounts[shop] = ledger.Accounts[world.Network.NewOutsider()]);

        (await user.QuoteAsync(shop, "1")).Error.ShouldBeNull();
    }

    [Fact]
    public async Task While_little_is_left_of_what_the_network_allows_a_quote_is_told_for_how_long()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        var shop = world.Network.NewOutsider();
        world.Network.BeforeAccount = address => address == shop
            ? throw new NetworkUnavailableException { BusyFor = TimeSpan.FromSeconds(7) }
            : Task.CompletedTask;

        var refusal = (await user.QuoteAsync(shop, "1")).Error!;

        (refusal.Kind, refusal.Code, refusal.RetryAfter).ShouldBe((ErrorKind.Unavailable, "network_busy", TimeSpan.FromSeconds(7)));
    }

    [Fact]
    public async Task A_confirmation_that_is_refused_again_and_again_asks_the_network_next_to_nothing()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        (await user.ConfirmAsync((await user.QuotedAsync(world.Network.NewOutsider(), "1")).Id, "used")).Error.ShouldBeNull();
        var aside = await user.SetAsideAsync(FakeNetwork.NewAddress(), "1");
        aside.Error.ShouldBeNull();
        world.Network.ForgetWhatWasAsked();

        for (var n = 0; n < 100; n++)
        {
            (await user.ConfirmAsync(aside.Value!.Id, "used")).Error!.Code.ShouldBe("idempotency_key_reused");
        }

        world.Network.AccountsAsked.Count.ShouldBeLessThan(5);
    }
}
