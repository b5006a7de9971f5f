using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Platform;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Platform;

public sealed class SuspenseTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SuspenseDecision Return = new(
        SuspenseStatus.Returned, "usr_1", Noon, null, "GS", "envelope", "hash", "GC", 7, Noon.AddMinutes(5));

    private int? _version;
    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PostgresSuspense Suspense => new(
        database.DataSource, Options.Create(new PostgresOptions { ServiceId = _service }));

    [Fact]
    public async Task A_deposit_is_taken_in_once_and_comes_back_as_it_was()
    {
        var bare = New("sus_2") with { Sender = null, Memo = null, MemoType = null };
        await EnterAsync(New("sus_1"), bare);
        await EnterAsync(New("sus_1") with { Stroops = 99 });

        (await Suspense.FindAsync("sus_1", Cancelled)).ShouldBe(New("sus_1"));
        (await Suspense.FindAsync("sus_2", Cancelled)).ShouldBe(bare);
        (await Suspense.FindAsync("sus_3", Cancelled)).ShouldBeNull();
        (await Suspense.ListAsync(SuspenseStatus.Open, null, 1, Cancelled)).ShouldBe([bare]);
        (await Suspense.ListAsync(null, "sus_2", 10, Cancelled)).ShouldBe([New("sus_1")]);
        (await Suspense.ListAsync(SuspenseStatus.Kept, null, 10, Cancelled)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_decision_and_its_status_are_stored_together_and_only_where_it_stands_as_thought()
    {
        await EnterAsync(New("sus_1"));

        (await Suspense.MoveAsync("sus_1", SuspenseStatus.Open, SuspenseStatus.Sending, Return, Cancelled)).ShouldBeTrue();
        (await Suspense.MoveAsync("sus_1", SuspenseStatus.Open, SuspenseStatus.Sending, Return, Cancelled)).ShouldBeFalse();

        (await Suspense.FindSendingAsync(Cancelled)).ShouldBe(New("sus_1") with { Status = SuspenseStatus.Sending, Decision = Return });
    }

    [Fact]
    public async Task Of_many_who_decide_at_once_one_does()
    {
        await EnterAsync(New("sus_1"));

        var decided = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            _ => Suspense.MoveAsync("sus_1", SuspenseStatus.Open, SuspenseStatus.Sending, Return, Cancelled)));

        decided.Count(moved => moved).ShouldBe(1);
    }

    [Fact]
    public async Task Never_are_two_under_way_at_once()
    {
        await EnterAsync(New("sus_1"), New("sus_2"));
        await Suspense.MoveAsync("sus_1", SuspenseStatus.Open, SuspenseStatus.Sending, Return, Cancelled);

        (await Suspense.MoveAsync("sus_2", SuspenseStatus.Open, SuspenseStatus.Sending, Return, Cancelled)).ShouldBeFalse();

        (await Suspense.FindAsync("sus_2", Cancelled))!.Status.ShouldBe(SuspenseStatus.Open);
    }

    [Fact]
    public async Task What_has_been_decided_stays_so_even_against_the_database()
    {
        await EnterAsync(New("sus_1"));
        await Suspense.MoveAsync("sus_1", SuspenseStatus.Open, SuspenseStatus.Kept, Return, Cancelled);

        var failed = await Should.ThrowAsync<PostgresException>(
            () => Suspense.MoveAsync("sus_1", SuspenseStatus.Kept, SuspenseStatus.Open, Return, Cancelled));

        failed.MessageText.ShouldBe("suspense sus_1: it is kept already");
    }

    [Fact]
    public async Task A_deposit_that_the_table_refuses_refuses_the_write_that_would_have_taken_its_row_in()
    {
        var refused = await Should.ThrowAsync<PostgresException>(() => EnterAsync(New("sus_1"), New("sus_2") with { Stroops = 0 }));

        refused.SqlState.ShouldBe(PostgresErrorCodes.CheckViolation);
        (await Suspense.FindAsync("sus_1", Cancelled)).ShouldBeNull();
        _version.ShouldBeNull();
    }

    // As the grain's storage writes a state that carries them.
    private async Task EnterAsync(params SuspendedDeposit[] deposits)
    {
        var state = JsonSerializer.SerializeToUtf8Bytes(new { inbox = new { suspended = deposits } }, JsonSerializerOptions.Web);
        await using var command = database.DataSource.CreateCommand("SELECT grain_state_write($1, 'suspense', 'plt_suspense', $2, $3)");
        command.Parameters.AddWithValue(_service);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)_version ?? DBNull.Value });
        command.Parameters.AddWithValue(state);
        _version = (int)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private static SuspendedDeposit New(string id) => new(
        id, 5, 1, "hash", "GA", "plt_fees_00", "native", 7, "GS", null, null, "order 7", "text", Noon);
}
