using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StellarPay.Frontdoor.Books;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;
using StellarPay.Grains.Books;
using StellarPay.Grains.Network;

namespace StellarPay.Frontdoor.Tests.Books;

/// <summary>
/// Whatever is paid, the books say what the chain says. On a host of its own: what it looks at is everything that ever happened on it.
/// </summary>
public sealed class BooksTests(SessionHost host) : IClassFixture<SessionHost>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private IBooks Books => host.Services.GetRequiredService<IBooks>();

    [Fact]
    public async Task After_a_shop_was_paid_the_books_say_what_the_chain_says_and_a_payment_behind_their_back_is_found()
    {
        var shop = await PaidShop.OpenAsync(host);
        var session = await shop.NewSessionAsync(new { amount = 1000, currency = "USD" });
        var to = session.GetProperty("pay_to");
        var payer = await host.SignUpAsync();
        var wallet = (await Eventually.UntilAsync(
            () => payer.GetAsync("/v1/wallet"), answer => answer.Body.GetProperty("status").GetString() == "active")).Body;
        await IssueAsync(wallet.GetProperty("address").GetString()!, "40");
        await Eventually.UntilAsync(
            async () => (await payer.GetAsync("/v1/wallet")).Text.Contains("\"40.0000000\"", StringComparison.Ordinal), "he has money");
        var before = await TimeOfLastAsync(wallet);
        (await payer.PostAsync("/v1/payments", new
        {
            recipient = to.GetProperty("address").GetString(), asset = "USDC", amount = "12", memo = to.GetProperty("memo").GetString(),
            confirm = true,
        }, Api.NewKey())).ShouldBeOk();
        await shop.UntilAsync(session.GetProperty("id").GetString()!, "paid");
        // The session is the first to know: the shop's account books what it says, and the payer's wallet what left it, by
        // themselves. Whoever compares with the chain takes what waits for them as booked.
        await Eventually.UntilAsync(
            async () => (await shop.BalanceAsync("USDC"))?.GetProperty("available").GetString() == "11.9000000", "the shop has booked it");
        await Eventually.UntilAsync(
            async () => (await payer.GetAsync("/v1/wallet")).Text.Contains("\"28.0000000\"", StringComparison.Ordinal), "the payer has booked it");

        await ReconcileAsync(0, "the books agree");
        // Deposit and sale are two of the shop's events; the journal may have taken the first alone by now.
        (string, long)[] wanted = [("ledger", -120_000_000), ("merchant_available", 119_000_000), ("merchant_fees", 1_000_000)];
        await Eventually.UntilAsync(async () => (await OfShopAsync(shop.Id)).SequenceEqual(wanted), "the journal has the sale");
        await Eventually.UntilAsync(
            async () => await OfWalletAsync(wallet, DateTimeOffset.MaxValue) == 28_000_000_0, "the journal has what left the wallet");
        (await OfWalletAsync(wallet, before)).ShouldBe(40_000_000_0);
        (await Books.ReadBalancesAsync(DateTimeOffset.MaxValue, null, Cancelled)).GroupBy(balance => balance.Asset)
            .ShouldAllBe(asset => asset.Sum(balance => balance.Stroops) == 0);

        await PayUnseenAsync(to.GetProperty("address").GetString()!, "7");

        (await ReconcileAsync(ReconcileReport.Differs, "it is found")).ShouldContain(
            " is 19.0000000 on the ledger and 12.0000000 by the books.");
        // Whoever compares all the time finds it as soon as that account is touched again.
        await IssueAsync(to.GetProperty("address").GetString()!, "1");
        await Eventually.UntilAsync(
            async () => await CountAsync("SELECT count(*) FROM events WHERE type = 'books.difference_found' AND subject = $1", shop.Id) == 1,
            "an event tells it");
        (await CountAsync("SELECT count(*) FROM book_differences WHERE owner = $1 AND chain - booked = 70000000", shop.Id)).ShouldBe(1);
    }

    // Ledgers close several times a second here, by a clock of seconds: the next one that it is paid in is to be another second's.
    private async Task<DateTimeOffset> TimeOfLastAsync(JsonElement wallet)
    {
        var id = wallet.GetProperty("id").GetString()!;
        await Eventually.UntilAsync(
            async () => (await Books.ReadBalancesAsync(DateTimeOffset.MaxValue, id, Cancelled)).Any(
                balance => balance.Account == "wallet" && balance.Asset.StartsWith("USDC", StringComparison.Ordinal) && balance.Stroops > 0),
            "the journal has what came to the wallet");
        await Eventually.UntilAsync(
            async () => await CountAsync(
                "SELECT count(*) FROM ledger_watermark WHERE closed_at > (SELECT max(at) FROM journal WHERE subject = $1)", id) == 1,
            "a later second");
        await using var command = Command("SELECT max(at) FROM journal WHERE subject = $1", id);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(Cancelled))!);
    }

    private async Task<(string, long)[]> OfShopAsync(string shop) =>
    [
        .. (await Books.ReadBalancesAsync(DateTimeOffset.MaxValue, shop, Cancelled)).Select(balance => (balance.Account, balance.Stroops)),
    ];

    private async Task<long> OfWalletAsync(JsonElement wallet, DateTimeOffset at) =>
        (await Books.ReadBalancesAsync(at, wallet.GetProperty("id").GetString(), Cancelled))
        .Single(balance => balance.Account == "wallet" && balance.Asset.StartsWith("USDC", StringComparison.Ordinal)).Stroops;

    // To the follower the address is nobody's while that ledger is read.
    private async Task PayUnseenAsync(string address, string amount)
    {
        await RunAsync("CREATE TABLE hidden (LIKE ledger_addresses)");
        await RunAsync(
            "WITH gone AS (DELETE FROM ledger_addresses WHERE address = $1 RETURNING *) INSERT INTO hidden SELECT * FROM gone", address);
        await IssueAsync(address, amount);
        using var sandbox = new HttpClient { BaseAddress = host.Sandbox };
        var ledger = (await sandbox.GetFromJsonAsync<JsonElement>("/", Cancelled)).GetProperty("history_latest_ledger").GetInt64();
        await Eventually.UntilAsync(
            async () => await CountAsync("SELECT count(*) FROM ledger_watermark WHERE ledger >= cast($1 AS bigint)", $"{ledger}") == 1,
            "the follower has read it");
        await RunAsync("INSERT INTO ledger_addresses SELECT * FROM hidden");
    }

    private async Task IssueAsync(string account, string amount)
    {
        using var sandbox = new HttpClient { BaseAddress = host.Sandbox };
        (await sandbox.PostAsJsonAsync("/admin/issue", new { account, asset = "USDC", amount }, Cancelled)).EnsureSuccessStatusCode();
    }

    private async Task<string> ReconcileAsync(int code, string what)
    {
        var output = new StringWriter();
        var report = new ReconcileReport(Books, output);
        var network = host.Services.GetRequiredService<INetworkQuestions>();
        var came = await report.CompareAsync(new Reconciliation(Books, network, TimeProvider.System), Cancelled);
        came.ShouldBe(code, $"{what}: {output}");
        return output.ToString();
    }

    private async Task<long> CountAsync(string sql, string value)
    {
        await using var command = Command(sql, value);
        return (long)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private async Task RunAsync(string sql, params string[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private NpgsqlCommand Command(string sql, params string[] values)
    {
        var command = host.Database.DataSource.CreateCommand(sql);
        command.Parameters.AddRange(values.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        return command;
    }
}
