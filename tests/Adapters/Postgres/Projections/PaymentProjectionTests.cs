using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Adapters.Postgres.Payments;
using StellarPay.Adapters.Postgres.Projections;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Projections;

public sealed class PaymentProjectionTests : IClassFixture<PostgresDatabase>
{
    private readonly PostgresDatabase _database;
    private readonly string _service = $"tests-{Guid.NewGuid():N}";
    private readonly WalletId _wallet = WalletId.New(TimeProvider.System);
    private readonly PaymentEvents _events;
    private readonly PostgresProjections _projections;
    private readonly PostgresPaymentHistory _history;

    public PaymentProjectionTests(PostgresDatabase database)
    {
        _database = database;
        var options = Options.Create(new PostgresOptions { ServiceId = _service });
        _events = new PaymentEvents(database.DataSource, _service);
        _projections = new PostgresProjections(database.DataSource, options);
        _history = new PostgresPaymentHistory(database.DataSource, options);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_payment_is_one_line_that_follows_its_events()
    {
        await _events.AppendAsync(EventTypes.PaymentCreated, Payment("txn_1", "pending", 1));
        await _events.AppendAsync(EventTypes.PaymentSigned, Payment("txn_1", "processing", 2));
        await _events.AppendAsync(EventTypes.PaymentSucceeded, Payment("txn_1", "succeeded", 3));
        await CatchUpAsync(3);

        (await _history.ReadAsync(_wallet, null, 10, Cancelled)).ShouldBe(
        [
            new HistoryEntry(
                "txn_1", "out", "succeeded", "payee@example.com", "GPAYEE", "USDC:GISSUER", 125_000_000, "lunch",
                "ab12", 77, null, PaymentEvents.Noon, PaymentEvents.Noon.AddMinutes(1), MemoType: "text"),
        ]);
    }

    [Fact]
    public async Task A_credit_is_a_line_of_its_own_once_and_exact_to_the_stroop()
    {
        await _events.AppendAsync(PaymentEvents.Credit("4294967297", _wallet.Value, 1));
        await _events.AppendAsync(PaymentEvents.Credit("4294967297", _wallet.Value, 1));
        await _events.AppendAsync(PaymentEvents.Credit("4294967298", _wallet.Value, 2, minute: 1));
        await CatchUpAsync(3);

        var lines = await _history.ReadAsync(_wallet, null, 10, Cancelled);
        lines.Select(line => line.Id).ShouldBe(["op_4294967298", "op_4294967297"]);
        lines[1].ShouldBe(new HistoryEntry(
            "op_4294967297", "in", "succeeded", "GPAYER", "GPAYER", "USDC:GISSUER", long.MaxValue, null, "cd34", 78, null,
            PaymentEvents.Noon, PaymentEvents.Noon));
        (await _history.FindAsync(_wallet, "op_4294967298", Cancelled)).ShouldBe(lines[0]);
        (await _history.FindAsync(WalletId.New(TimeProvider.System), "op_4294967298", Cancelled)).ShouldBeNull();
    }

    [Fact]
    public async Task A_path_payment_shows_both_sides_and_what_the_ledger_moved()
    {
        var path = new PathEventData("native", "50.0000000", "51.0000000", "12.5000000", "0.25", ["EURC:GISSUER"], null, null);
        await _events.AppendAsync(EventTypes.PaymentCreated, Payment("txn_1", "pending", 1) with { Path = path });
        await _events.AppendAsync(EventTypes.PaymentSigned, Payment("txn_1", "processing", 2) with { Path = path with { Path = [] } });
        await CatchUpAsync(2);
        (await _history.FindAsync(_wallet, "txn_1", Cancelled))!.Path.ShouldBe(
            new HistoryPath("native", 500_000_000, 510_000_000, 125_000_000, "", null, null));

        await _events.AppendAsync(EventTypes.PaymentSettled, Payment("txn_1", "succeeded", 3) with
        {
            Path = path with { Path = ["EURC:GISSUER", "native"], Sent = "50.2500000", Received = "12.5000000" },
        });
        await CatchUpAsync(1);

        var line = (await _history.FindAsync(_wallet, "txn_1", Cancelled))!;
        (line.Status, line.Path).ShouldBe(("succeeded", new HistoryPath(
            "native", 500_000_000, 510_000_000, 125_000_000, "EURC:GISSUER,native", 502_500_000, 125_000_000)));
    }

    [Fact]
    public async Task A_payment_that_waits_to_be_claimed_shows_what_becomes_of_it()
    {
        var after = new DateTimeOffset(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);
        var claim = new ClaimEventData(after);
        await _events.AppendAsync(EventTypes.PaymentCreated, Payment("txn_1", "pending", 1) with { Claim = claim });
        await CatchUpAsync(1);
        (await _history.FindAsync(_wallet, "txn_1", Cancelled))!.Claim.ShouldBe(new HistoryClaim(after, null, null));

        await _events.AppendAsync(
            EventTypes.PaymentSucceeded, Payment("txn_1", "succeeded", 2) with { Claim = claim with { BalanceId = "b", Status = "open" } });
        await _events.AppendAsync(
            EventTypes.PaymentClaimed, Payment("txn_1", "succeeded", 3) with { Claim = claim with { BalanceId = "b", Status = "claimed" } });
        await CatchUpAsync(2);

        var line = (await _history.FindAsync(_wallet, "txn_1", Cancelled))!;
        (line.Status, line.Claim).ShouldBe(("succeeded", new HistoryClaim(after, "b", "claimed")));
    }

    // The bug kept away: one event that the projection cannot take was tried for ever, and no list moved any more.
    [Fact]
    public async Task An_event_that_cannot_be_taken_in_is_set_aside_and_all_others_are_taken()
    {
        await _events.AppendAsync(EventTypes.PaymentCreated, Payment("txn_1", "pending", 1));
        await _events.AppendAsync(EventTypes.PaymentCreated, Payment("txn_bad", "pending", 1) with { Amount = "lots" });
        await _events.AppendAsync(EventTypes.PaymentCreated, Payment("txn_2", "pending", 1) with { WalletId = null! });
        await _events.AppendAsync(EventTypes.PaymentSigned, Payment("txn_1", "processing", 2));
        await _events.AppendAsync(EventTypes.PaymentSucceeded, Payment("txn_1", "succeeded", 3) with { Amount = "12.5000000e999999" });
        await _events.AppendAsync(EventTypes.PaymentCreated, Payment("txn_3", "pending", 1));
        await CatchUpAsync(6);

        (await _history.FindAsync(_wallet, "txn_1", Cancelled))!.Status.ShouldBe("processing");
        (await _history.FindAsync(_wallet, "txn_3", Cancelled))!.Status.ShouldBe("pending");
        (await SetAsideAsync()).ShouldBe(["22P02", "23502", "22003"]);

        await _events.AppendAsync(EventTypes.PaymentSigned, Payment("txn_3", "processing", 2));
        await CatchUpAsync(1);
        (await _history.FindAsync(_wallet, "txn_3", Cancelled))!.Status.ShouldBe("processing");
        await _projections.RebuildAsync("payments", Cancelled);
        (await SetAsideAsync()).Count.ShouldBe(3);
    }

    private async Task<List<string>> SetAsideAsync()
    {
        await using var command = _database.DataSource.CreateCommand(
            "SELECT sqlstate FROM projection_set_aside WHERE service_id = $1 ORDER BY xid, id");
        command.Parameters.AddWithValue(_service);
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var found = new List<string>();
        while (await reader.ReadAsync(Cancelled))
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }

    [Fact]
    public async Task Pages_are_newest_first_and_meet_without_gap_or_overlap()
    {
        for (var n = 0; n < 7; n++)
        {
            // Two at each minute, so that the id has to break the tie.
            await _events.AppendAsync(EventTypes.PaymentCreated, Payment($"txn_{n}", "pending", n, minute: n / 2));
        }

        await CatchUpAsync(7);

        var seen = new List<string>();
        HistoryCursor? before = null;
        while (await _history.ReadAsync(_wallet, before, 2, Cancelled) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(line => line.Id));
            HistoryCursor.TryParse(page[^1].Cursor.ToString(), out var cursor).ShouldBeTrue();
            before = cursor;
        }

        seen.ShouldBe(["txn_6", "txn_5", "txn_4", "txn_3", "txn_2", "txn_1", "txn_0"]);
    }

    [Fact]
    public async Task Rebuilding_gives_the_same_rows()
    {
        var random = new Random(20260301);
        string[] path = ["pending", "queued", "processing"];
        var revision = 0;
        for (var payment = 0; payment < 20; payment++)
        {
            foreach (var status in path.Take(random.Next(1, 4)).Append(random.Next(2) == 0 ? "succeeded" : "failed"))
            {
                await _events.AppendAsync($"payment.{status}", Payment($"txn_{payment}", status, ++revision, payment) with
                {
                    Path = payment % 3 == 0
                        ? new PathEventData("native", "50.0", "51.0", "12.5", "0.25", ["EURC:GISSUER"], null, status == "succeeded" ? "12.5" : null)
                        : null,
                });
            }

            await _events.AppendAsync(PaymentEvents.Credit($"{payment}", _wallet.Value, ++revision, payment));
        }

        await CatchUpAsync(revision);
        var before = await RowsAsync();

        await _projections.RebuildAsync("payments", Cancelled);
        await UntilAsync(async () => (await RowsAsync()).Count == before.Count);

        before.Count.ShouldBe(40);
        (await RowsAsync()).ShouldBe(before);
    }

    // A missing table, a lock, a database that shuts down: whatever is not in the event sets none aside.
    [Fact]
    public async Task What_is_not_the_events_fault_stops_the_projection_and_sets_nothing_aside()
    {
        await _events.AppendAsync(EventTypes.PaymentCreated, Payment("txn_1", "pending", 1));
        await UntilAsync(async () =>
        {
            try
            {
                await _projections.AdvanceAsync("nonesuch", Cancelled);
                return false;
            }
            catch (Npgsql.PostgresException e)
            {
                e.SqlState.ShouldBe("42883");
                return true;
            }
        });

        (await SetAsideAsync()).ShouldBeEmpty();
        await using var command = _database.DataSource.CreateCommand(
            "SELECT string_agg(s, ' ') FROM unnest($1) AS s WHERE projection_may_pass(s)");
        command.Parameters.AddWithValue(new[] { "22P02", "23502", "40001", "40P01", "53100", "54000", "55P03", "57014", "57P01", "P0001", "XX000" });
        (await command.ExecuteScalarAsync(Cancelled)).ShouldBe("40001 40P01 53100 55P03 57014 57P01 XX000");
    }

    [Fact]
    public async Task Workers_side_by_side_take_each_event_in_once()
    {
        var options = Options.Create(new PostgresOptions { ConnectionString = _database.ConnectionString, ServiceId = _service });
        await using var direct = new DirectDatabase(options);
        await using var signal = new EventListener(direct, options, TimeProvider.System, NullLogger<EventListener>.Instance);
        var feed = new PostgresEventFeed(_database.DataSource, options);
        using var first = NewWorker();
        using var second = NewWorker();
        await first.StartAsync(Cancelled);
        await second.StartAsync(Cancelled);
        for (var n = 0; n < 50; n++)
        {
            await _events.AppendAsync(PaymentEvents.Credit($"{n}", _wallet.Value, n, n));
        }

        await UntilAsync(async () => (await RowsAsync()).Count == 50);
        await first.StopAsync(Cancelled);
        await second.StopAsync(Cancelled);

        ProjectionWorker NewWorker() =>
            new(_projections, feed, signal, TimeProvider.System, NullLogger<ProjectionWorker>.Instance);
    }

    private PaymentEventData Payment(string id, string status, long revision, int minute = 0) =>
        PaymentEvents.Payment(id, _wallet.Value, status, revision, minute);

    // What is committed shows in the feed as soon as no older transaction runs on the server.
    private async Task CatchUpAsync(int events)
    {
        var taken = 0;
        await UntilAsync(async () => (taken += await _projections.AdvanceAsync("payments", Cancelled)) >= events);
        taken.ShouldBe(events);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        while (!await condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task<List<string>> RowsAsync()
    {
        await using var command = _database.DataSource.CreateCommand(
            "SELECT p::text FROM payments p WHERE service_id = $1 ORDER BY payment_id");
        command.Parameters.AddWithValue(_service);
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        var rows = new List<string>();
        while (await reader.ReadAsync(Cancelled))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
