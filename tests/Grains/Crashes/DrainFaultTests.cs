using Orleans.Core.Internal;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Tests.Shared;

namespace StellarPay.Grains.Tests.Crashes;

/// <summary>Writes that fail while an inbox is drained.</summary>
public sealed class DrainFaultTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task A_row_whose_write_the_database_refuses_is_parked_alone_and_those_beside_it_are_taken_in()
    {
        await using var world = await TestWorld.StartAsync(storage: new PostgresStorage(database));
        await using (var command = database.DataSource.CreateCommand(
            """
            CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.data::text LIKE '%0.777%' THEN RAISE EXCEPTION 'poison' USING ERRCODE = '22023'; END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER poison BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION poison();
            """))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var user = await world.NewUserAsync("1");
        var address = await user.AddressAsync();
        var from = FakeNetwork.NewAddress();
        var usdc = Asset.Parse(world.Network.Usdc);
        world.Network.Add(sequence => new LedgerOperation(
            (sequence << 32) | 4097, $"hash-{sequence}", null, true, "invoke_host_function", from, address, new Amount(usdc, 1), null,
            sequence, DateTimeOffset.UnixEpoch)
        {
            Transfers = [.. new[] { 1L, 2, 7_770_000, 4, 5 }.Select(stroops =>
                new LedgerTransfer(from, address, new Amount(usdc, stroops), new Amount(usdc, stroops)))],
        });

        await user.UntilBalanceAsync(10_000_012);
        (await world.Port<StellarPay.Grains.Ledger.IParkedRows>().CountOpenAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
    }

    [Fact]
    public async Task A_quote_that_asks_the_network_while_a_write_fails_is_given_and_holds_up_nobody()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        var address = await user.AddressAsync();
        var destination = world.Network.NewOutsider();
        var (asked, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Network.BeforeAccount = _ =>
        {
            asked.TrySetResult();
            return held.Task;
        };
        var quote = user.QuoteAsync(destination, "1");
        await asked.Task;
        world.Storage.FailNextWriteOf(user, Failing.BeforeTheWrite);
        world.Network.Issue(address, 5);
        await TestWorld.UntilAsync(
            () => world.Log.Lines.Any(line => line.Contains(" 1001 ", StringComparison.Ordinal) && line.Contains(user.Key, StringComparison.Ordinal)),
            "the write has failed");

        // What is stored is read again in place: an activation that ended would first wait for the quote.
        await user.UntilBalanceAsync(100_000_005);
        world.Network.BeforeAccount = null;
        held.SetResult();
        (await quote).Error.ShouldBeNull();
    }

    [Fact]
    public async Task An_activation_that_is_to_end_while_a_quote_asks_the_network_gives_the_quote()
    {
        await using var world = await TestWorld.StartAsync();
        var user = await world.NewUserAsync("10");
        var destination = world.Network.NewOutsider();
        var (asked, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Network.BeforeAccount = _ =>
        {
            asked.TrySetResult();
            return held.Task;
        };
        var quote = user.QuoteAsync(destination, "1");
        await asked.Task;

        // As when its silo is told to stop. From here on it is given no calls, not even its own.
        await user.Wallet.AsReference<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);
        held.SetResult();

        (await quote).Error.ShouldBeNull();
        (await user.ViewAsync()).ShouldNotBeNull();
    }
}
