using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Audit;
using StellarPay.Grains.Audit;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Audit;

/// <summary>Whatever a superuser does to the audit log shows, and where; each test has a service, and so chains, of its own.</summary>
public sealed class AuditVerificationTests : IClassFixture<PostgresDatabase>
{
    private const string Subject = "wal_1";

    private readonly PostgresDatabase _database;
    private readonly string _service = $"tests-{Guid.NewGuid():N}";
    private readonly PostgresAuditLog _log;
    private readonly PostgresAuditCheckpoints _checkpoints;
    private readonly AuditVerification _verification;
    private readonly string _chain;

    public AuditVerificationTests(PostgresDatabase database)
    {
        _database = database;
        var options = Options.Create(new PostgresOptions { ServiceId = _service });
        _log = new PostgresAuditLog(database.DataSource, options);
        _checkpoints = new PostgresAuditCheckpoints(database.DataSource, options);
        _verification = new AuditVerification(database.DataSource, options);
        _chain = _log.ChainOf(Subject);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_hundred_entries_of_twenty_writers_at_once_make_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async writer =>
        {
            for (var n = 0; n < 25; n++)
            {
                await _log.AppendAsync(new AuditEntry($"usr_{writer}", "key.unwrap", Subject), Cancelled);
            }
        }));
        var head = await _checkpoints.AppendAsync(Cancelled);

        var report = await VerifyAsync(head);

        report.Faults.ShouldBeEmpty();
        (report.Entries, report.Chains, report.Checkpoints).ShouldBe((501, 2, 1));
        (await ScalarAsync("SELECT count(DISTINCT actor) * 1000 + max(number) FROM audit_log WHERE chain = $1")).ShouldBe(20_500L);
    }

    [Fact]
    public async Task What_is_hashed_here_is_what_the_database_hashed_whatever_the_text()
    {
        var odd = "\"\\/\b\f\n\r\t\u0001\u001f\u007f é ü 😀 \u2028 </script> '";
        var detail = JsonSerializer.SerializeToElement(
            new { z = 1.50m, a = odd, nested = new object?[] { null, true, 1e20, "x", Array.Empty<int>(), new { b = "" } } });
        await _log.AppendAsync(new AuditEntry(odd, odd, Subject, detail), Cancelled);

        (await VerifyAsync()).Faults.ShouldBeEmpty();
    }

    // What someone who may switch triggers off can do to the third row of five, and what gives it away.
    [Theory]
    [InlineData("UPDATE audit_log SET actor = 'someone else' WHERE chain = $1 AND number = 3", "3 was changed: its hash is that of something else")]
    [InlineData("UPDATE audit_log SET action = 'other' WHERE chain = $1 AND number = 3", "3 was changed: its hash is that of something else")]
    [InlineData("UPDATE audit_log SET subject = 'other' WHERE chain = $1 AND number = 3", "3 was changed: its hash is that of something else")]
    [InlineData("""UPDATE audit_log SET data = '{"n": 9}' WHERE chain = $1 AND number = 3""", "3 was changed: its hash is that of something else")]
    [InlineData("UPDATE audit_log SET recorded_at = recorded_at - interval '1 us' WHERE chain = $1 AND number = 3", "3 was changed: its hash is that of something else")]
    [InlineData("UPDATE audit_log SET recorded_at = 'infinity' WHERE chain = $1 AND number = 3", "3 was changed: its hash is that of something else")]
    [InlineData("UPDATE audit_log SET hash = decode(repeat('00', 32), 'hex') WHERE chain = $1 AND number = 3", "3 was changed: its hash is that of something else|4 does not follow the entry before it")]
    [InlineData("UPDATE audit_log a SET actor = 'x', hash = audit_hash(ROW(a.chain, a.number, a.recorded_at, 'x', a.action, a.subject, a.data, a.previous_hash, a.hash)::audit_log) WHERE chain = $1 AND number = 3", "4 does not follow the entry before it")]
    [InlineData("DELETE FROM audit_log WHERE chain = $1 AND number = 1", "1 is missing")]
    [InlineData("DELETE FROM audit_log WHERE chain = $1 AND number = 3", "3 is missing")]
    [InlineData("DELETE FROM audit_log WHERE chain = $1 AND number IN (2, 3, 4)", "2 and all up to 4 are missing")]
    [InlineData("UPDATE audit_log SET number = 9 WHERE chain = $1 AND number = 3", "3 is missing|6 and all up to 8 are missing|9 was changed: its hash is that of something else")]
    public async Task A_row_that_was_changed_or_removed_shows_where(string tampering, string found)
    {
        await AppendAsync(5);

        await TamperAsync(tampering);

        var faults = (await VerifyAsync()).Faults;
        faults.ShouldAllBe(fault => fault.Chain == _chain);
        var said = faults.Select(fault => $"{fault.Number} {fault.What}").ToArray();
        found.Split('|').ShouldBeSubsetOf(said);
        faults.Min(fault => fault.Number).ShouldBe(int.Parse(found.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_row_that_was_slipped_in_shows_although_all_after_it_were_renumbered()
    {
        await AppendAsync(4);

        await TamperAsync("UPDATE audit_log SET number = number + 100 WHERE chain = $1 AND number >= 3");
        await TamperAsync("UPDATE audit_log SET number = number - 99 WHERE chain = $1 AND number >= 100");
        await TamperAsync(
            """
            INSERT INTO audit_log (chain, number, recorded_at, actor, action, subject, data, previous_hash, hash)
            SELECT chain, 3, recorded_at, 'intruder', action, subject, data, hash, hash FROM audit_log WHERE chain = $1 AND number = 2
            """);
        await TamperAsync("UPDATE audit_log a SET hash = audit_hash(a) WHERE chain = $1 AND number = 3");

        (await VerifyAsync()).Faults.Select(fault => fault.Number).First().ShouldBe(4);
    }

    [Fact]
    public async Task A_chain_that_was_written_anew_from_a_changed_row_on_is_not_what_the_checkpoint_knew()
    {
        await AppendAsync(5);
        var head = await _checkpoints.AppendAsync(Cancelled);

        await TamperAsync("UPDATE audit_log SET actor = 'someone else' WHERE chain = $1 AND number = 2");
        await RewriteAsync(_chain, from: 2, to: 5);

        (await VerifyAsync(head)).Faults.ShouldBe([new AuditFault(_chain, 5, "is not the entry that checkpoint 1 knew there")]);
    }

    [Fact]
    public async Task A_cut_tail_shows_by_the_checkpoint_that_knew_more()
    {
        await AppendAsync(5);
        var head = await _checkpoints.AppendAsync(Cancelled);

        await TamperAsync("DELETE FROM audit_log WHERE chain = $1 AND number > 2");

        (await VerifyAsync(head)).Faults.ShouldBe(
            [new AuditFault(_chain, 3, "and all that followed are cut off: checkpoint 1 knew entry 5")]);
    }

    [Fact]
    public async Task A_chain_that_was_removed_whole_shows()
    {
        await AppendAsync(2);
        await _checkpoints.AppendAsync(Cancelled);

        await TamperAsync("DELETE FROM audit_log WHERE chain = $1");

        (await VerifyAsync()).Faults.ShouldBe(
            [new AuditFault(_chain, 1, "and all that followed are cut off: checkpoint 1 knew entry 2")]);
    }

    [Fact]
    public async Task A_tail_that_was_cut_with_its_checkpoint_shows_to_whoever_knows_the_head()
    {
        await AppendAsync(2);
        await _checkpoints.AppendAsync(Cancelled);
        await AppendAsync(2);
        var head = await _checkpoints.AppendAsync(Cancelled);

        await TamperAsync("DELETE FROM audit_log WHERE chain = $1 AND number > 2");
        await TamperAsync("DELETE FROM audit_log WHERE chain = $1 AND number > 1", Checkpoints);

        (await VerifyAsync()).Faults.ShouldBeEmpty();
        (await VerifyAsync(head)).Faults.ShouldBe(
            [new AuditFault(Checkpoints, 2, "and all that followed are cut off: the ledger knew entry 2")]);
    }

    [Fact]
    public async Task A_log_that_was_emptied_shows()
    {
        await AppendAsync(2);
        var head = await _checkpoints.AppendAsync(Cancelled);

        await TamperAsync("DELETE FROM audit_log WHERE starts_with(chain, $1)", _service);

        (await VerifyAsync(head)).Faults.ShouldBe(
            [new AuditFault(Checkpoints, 1, "and all that followed are cut off: the ledger knew entry 1")]);
    }

    [Fact]
    public async Task A_checkpoint_that_was_written_anew_to_fit_is_not_the_one_that_the_ledger_knew()
    {
        await AppendAsync(5);
        var head = await _checkpoints.AppendAsync(Cancelled);

        await TamperAsync("DELETE FROM audit_log WHERE chain = $1 AND number > 2");
        await TamperAsync(
            """UPDATE audit_log SET data = '{"heads": {}}' WHERE chain = $1 AND number = 1""", Checkpoints);
        await RewriteAsync(Checkpoints, from: 1, to: 1);

        (await VerifyAsync()).Faults.ShouldBeEmpty();
        (await VerifyAsync(head)).Faults.ShouldBe([new AuditFault(Checkpoints, 1, "is not the entry that the ledger knew there")]);
    }

    [Fact]
    public async Task Rows_in_a_chain_that_is_none_of_ours_show()
    {
        await TamperAsync(
            """
            INSERT INTO audit_log (chain, number, recorded_at, actor, action, subject, previous_hash, hash)
            VALUES ($1, 1, now(), 'a', 'b', 'c', '\x00', '\x00')
            """,
            $"{_service}/99");

        (await VerifyAsync()).Faults.ShouldBe([new AuditFault($"{_service}/99", 1, "is in a chain that StellarPay has not")]);
    }

    [Fact]
    public async Task Another_services_log_is_not_ours_to_judge()
    {
        await AppendAsync(3);
        await TamperAsync("UPDATE audit_log SET actor = 'x' WHERE chain = $1 AND number = 2");
        var other = new AuditVerification(
            _database.DataSource, Options.Create(new PostgresOptions { ServiceId = $"other-{_service}" }));

        var report = await other.VerifyAsync([], Cancelled);

        (report.Entries, report.Chains, report.Faults.Count).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task A_checkpoint_that_is_appended_amid_writers_knows_what_was_written()
    {
        var writing = Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (var n = 0; n < 20; n++)
            {
                await _log.AppendAsync(new AuditEntry("usr_1", "key.unwrap", $"wal_{writer}"), Cancelled);
            }
        }));
        AuditHead head;
        do
        {
            head = await _checkpoints.AppendAsync(Cancelled);
        }
        while (!writing.IsCompleted);

        await writing;
        (await VerifyAsync(head)).Faults.ShouldBeEmpty();
    }

    private string Checkpoints => $"{_service}/checkpoints";

    private async Task AppendAsync(int count)
    {
        for (var n = 0; n < count; n++)
        {
            await _log.AppendAsync(new AuditEntry("usr_1", "key.unwrap", Subject), Cancelled);
        }
    }

    private Task<AuditReport> VerifyAsync(AuditHead? onLedger = null) =>
        _verification.VerifyAsync(onLedger is null ? [] : [(onLedger, "the ledger")], Cancelled);

    // What an intruder who knows how hashes are made does after he has changed a row.
    private async Task RewriteAsync(string chain, long from, long to)
    {
        for (var number = from; number <= to; number++)
        {
            await TamperAsync(
                $"""
                UPDATE audit_log a SET previous_hash = coalesce(
                    (SELECT b.hash FROM audit_log b WHERE b.chain = a.chain AND b.number = a.number - 1), decode(repeat('00', 32), 'hex'))
                WHERE chain = $1 AND number = {number}
                """,
                chain);
            await TamperAsync($"UPDATE audit_log a SET hash = audit_hash(a) WHERE chain = $1 AND number = {number}", chain);
        }
    }

    private async Task TamperAsync(string sql, string? chain = null)
    {
        await using var connection = await _database.DataSource.OpenConnectionAsync(Cancelled);
        await using (var off = new NpgsqlCommand("SET session_replication_role = replica", connection))
        {
            await off.ExecuteNonQueryAsync(Cancelled);
        }

        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = chain ?? _chain } } };
        (await command.ExecuteNonQueryAsync(Cancelled)).ShouldBeGreaterThan(0);
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _database.DataSource.CreateCommand(sql);
        command.Parameters.AddWithValue(_chain);
        return await command.ExecuteScalarAsync(Cancelled);
    }
}
