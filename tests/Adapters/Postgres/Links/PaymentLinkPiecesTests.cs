using System.Text.Json;
using Npgsql;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Links;

/// <summary>Pieces of payment links, by infra/postgres/migrations/0063_payment_links.sql. The bug kept away: one sold twice.</summary>
public sealed class PaymentLinkPiecesTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // A front door that was stopped between taking a piece and asking for the session made it eleven minutes later.
    [Fact]
    public async Task A_session_whose_piece_was_given_to_another_meanwhile_is_not_stored()
    {
        await AddAsync("plink_one", stock: 1);
        (await TakeAsync("plink_one", "pay_a")).ShouldBe("taken");
        await RunAsync("UPDATE payment_link_pieces SET taken_at = now() - interval '11 minutes' WHERE service_id = $1");
        (await TakeAsync("plink_one", "pay_b", holder: "other")).ShouldBe("taken");

        (await Should.ThrowAsync<PostgresException>(() => StoreAsync("pay_a", "Created", version: null))).SqlState.ShouldBe("SP007");

        await StoreAsync("pay_b", "Created", version: null);
        await StoreAsync("pay_b", "Paid", version: 1);
        await SettleAsync("plink_one");
        (await StandsAsync("plink_one")).ShouldBe("0 1");
        (await TakeAsync("plink_one", "pay_c", holder: "third")).ShouldBe("sold_out");
    }

    [Fact]
    public async Task A_piece_whose_session_is_being_stored_is_not_given_to_another()
    {
        await AddAsync("plink_race", stock: 1);
        await TakeAsync("plink_race", "pay_d");
        await RunAsync("UPDATE payment_link_pieces SET taken_at = now() - interval '11 minutes' WHERE service_id = $1");
        await using var storing = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using (var transaction = await storing.BeginTransactionAsync(Cancelled))
        {
            await using (var write = new NpgsqlCommand(Write("pay_d", "Created", version: null), storing, transaction))
            {
                write.Parameters.AddWithValue(_service);
                await write.ExecuteScalarAsync(Cancelled);
            }

            (await TakeAsync("plink_race", "pay_e", holder: "other")).ShouldBe("sold_out");
            await transaction.CommitAsync(Cancelled);
        }

        (await TakeAsync("plink_race", "pay_e", holder: "other")).ShouldBe("sold_out");
        (await StandsAsync("plink_race")).ShouldBe("1 0");
    }

    [Fact]
    public async Task What_a_session_gave_back_is_there_at_once_and_what_it_paid_is_sold_once()
    {
        await AddAsync("plink_two", stock: 2);
        foreach (var (session, holder) in new[] { ("pay_f", "one"), ("pay_g", "other") })
        {
            await TakeAsync("plink_two", session, holder);
            await StoreAsync(session, "Created", version: null);
        }

        (await TakeAsync("plink_two", "pay_h", holder: "third")).ShouldBe("sold_out");
        await StoreAsync("pay_f", "Paid", version: 1);
        await StoreAsync("pay_g", "Expired", version: 1);
        (await TakeAsync("plink_two", "pay_h", holder: "third")).ShouldBe("taken");
        (await StandsAsync("plink_two")).ShouldBe("1 1");
        await RunAsync("SELECT payment_link_give_back($1, 'plink_two', 'pay_h')");
        await RunAsync("SELECT payment_link_give_back($1, 'plink_two', 'pay_f')");
        (await StandsAsync("plink_two")).ShouldBe("0 1");
    }

    // At 50,000 held pieces it took 300 ms, under the link's lock.
    [Fact]
    public async Task To_take_a_piece_costs_the_same_whatever_is_held()
    {
        await AddAsync("plink_big", stock: 1_000_000);
        await RunAsync(
            """
            INSERT INTO payment_link_pieces (service_id, session, link, holder, site, status)
            SELECT $1, 'pay_big' || n, 'plink_big', 'h' || n, 's' || n, 'made' FROM generate_series(1, 10000) n
            """);
        await RunAsync("UPDATE payment_links SET held = 10000 WHERE service_id = $1 AND id = 'plink_big'");
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancelled);

        // What a connection reads of the catalogue to plan it the first time is no part of it.
        await BlocksAsync(connection, "pay_i");
        (await BlocksAsync(connection, "pay_j")).ShouldBeLessThan(100);
    }

    [Fact]
    public async Task Nobody_holds_more_than_a_tenth_of_a_stock_by_one_address_or_by_a_network_of_them()
    {
        await AddAsync("plink_ten", stock: 30);
        for (var n = 0; n < 3; n++)
        {
            (await TakeAsync("plink_ten", $"pay_k{n}", holder: $"one {n}", site: "around")).ShouldBe("taken");
        }

        (await TakeAsync("plink_ten", "pay_k3", holder: "one 3", site: "around")).ShouldBe("too_many");
        (await TakeAsync("plink_ten", "pay_k4", holder: "one", site: "elsewhere")).ShouldBe("taken");

        await AddAsync("plink_free", stock: null);
        (await TakeAsync("plink_free", "pay_l1", "a", "around", mostOfSite: 2)).ShouldBe("taken");
        (await TakeAsync("plink_free", "pay_l2", "a", "around", mostOfSite: 2)).ShouldBe("taken");
        (await TakeAsync("plink_free", "pay_l3", "b", "around", mostOfSite: 2)).ShouldBe("too_many");
    }

    [Fact]
    public async Task A_link_and_a_merchants_links_together_have_so_many_unpaid_sessions()
    {
        await AddAsync("plink_x", stock: null);
        await AddAsync("plink_y", stock: null);
        (await TakeAsync("plink_x", "pay_m1", "a", mostOfLink: 2)).ShouldBe("taken");
        (await TakeAsync("plink_x", "pay_m2", "b", mostOfLink: 2)).ShouldBe("taken");
        (await TakeAsync("plink_x", "pay_m3", "c", mostOfLink: 2)).ShouldBe("busy");
        (await TakeAsync("plink_y", "pay_m3", "c", mostOfMerchant: 2)).ShouldBe("busy");
        (await TakeAsync("plink_y", "pay_m3", "c", mostOfMerchant: 3)).ShouldBe("taken");

        await StoreAsync("pay_m1", "Canceled", version: null);
        (await TakeAsync("plink_x", "pay_m4", "c", mostOfLink: 2)).ShouldBe("taken");
    }

    // Forty networks with as many each as one may have, and the link was busy for everybody.
    [Theory]
    [InlineData(400, 1_000_000)]
    [InlineData(1_000_000, 400)]
    public async Task Who_has_a_few_networks_leaves_room_in_a_link_and_in_a_merchants_links_for_everybody_else(int ofLink, int ofMerchant)
    {
        await AddAsync("plink_full", stock: null);
        var taken = 0;
        for (var network = 0; network < 8; network++)
        {
            for (var (more, number) = (true, 0); more; number++)
            {
                more = await TakeAsync(
                    "plink_full", $"pay_o{network}_{number}", $"stranger {network}", mostOfLink: ofLink, mostOfMerchant: ofMerchant) == "taken";
                taken += more ? 1 : 0;
            }
        }

        taken.ShouldBeGreaterThan(50);
        for (var customer = 0; customer < 60; customer++)
        {
            (await TakeAsync(
                "plink_full", $"pay_p{customer}", $"customer {customer}", mostOfLink: ofLink, mostOfMerchant: ofMerchant)).ShouldBe("taken");
        }
    }

    // As many of each link as one may have, and a merchant's links were busy for everybody.
    [Fact]
    public async Task Who_goes_through_a_merchants_links_leaves_room_in_them_all()
    {
        const int Links = 40;
        const int OfMerchant = 200;
        var taken = 0;
        for (var link = 0; link < Links; link++)
        {
            await AddAsync($"plink_of{link}", stock: null);
            for (var (more, number) = (true, 0); more; number++)
            {
                more = await TakeAsync(
                    $"plink_of{link}", $"pay_q{link}_{number}", "a stranger", mostOfLink: 1_000, mostOfMerchant: OfMerchant) == "taken";
                taken += more ? 1 : 0;
            }
        }

        taken.ShouldBeLessThanOrEqualTo(OfMerchant / 20);
        for (var customer = 0; customer < OfMerchant / 2; customer++)
        {
            (await TakeAsync(
                $"plink_of{customer % Links}", $"pay_r{customer}", $"customer {customer}", mostOfLink: 1_000, mostOfMerchant: OfMerchant))
                .ShouldBe("taken");
        }
    }

    [Fact]
    public async Task Who_waits_too_long_for_a_link_is_told_to_come_again_and_what_is_gone_is_forgotten_at_last()
    {
        await AddAsync("plink_busy", stock: 5);
        await using (var other = await database.DataSource.OpenConnectionAsync(Cancelled))
        {
            await using var transaction = await other.BeginTransactionAsync(Cancelled);
            await using var hold = new NpgsqlCommand("SELECT FROM payment_links WHERE service_id = $1 FOR UPDATE", other, transaction);
            hold.Parameters.AddWithValue(_service);
            await hold.ExecuteNonQueryAsync(Cancelled);
            (await TakeAsync("plink_busy", "pay_n")).ShouldBe("busy");
        }

        await TakeAsync("plink_busy", "pay_n");
        await RunAsync("SELECT payment_link_settle($1, 'plink_busy', interval '0', 100)");
        (await StandsAsync("plink_busy")).ShouldBe("0 0");
        (await ScalarAsync<int>("SELECT payment_link_forget($1, interval '7 days', 10)")).ShouldBe(0);
        (await ScalarAsync<int>("SELECT payment_link_forget($1, interval '0', 10)")).ShouldBe(1);
    }

    private async Task<long> BlocksAsync(NpgsqlConnection connection, string session)
    {
        await using var explain = new NpgsqlCommand(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + Take("plink_big", session, session, session, 5, 50, 20_000, 20_000), connection);
        explain.Parameters.AddWithValue(_service);
        using var plan = JsonDocument.Parse((string)(await explain.ExecuteScalarAsync(Cancelled))!);
        var root = plan.RootElement[0].GetProperty("Plan");
        return root.GetProperty("Shared Hit Blocks").GetInt64() + root.GetProperty("Shared Read Blocks").GetInt64();
    }

    private Task AddAsync(string id, int? stock) => RunAsync(
        $"SELECT payment_link_add($1, '{id}', 'mer_1', '{id}', '{"{}"}', '{"{}"}', now(), NULL, {(stock is null ? "NULL" : $"{stock}")}, 100, '[]')");

    private Task<string> TakeAsync(
        string link, string session, string holder = "one", string? site = null, int mostOfSite = 50, int mostOfLink = 100,
        int mostOfMerchant = 1_000_000) =>
        ScalarAsync<string>(Take(link, session, holder, site ?? $"around {holder}", 5, mostOfSite, mostOfLink, mostOfMerchant));

    private static string Take(string link, string session, string holder, string site, int most, int ofSite, int ofLink, int ofMerchant) =>
        $"""
        SELECT payment_link_take(
            $1, '{link}', '{session}', '{holder}', '{site}', {most}, {ofSite}, {ofLink}, {ofMerchant}, now(), interval '10 minutes')
        """;

    private async Task StoreAsync(string session, string status, int? version)
    {
        await using var write = Command(Write(session, status, version));
        await write.ExecuteScalarAsync(Cancelled);
    }

    private static string Write(string session, string status, int? version)
    {
        var listed = $$"""{"status":"{{status}}","listed":[{"scope":"mer_1","kind":"payment_session","id":"{{session}}","at":"2026-03-01T12:00:00Z","status":"{{status}}"}]}""";
        return
            $"SELECT grain_state_write($1, 'payment_session', '{session}', {version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "NULL"}, convert_to('{listed}', 'UTF8'))";
    }

    private Task SettleAsync(string link) => RunAsync($"SELECT payment_link_settle($1, '{link}', interval '10 minutes', 100)");

    private Task<string> StandsAsync(string link) =>
        ScalarAsync<string>($"SELECT held || ' ' || sold FROM payment_links WHERE service_id = $1 AND id = '{link}'");

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Command(sql);
        return (T)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private async Task RunAsync(string sql)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private NpgsqlCommand Command(string sql)
    {
        var command = database.DataSource.CreateCommand(sql);
        command.Parameters.AddWithValue(_service);
        return command;
    }
}
