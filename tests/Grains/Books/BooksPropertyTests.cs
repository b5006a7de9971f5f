using System.Text.Json;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Books;
using StellarPay.Adapters.Postgres.Projections;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;
using StellarPay.Tests.Shared;

namespace StellarPay.Grains.Tests.Books;

/// <summary>
/// Whatever series of things ledgers and sessions do, the journal has what owners have: the two are booked by different code, and meet in
/// the events alone.
/// </summary>
public sealed class BooksPropertyTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int Steps = 120;

    private static readonly string Wallet = FakeNetwork.NewAddress();
    private static readonly string Shop = FakeNetwork.NewAddress();
    private static readonly Asset[] Assets = [Asset.Native, Asset.Parse($"USDC:{FakeNetwork.NewAddress()}")];
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_journal_has_what_a_wallet_and_a_merchant_have_after_any_series(int seed)
    {
        var random = new Random(seed);
        var wallet = new WalletState { Owner = "usr_1", Address = Wallet };
        var events = new WalletEvents("wal_1", wallet, [], TimeProvider.System);
        var (walletBook, merchant) = (new WalletBook(wallet, events), new MerchantState { Key = new EncryptedSeed(Shop, 1, "k", [], [], []) });
        var merchantBook = new MerchantBook("mer_1", merchant, TimeProvider.System);
        var set = new List<(string Id, Amount Amount)>();
        var reserved = new List<RefundOrderRecord>();
        var (verdicts, refunds) = (0, 0);
        for (var step = 1; step <= Steps; step++)
        {
            var token = ((long)step / 3 + 100) << 32 | (uint)step;
            var operation = Next(random, token, set);
            walletBook.Apply(new LedgerEntry(new LedgerPlace(token, 0), Movement: operation), Noon);
            merchantBook.Move(new LedgerPlace(token, 0), operation);
            verdicts += Judge(random, merchant, merchantBook) ? 1 : 0;
            refunds += Refund(random, merchant, merchantBook, reserved) ? 1 : 0;
            if (random.Next(10) == 0)
            {
                var paid = Fee(random.Next(2) == 0 ? Wallet : Shop, token);
                walletBook.Apply(new LedgerEntry(new LedgerPlace(token, 1), Outcome: paid), Noon);
                merchantBook.Pay(paid);
            }

            if (random.Next(4) == 0)
            {
                await TellAsync(events.Flush, merchantBook.Flush, wallet, merchant, step);
            }
        }

        await TellAsync(events.Flush, merchantBook.Flush, wallet, merchant, Steps + 1);
        (verdicts > 10, refunds > 3).ShouldBe((true, true));
        set.ShouldNotBeEmpty();

        var books = new PostgresBooks(database.DataSource, Service());
        var balances = await books.ReadBalancesAsync(DateTimeOffset.MaxValue, null, Cancelled);
        balances.GroupBy(balance => balance.Asset).ShouldAllBe(asset => asset.Sum(balance => balance.Stroops) == 0);
        foreach (var asset in Assets.Select(each => each.Canonical))
        {
            var book = merchant.Books.GetValueOrDefault(asset) ?? new AssetBook();
            Of("wal_1", "wallet").ShouldBe(WalletBalances.Balance(wallet, asset));
            Of("wal_1", "ledger").ShouldBe(-WalletBalances.Balance(wallet, asset));
            Of("wal_1", "claimable").ShouldBe(set.Where(each => each.Amount.Asset.Canonical == asset).Sum(each => each.Amount.Stroops));
            Of("mer_1", "ledger").ShouldBe(-book.OnLedger);
            (Of("mer_1", "merchant_unallocated"), Of("mer_1", "merchant_pending"), Of("mer_1", "merchant_available"))
                .ShouldBe((book.Unallocated, book.Pending, book.Available));
            (Of("mer_1", "merchant_held"), Of("mer_1", "merchant_fees"), Of("mer_1", "merchant_refunds"))
                .ShouldBe((book.Held, book.Fees, book.Refunds));

            long Of(string owner, string account) =>
                balances.SingleOrDefault(each => (each.Owner, each.Account, each.Asset) == (owner, account, asset))?.Stroops ?? 0;
        }

        (await books.CountUnpostedAsync(Cancelled)).ShouldBe(0);
        (await books.VerifyAsync(Cancelled)).ShouldBeEmpty();
    }

    // Payments of all sizes to and from both, by strangers and between the two; balances set aside, claimed by others and taken back;
    // clawbacks.
    private static LedgerOperation Next(Random random, long token, List<(string Id, Amount Amount)> set)
    {
        var amount = new Amount(Assets[random.Next(Assets.Length)], random.Next(1, random.Next(3) == 0 ? 2_000 : 900_000_000));
        var plain = Operation(token, "payment", FakeNetwork.NewAddress(), random.Next(2) == 0 ? Wallet : Shop, amount);
        switch (random.Next(10))
        {
            case 0:
                return plain with { From = Wallet, To = Shop };
            case 1:
                return plain with { From = Shop, To = FakeNetwork.NewAddress(), Amount = amount with { Stroops = 4_000 } };
            case 8:
                return plain with { From = Shop, To = null, Type = "clawback" };
            case 2:
                return plain with { From = Wallet, To = null, Type = "clawback" };
            case 3:
                return plain with { From = Wallet, To = Wallet, Type = "path_payment_strict_send", SourceAmount = new Amount(Assets[0], 5_000) };
            case 4 or 5:
                set.Add(($"{token}", amount));
                return plain with { Type = "create_claimable_balance", From = Wallet, To = null, BalanceId = $"{token}", Claimants = [Shop] };
            case 6 or 7 when set.Count > 1:
                var claimed = set[random.Next(set.Count)];
                set.Remove(claimed);
                return plain with
                {
                    Type = "claim_claimable_balance", From = null, To = random.Next(2) == 0 ? Wallet : FakeNetwork.NewAddress(),
                    Amount = claimed.Amount, BalanceId = claimed.Id, Creator = Wallet,
                };
            default:
                return plain;
        }
    }

    private static bool Judge(Random random, MerchantState state, MerchantBook book)
    {
        var asset = Assets[random.Next(Assets.Length)].Canonical;
        if (random.Next(2) == 0 || !state.Books.TryGetValue(asset, out var held) || held.Unallocated < 10)
        {
            return false;
        }

        var received = random.NextInt64(1, held.Unallocated);
        var counted = random.NextInt64(0, received);
        var kept = random.NextInt64(0, received - counted + 1);
        var pending = held.Pending + counted;
        var settled = random.Next(3) == 0 ? pending : 0;
        book.Judge(new SessionVerdict(
            "pay_1", asset, received, counted, kept, received - counted - kept, settled,
            settled == 0 && random.Next(3) == 0 ? pending : 0, settled / 100));
        return true;
    }

    private static bool Refund(Random random, MerchantState state, MerchantBook book, List<RefundOrderRecord> reserved)
    {
        var asset = Assets[random.Next(Assets.Length)].Canonical;
        if (random.Next(2) == 0 || !state.Books.TryGetValue(asset, out var has))
        {
            return false;
        }

        if (reserved.Find(order => order.Asset == asset) is { } order && has.Refunds >= order.Stroops && random.Next(3) == 0)
        {
            reserved.Remove(order);
            book.Release(order);
            return true;
        }

        var isHeld = random.Next(2) == 0 && has.Held > 5_000;
        var next = new RefundOrderRecord
        {
            Refund = "re_1", Asset = asset, Stroops = 5_000, IsHeld = isHeld, FeeStroops = isHeld ? 0 : Math.Min(has.Fees, 50),
        };
        if (!book.Reserve(next))
        {
            return false;
        }

        reserved.Add(next);
        return true;
    }

    // What the write of each state tells, in its statement.
    private async Task TellAsync(Action flushWallet, Action flushMerchant, WalletState wallet, MerchantState merchant, int version)
    {
        flushWallet();
        flushMerchant();
        foreach (var (kind, key, marks) in new[] { ("wallet", "wal_1", wallet.Inbox), ("merchant", "mer_1", merchant.Inbox) })
        {
            await RunAsync("SELECT ledger_tell_booked($1, $2, $3, $4, $5::jsonb)", _service, kind, key, version, Json(marks?.Booked ?? []));
        }

        foreach (var outbox in new[] { wallet.Outbox, merchant.Outbox })
        {
            await RunAsync("SELECT events_append($1, $2::jsonb)", _service, Json(outbox));
        }

        (wallet.Inbox, merchant.Inbox, wallet.Outbox, merchant.Outbox) = (null, null, [], []);
        var projections = new PostgresProjections(database.DataSource, Service());
        await TestWorld.UntilAsync(async () =>
        {
            await projections.AdvanceAsync("journal", Cancelled);
            await using var command = database.DataSource.CreateCommand(
                """
                SELECT NOT EXISTS (
                    SELECT FROM events e JOIN projections p ON p.service_id = $1 AND p.name = 'journal'
                    WHERE e.service_id = $1 AND (e.xid, e.id) > (p.xid, p.id))
                """);
            command.Parameters.AddWithValue(_service);
            return (bool)(await command.ExecuteScalarAsync(Cancelled))!;
        }, "all is posted");
    }

    private async Task RunAsync(string sql, params object[] values)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        Array.ForEach(values, value => command.Parameters.AddWithValue(value));
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private IOptions<PostgresOptions> Service() => Options.Create(new PostgresOptions { ServiceId = _service });

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, StateJson.Options);

    private static LedgerOperation Operation(long token, string type, string? from, string? to, Amount amount) => new(
        token, $"{token:x64}", null, true, type, from, to, amount, null, token >> 32, Noon);

    private static LedgerOutcome Fee(string payer, long token) => new(
        token, $"{token:x64}", null, true, payer, 1, [payer], null, null, payer, 100, token >> 32, Noon);
}
