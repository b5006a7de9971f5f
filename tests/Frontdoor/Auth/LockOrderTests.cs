using System.Globalization;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Auth;

/// <summary>
/// Whoever changes what is a user's has his row first: two who take two rows in another order wait for each other, and one of them fails.
/// </summary>
public sealed class LockOrderTests(FrontdoorHost host) : IClassFixture<FrontdoorHost>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("identity.attempts_forget('factor', {user}, {session})")]
    [InlineData("identity.second_factor_attempt('x', {event}, {user}, {session}, {now}, 10, 100, 4, interval '15 minutes')")]
    [InlineData("identity.second_factor_attempt('x', {event}, {user}, NULL, {now}, 10, 100, 4, interval '15 minutes')")]
    [InlineData("identity.attempts_forget('password', {user}, {session})")]
    [InlineData("identity.session_password_attempt('x', {event}, {user}, {session}, {now}, 10, 100, 4, interval '15 minutes')")]
    [InlineData(
        "identity.login_attempt_right({user}, sha256('device'), ARRAY['password ' || {user}, 'factor ' || {user}], {now}, "
        + "interval '15 minutes')")]
    [InlineData("identity.login_reset_at({user}, sha256('device'), {now})")]
    [InlineData("identity.totp_use({user}, {session}, {secret}, 99999999999, {now})")]
    [InlineData("identity.recovery_code_use('x', {event}, {user}, {session}, {code}, {now})")]
    [InlineData("identity.login_challenge_open(sha256('new'), {user}, NULL, '', 5, {now}, {now} + interval '5 minutes')")]
    [InlineData("identity.passkey_challenge_open(sha256('new'), 'step_up', {user}, {session}, {now}, {now} + interval '5 minutes')")]
    [InlineData("identity.totp_begin({user}, {session}, '', {now})")]
    [InlineData("identity.session_end('x', {event}, {user}, {session}, {session}, {now})")]
    [InlineData("identity.sessions_revoke_others('x', {event}, {user}, '', {now})")]
    [InlineData("identity.user_sessions_remove({user}, 10)")]
    [InlineData("identity.passkey_use({user}, {session}, '', 0, 0, {now})")]
    [InlineData(
        "identity.notices_write('x', 'lock order', '0', 0, '1', 1, ARRAY[{user}, {user}], ARRAY['security email', 'money email'], "
        + "ARRAY[9, 9], interval '1 hour', {now}, ARRAY[{user} || 1, {user} || 2], ARRAY['email', 'email'], ARRAY[false, false], "
        + "ARRAY[''::bytea, ''::bytea], ARRAY[true, false], {now}, {now})")]
    [InlineData("identity.contact_names_remove({user}, 10)")]
    public async Task A_users_row_is_waited_for_before_anything_else_is_locked(string call)
    {
        var owner = await host.SignUpAsync();
        await Authenticator.SetUpAsync(host, owner);
        string Filled(string sql) => sql
            .Replace("{secret}", "(SELECT totp_secret FROM identity.second_factors WHERE user_id = {user})", StringComparison.Ordinal)
            .Replace("{code}", "(SELECT code_hash FROM identity.recovery_codes WHERE user_id = {user} LIMIT 1)", StringComparison.Ordinal)
            .Replace("{user}", $"'{owner.UserId}'", StringComparison.Ordinal)
            .Replace("{session}", $"(SELECT id FROM identity.sessions WHERE user_id = '{owner.UserId}')", StringComparison.Ordinal)
            .Replace("{event}", $"'{EventId.New(TimeProvider.System).Value}'", StringComparison.Ordinal)
            .Replace(
                "{now}", string.Create(CultureInfo.InvariantCulture, $"'{host.Clock.GetUtcNow():O}'::timestamptz"), StringComparison.Ordinal);
        await using (var before = host.Database.DataSource.CreateCommand(Filled(
            """
            INSERT INTO identity.attempts (key, user_id, failed_count, attempted_at)
            SELECT key || {user}, {user}, 1, {now}
            FROM unnest(ARRAY['factor ', 'factor in sessions ', 'password ', 'password in sessions ', 'old ']) AS key
            UNION ALL SELECT what || {session}, {user}, 1, {now} FROM unnest(ARRAY['factor ', 'password ']) AS what;
            UPDATE identity.attempts SET attempted_at = {now} - interval '60 days' WHERE key = 'old ' || {user};
            INSERT INTO identity.notice_counts (user_id, kind, began_at, sent, withheld) VALUES ({user}, 'security email', {now}, 1, 0)
            ON CONFLICT DO NOTHING;
            INSERT INTO identity.login_challenges (token_hash, user_id, client_mark, tries_left, expires_at)
            VALUES (sha256(convert_to({user}, 'UTF8')), {user}, '', 5, {now} - interval '1 day');
            INSERT INTO identity.passkey_challenges (challenge_hash, purpose, user_id, expires_at)
            VALUES (sha256(convert_to({user}, 'UTF8')), 'step_up', {user}, {now} - interval '1 day')
            """)))
        {
            await before.ExecuteNonQueryAsync(Cancelled);
        }

        await using var held = await HeldTransaction.BeginAsync(
            host.Database.DataSource, "SELECT 1 FROM identity.users WHERE id = $1 FOR UPDATE", owner.UserId);
        await using var waiting = host.Database.DataSource.CreateCommand(Filled($"SELECT {call}"));
        var done = waiting.ExecuteNonQueryAsync(Cancelled);
        await held.UntilWaitedForAsync();

        foreach (var table in new[]
        {
            "attempts", "second_factors", "recovery_codes", "login_challenges", "passkey_challenges", "sessions", "notice_counts",
        })
        {
            await held.RunAsync(Filled($"SELECT 1 FROM identity.{table} WHERE user_id = {{user}} FOR UPDATE NOWAIT"));
        }

        await held.CommitAsync();
        await done;
    }

    [Fact]
    public async Task Who_tries_many_names_from_two_hundred_networks_adds_less_than_is_removed()
    {
        var now = host.Clock.GetUtcNow();
        await RunAsync(
            """
            INSERT INTO identity.attempts (key, failed_count, attempted_at)
            SELECT 'name old ' || n, 1, $1 - interval '49 hours' FROM generate_series(1, 1900) AS n
            """,
            now);
        // Each removes ten, of others' too.
        for (var network = 0; network < 200; network++)
        {
            await RunAsync(
                """
                SELECT identity.login_attempt_take(
                    'x', 'evt_1', NULL, sha256('device'), ARRAY['login ' || $2, 'login block ' || $2, 'login all'], ARRAY[10, 40, 1000], $1,
                    interval '15 minutes', interval '90 days')
                """,
                now, $"network {network}");
        }

        await using var left = host.Database.DataSource.CreateCommand(
            "SELECT count(*) FROM identity.attempts WHERE key LIKE 'name old %'");
        (await left.ExecuteScalarAsync(Cancelled)).ShouldBe(0L);
    }

    private async Task RunAsync(string sql, params object[] values)
    {
        await using var command = host.Database.DataSource.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
