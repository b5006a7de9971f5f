using StellarPay.Adapters.Postgres.Factors;
using StellarPay.Grains.Identifiers;
using StellarPay.Tests;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Factors;

/// <summary>What wallets are to be told of second factors is there until they were told.</summary>
public sealed class FactorNewsTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private static readonly DateTimeOffset Since = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private readonly TestClock _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private FactorNews News => new(database.DataSource, _clock);

    [Fact]
    public async Task A_change_is_told_until_it_is_done_with_growing_pauses()
    {
        var user = await NewUserAsync();
        await SettleAsync(user, set: true);

        (await TakeAsync(user)).ShouldBe(new FactorChange(user, IsSet: true, 1, Since));
        (await TakeAsync(user)).ShouldBeNull();
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await TakeAsync(user)).ShouldBe(new FactorChange(user, IsSet: true, 1, Since));
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        (await TakeAsync(user)).ShouldBeNull();
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        var told = (await TakeAsync(user))!;
        await News.DoneAsync(told, Cancelled);

        _clock.Advance(TimeSpan.FromHours(1));
        (await TakeAsync(user)).ShouldBeNull();
    }

    [Fact]
    public async Task What_changed_while_a_wallet_was_told_is_told_too_and_at_once()
    {
        var user = await NewUserAsync();
        await SettleAsync(user, set: true);
        var told = (await TakeAsync(user))!;
        await SettleAsync(user, set: false);

        await News.DoneAsync(told, Cancelled);

        (await TakeAsync(user)).ShouldBe(new FactorChange(user, IsSet: false, 2, Since: null));
    }

    [Fact]
    public async Task A_factor_that_stays_is_as_old_as_it_was()
    {
        var user = await NewUserAsync();
        await SettleAsync(user, set: true);
        await RunAsync("SELECT identity.second_factor_settle($1, '2026-05-05 05:05:05+00')", user);

        (await TakeAsync(user)).ShouldBe(new FactorChange(user, IsSet: true, 2, Since));
    }

    [Fact]
    public async Task A_change_that_is_not_committed_is_not_told()
    {
        var user = await NewUserAsync();
        await using var connection = await database.DataSource.OpenConnectionAsync(Cancelled);
        await using var transaction = await connection.BeginTransactionAsync(Cancelled);
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT identity.second_factor_settle($1, '2026-02-03 04:05:06+00')";
            command.Parameters.AddWithValue(user.Value);
            await command.ExecuteNonQueryAsync(Cancelled);
        }

        (await TakeAsync(user)).ShouldBeNull();
        await transaction.RollbackAsync(Cancelled);

        (await TakeAsync(user)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_processes_that_ask_at_once_one_gets_it()
    {
        var user = await NewUserAsync();
        await SettleAsync(user, set: true);

        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TakeAsync(user)));

        taken.Where(change => change is not null).ShouldHaveSingleItem();
    }

    private async Task<FactorChange?> TakeAsync(UserId user) =>
        (await News.TakeAsync(100, Cancelled)).SingleOrDefault(change => change.User == user);

    private async Task<UserId> NewUserAsync()
    {
        var user = UserId.New(TimeProvider.System);
        await RunAsync(
            """
            INSERT INTO identity.users (id, email, email_index, password_hash, created_at)
            VALUES ($1, '\x01', sha256(convert_to($1, 'UTF8')), 'none', now())
            """,
            user);
        await RunAsync("INSERT INTO identity.second_factors (user_id, totp_secret) VALUES ($1, '\\x01')", user);
        return user;
    }

    private async Task SettleAsync(UserId user, bool set)
    {
        await RunAsync(
            $"UPDATE identity.second_factors SET totp_confirmed_at = {(set ? "now()" : "NULL")} WHERE user_id = $1", user);
        await RunAsync("SELECT identity.second_factor_settle($1, '2026-02-03 04:05:06+00')", user);
    }

    private async Task RunAsync(string statement, UserId user)
    {
        await using var command = database.DataSource.CreateCommand(statement);
        command.Parameters.AddWithValue(user.Value);
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
