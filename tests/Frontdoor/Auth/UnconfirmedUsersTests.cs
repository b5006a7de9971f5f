using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Auth;

public sealed class UnconfirmedUsersTests : IAsyncLifetime
{
    private readonly FrontdoorHost _host = new();

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task An_account_that_has_confirmed_nothing_is_gone_after_thirty_days_with_all_that_is_its_own()
    {
        var left = await _host.SignUpUnconfirmedAsync();
        (await left.PatchAsync("/v1/me", new { full_name = "Somebody", language = "de" })).ShouldBeOk();
        (await left.PostAsync("/v1/contacts", new { nickname = "Bob", recipient = "bob@example.com" })).ShouldBeOk();
        var confirmed = await _host.SignUpAsync();

        _host.Clock.Advance(UnconfirmedUsers.KeptFor);
        (await RemoveAsync()).ShouldBe(0, "not before");
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await RemoveAsync()).ShouldBe(1);

        (await RemoveAsync()).ShouldBe(0);
        (await CountAsync($"SELECT count(*) FROM identity.users WHERE id = '{left.UserId}'")).ShouldBe(0);
        (await CountAsync($"SELECT count(*) FROM identity.sessions WHERE user_id = '{left.UserId}'")).ShouldBe(0);
        (await CountAsync($"SELECT count(*) FROM identity.profiles WHERE user_id = '{left.UserId}'")).ShouldBe(0);
        (await CountAsync($"SELECT count(*) FROM subject_keys WHERE subject = '{left.UserId}'")).ShouldBe(0);
        (await _host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = left.RefreshToken })).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _host.Anonymous().PostAsync("/v1/auth/login", new { email = confirmed.Email, password = Api.Password })).ShouldBeOk();
    }

    [Fact]
    public async Task Whose_session_is_in_use_is_logged_out_at_all_front_doors_and_leaves_no_events_else()
    {
        // The bug kept away: the tokens of an account that was gone went on, and made a wallet that nobody removes.
        var (used, idle) = (await _host.SignUpUnconfirmedAsync(), await _host.SignUpUnconfirmedAsync());
        await ReadAsync("UPDATE identity.users SET created_at = created_at - interval '31 days'");
        await ReadAsync($"UPDATE identity.sessions SET last_used_at = last_used_at - interval '2 days' WHERE user_id = '{idle.UserId}'");

        (await RemoveAsync()).ShouldBe(2);

        (await CountAsync("SELECT count(*) FROM identity.erased_sessions")).ShouldBe(1);
        (await CountAsync($"SELECT count(*) FROM events WHERE owner = '{used.UserId}' AND type = 'security.session_revoked'")).ShouldBe(1);
        (await CountAsync($"SELECT count(*) FROM events WHERE owner = '{idle.UserId}' AND type = 'security.session_revoked'")).ShouldBe(0);
        await Eventually.UntilAsync(
            () => used.GetAsync("/v1/wallet"), answer => answer.Status == HttpStatusCode.Unauthorized);
        await using var another = await _host.StartAnotherAsync();
        var session = (string)(await ReadAsync("SELECT id FROM identity.erased_sessions"))!;
        var ended = another.Services.GetRequiredService<EndedSessions>();
        await Eventually.UntilAsync(() => Task.FromResult(ended.Contains(session)), "a front door that starts later is told too");
    }

    [Fact]
    public async Task Its_name_is_free_as_before_and_who_signs_up_again_has_it()
    {
        var left = await _host.SignUpUnconfirmedAsync();
        (await _host.Messages.NextCodeAsync(left.Email)).ShouldNotBeNull();
        _host.Clock.Advance(UnconfirmedUsers.KeptFor + TimeSpan.FromSeconds(1));
        (await RemoveAsync()).ShouldBe(1);

        (await _host.SignUpAsync(left.Email)).UserId.ShouldNotBe(left.UserId);
    }

    [Fact]
    public async Task A_flood_goes_in_batches_and_takes_nobody_else_along()
    {
        await using var flood = _host.Database.DataSource.CreateCommand(
            """
            INSERT INTO identity.users (id, email, email_index, password_hash, created_at, email_confirmed, role)
            SELECT 'usr_' || lpad(i::text, 24, '0'), '\x01', sha256(convert_to(i::text, 'UTF8')), 'flood', $1 - interval '31 days',
                   i % 50 = 0, CASE WHEN i % 50 = 1 THEN 'admin' ELSE 'user' END
            FROM generate_series(1, 150) AS i
            """);
        flood.Parameters.AddWithValue(_host.Clock.GetUtcNow());
        await flood.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        (await RemoveAsync()).ShouldBe(UnconfirmedUsers.Batch);
        (await RemoveAsync()).ShouldBe(150 - UnconfirmedUsers.Batch - 6);

        (await CountAsync("SELECT count(*) FROM identity.users WHERE password_hash = 'flood'")).ShouldBe(6);
    }

    [Fact]
    public async Task One_that_cannot_be_removed_keeps_nobody_else_and_is_tried_again_a_day_later()
    {
        // The bug kept away: the same hundred oldest were tried each hour, and none of them went, nor anybody after them.
        var (stuck, other) = (await _host.SignUpUnconfirmedAsync(), await _host.SignUpUnconfirmedAsync());
        await ReadAsync(
            $"""
            CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not this one''; END';
            CREATE TRIGGER refuse_one BEFORE DELETE ON identity.users FOR EACH ROW WHEN (OLD.id = '{stuck.UserId}')
            EXECUTE FUNCTION refuse_one()
            """);
        _host.Clock.Advance(UnconfirmedUsers.KeptFor + TimeSpan.FromSeconds(1));

        (await RemoveAsync()).ShouldBe(1);
        (await CountAsync($"SELECT count(*) FROM identity.users WHERE id = '{other.UserId}'")).ShouldBe(0);
        await ReadAsync("DROP TRIGGER refuse_one ON identity.users");
        (await RemoveAsync()).ShouldBe(0, "he is put off");
        _host.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        (await RemoveAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Data_keys_of_users_who_never_were_go_after_a_day_and_nobody_elses()
    {
        // The bug kept away: sign-ups that were broken off left a key each, for ever.
        var here = await _host.SignUpUnconfirmedAsync();
        var owner = await _host.SignUpAsync();
        var merchant = (await owner.PostAsync("/v1/merchants", new
        {
            business_name = "Ada's Books", email = owner.Email, country = "GB", statement_descriptor = "ADAS BOOKS",
        })).ShouldBeOk().Body.GetProperty("id").GetString();
        await ReadAsync("UPDATE subject_keys SET created_at = now() - interval '2 days'");
        var before = await CountAsync("SELECT count(*) FROM subject_keys");
        await ReadAsync(
            """
            INSERT INTO subject_keys (subject, key_id, wrapped_key, created_at, erased_at)
            SELECT k.subject, CASE WHEN k.is_erased THEN NULL ELSE 'k' END, CASE WHEN k.is_erased THEN NULL ELSE '\x01'::bytea END,
                   now() - k.hours * interval '1 hour', CASE WHEN k.is_erased THEN now() END
            FROM (
                SELECT 'usr_' || lpad(i::text, 24, '0'), false, 25 FROM generate_series(1, 1500) AS i
                UNION ALL
                VALUES ('usr_0fresh', false, 23), ('usr_0erased', true, 25), ('mer_0merchant', false, 25), ('vlt_0other', false, 25)
            ) AS k (subject, is_erased, hours)
            """);

        var keys = _host.Services.GetServices<IHostedService>().OfType<StrayKeys>().Single();
        for (var more = true; more;)
        {
            more = await keys.RemoveAsync(TestContext.Current.CancellationToken);
        }

        // A merchant who never was is one of them; those who are have theirs.
        (await CountAsync("SELECT count(*) FROM subject_keys")).ShouldBe(before + 3);
        (await CountAsync("SELECT count(*) FROM subject_keys WHERE subject IN ('usr_0fresh', 'usr_0erased', 'vlt_0other')")).ShouldBe(3);
        (await CountAsync($"SELECT count(*) FROM subject_keys WHERE subject IN ('{here.UserId}', '{owner.UserId}', '{merchant}')"))
            .ShouldBe(3);
    }

    private UnconfirmedUsers Worker => _host.Services.GetServices<IHostedService>().OfType<UnconfirmedUsers>().Single();

    private Task<int> RemoveAsync() => Worker.RemoveAsync(TestContext.Current.CancellationToken);

    private async Task<long> CountAsync(string sql) => (long)(await ReadAsync(sql))!;

    private async Task<object?> ReadAsync(string sql)
    {
        await using var command = _host.Database.DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
