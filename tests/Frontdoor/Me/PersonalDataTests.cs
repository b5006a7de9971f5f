using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StellarPay.Frontdoor.Admin;
using StellarPay.Frontdoor.Me.PersonalData;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Rights;
using StellarPay.Frontdoor.Tests.Secrets;
using StellarPay.Tests.Shared.Secrets;

namespace StellarPay.Frontdoor.Tests.Me;

public sealed class PersonalDataTests(WholeHost host) : IClassFixture<WholeHost>
{
    private const string Stays = "SELECT count(*) FROM identity.users WHERE id = $1 AND erasing_since IS NULL";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task All_that_is_known_of_somebody_is_handed_out_and_nothing_of_anybody_else()
    {
        var (payee, api) = (await host.SignUpAsync(), await host.SignUpAsync());
        var person = await Person.MakeAsync(host, api, payee);
        (await api.PatchAsync("/v1/me", new { full_name = "Ada Lovelace" })).ShouldBeOk();
        await UntilListedAsync(person.Payment);

        var data = (await api.PostAsync("/v1/me/export")).ShouldBeOk();

        var body = data.Body;
        body.GetProperty("user").GetProperty("email").GetString().ShouldBe(api.Email);
        body.GetProperty("user").GetProperty("full_name").GetString().ShouldBe("Ada Lovelace");
        body.GetProperty("wallet").GetProperty("id").GetString().ShouldBe(api.WalletId);
        body.GetProperty("contacts").EnumerateArray().Select(Id).ShouldBe([person.Contact]);
        body.GetProperty("schedules").EnumerateArray().Select(Id).ShouldBe([person.Schedule]);
        body.GetProperty("sessions").GetArrayLength().ShouldBe(2);
        body.GetProperty("transactions").EnumerateArray().Select(Id).ShouldContain(person.Payment);
        data.Text.ShouldNotContain(payee.UserId);
        data.Text.ShouldNotContain("password");
    }

    [Fact]
    public async Task A_long_history_is_handed_out_whole_and_each_line_once()
    {
        var (payee, api) = (await host.SignUpAsync(), await host.SignUpAsync());
        var person = await Person.MakeAsync(host, api, payee);
        await UntilListedAsync(person.Payment);
        await using var many = host.Database.DataSource.CreateCommand(
            """
            INSERT INTO payments
            SELECT (jsonb_populate_record(p, jsonb_build_object('payment_id', 'txn_many' || lpad(n::text, 18, '0')))).*
            FROM payments p, generate_series(1, 250) AS n WHERE p.payment_id = $1
            """);
        many.Parameters.AddWithValue(person.Payment);
        (await many.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(250);

        var ids = (await api.PostAsync("/v1/me/export")).ShouldBeOk()
            .Body.GetProperty("transactions").EnumerateArray().Select(Id).ToArray();

        ids.Count(id => id!.StartsWith("txn_many", StringComparison.Ordinal)).ShouldBe(250);
        ids.ShouldBeUnique();
    }

    [Fact]
    public async Task So_many_exports_an_hour_are_enough()
    {
        var api = await host.SignUpAsync();
        for (var i = 0; i < 5; i++)
        {
            (await api.PostAsync("/v1/me/export")).ShouldBeOk();
        }

        var refused = await api.PostAsync("/v1/me/export");

        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public async Task Whoever_has_an_open_wallet_is_not_removed_nor_is_anybody_by_another_password()
    {
        var (payee, api) = (await host.SignUpAsync(), await host.SignUpAsync());
        await Person.MakeAsync(host, api, payee);

        (await api.PostAsync("/v1/me/erase", new { password = "not the password" }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "password_wrong", "password");
        (await api.PostAsync("/v1/me/erase", new { })).ShouldBeError(HttpStatusCode.BadRequest, "parameter_missing", "password");
        (await api.PostAsync("/v1/me/erase", new { password = Api.Password })).ShouldBeError(HttpStatusCode.Conflict, "wallet_open");

        (await api.GetAsync("/v1/me")).ShouldBeOk();
        (await api.GetAsync("/v1/wallet")).ShouldBeOk().Body.GetProperty("status").GetString().ShouldBe("active");
    }

    [Fact]
    public async Task An_administrator_is_not_removed_and_keeps_his_wallet()
    {
        var admin = await host.NewAdminAsync();

        (await admin.PostAsync("/v1/me/erase", new { password = Api.Password }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "administrator_kept");

        (await admin.GetAsync("/v1/wallet")).ShouldBeOk();
    }

    [Fact]
    public async Task Whoever_has_confirmed_nothing_is_removed_at_once()
    {
        var api = await host.SignUpUnconfirmedAsync();

        (await api.PostAsync("/v1/me/erase", new { password = Api.Password })).Status.ShouldBe(HttpStatusCode.NoContent);

        (await CountAsync("SELECT count(*) FROM identity.users WHERE id = $1", api.UserId)).ShouldBe(0);
    }

    [Fact]
    public async Task An_erasure_that_fails_half_way_is_not_noted_as_done_and_goes_on_when_it_is_asked_for_again()
    {
        // The bug kept away: the audit log said that he was erased, and he was here.
        var api = await host.SignUpUnconfirmedAsync();
        await using (await RefuseToRemoveAsync(api))
        {
            ((int)(await api.PostAsync("/v1/me/erase", new { password = Api.Password })).Status).ShouldBeGreaterThanOrEqualTo(500);
            (await host.AuditOf(api.UserId)).ShouldNotContain(line => line.Contains("subject.erase", StringComparison.Ordinal));
        }

        (await api.PostAsync("/v1/me/erase", new { password = Api.Password })).Status.ShouldBe(HttpStatusCode.NoContent);
        (await host.AuditOf(api.UserId)).Count(line => line.Contains("subject.erase", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task An_erasure_that_was_cut_off_goes_on_though_nobody_asks_again()
    {
        // The bug kept away: his wallet was given up, and he was left with a name and nothing to open.
        var api = await host.SignUpUnconfirmedAsync();
        await using (await RefuseToRemoveAsync(api))
        {
            ((int)(await api.PostAsync("/v1/me/erase", new { password = Api.Password })).Status).ShouldBeGreaterThanOrEqualTo(500);
            (await api.DeleteAsync("/v1/sessions")).ShouldBeOk();
            (await api.PostAsync("/v1/auth/logout", new { refresh_token = api.RefreshToken })).ShouldBeOk();
        }

        host.Clock.Advance(ErasuresUnderWay.Patience + TimeSpan.FromSeconds(1));
        await Worker.ContinueAsync(TestContext.Current.CancellationToken);

        (await CountAsync("SELECT count(*) FROM identity.users WHERE id = $1", api.UserId)).ShouldBe(0);
        (await host.AuditOf(api.UserId)).Count(line => line.Contains("subject.erase", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_who_is_being_removed_is_made_an_administrator_and_no_erasure_survives_the_role()
    {
        // The bug kept away: the erasure waited behind the role, and struck when it was taken away months later.
        var api = await host.SignUpAsync();
        // Just now: the worker, which looks each minute, takes up what is older.
        var before = await MarkAsync(api, TimeSpan.Zero);
        using var output = new StringWriter();
        (await AdminCommand.RunAsync(["grant", api.Email], host.Administrators, output)).ShouldBe(1);
        output.ToString().ShouldContain("is given no role");
        (await host.AuditOf(api.UserId)).ShouldBe(before);

        // As an installation has it that gave the role before this was refused.
        await DoAsync($"UPDATE identity.users SET role = 'admin' WHERE id = '{api.UserId}'");
        (await AdminCommand.RunAsync(["revoke", api.Email], host.Administrators, output)).ShouldBe(0);
        (await CountAsync(Stays, api.UserId)).ShouldBe(1);

        // Nor does he who has nothing that would keep him.
        var other = await host.SignUpUnconfirmedAsync();
        await MarkAsync(other, LongAgo, "role = 'admin'");
        await Worker.ContinueAsync(TestContext.Current.CancellationToken);
        (await CountAsync(Stays, other.UserId)).ShouldBe(1);
    }

    [Fact]
    public async Task Whose_wallet_is_open_is_not_removed_later_either()
    {
        var (payee, api) = (await host.SignUpAsync(), await host.SignUpAsync());
        await Person.MakeAsync(host, api, payee);
        (await api.PostAsync("/v1/me/erase", new { password = Api.Password })).ShouldBeError(HttpStatusCode.Conflict, "wallet_open");
        (await CountAsync("SELECT count(*) FROM identity.users WHERE id = $1 AND erasing_since IS NOT NULL", api.UserId)).ShouldBe(0);

        await MarkAsync(api, LongAgo);
        await Worker.ContinueAsync(TestContext.Current.CancellationToken);

        (await CountAsync(Stays, api.UserId)).ShouldBe(1);
        (await host.AuditOf(api.UserId)).ShouldNotContain(line => line.Contains("subject.erase", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_somebody_who_was_removed_nothing_is_left_that_names_him_and_nobody_takes_his_place()
    {
        var (payee, api) = (await host.SignUpAsync(), await host.SignUpAsync());
        var person = await Person.MakeAsync(host, api, payee);
        var handle = $"h{Guid.NewGuid():N}"[..16];
        (await api.PutAsync("/v1/me/handle", new { handle })).ShouldBeOk();
        (await api.PatchAsync("/v1/me", new { full_name = "Ada Lovelace" })).ShouldBeOk();
        (await api.PostAsync($"/v1/invitations/{person.Invitation}/cancel")).ShouldBeOk();
        await CloseAsync(api, payee);

        // Of ten at once one does it; the others find nobody.
        var all = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => api.PostAsync("/v1/me/erase", new { password = Api.Password })));

        all.ShouldContain(answer => answer.Status == HttpStatusCode.NoContent);
        all.ShouldAllBe(answer => (int)answer.Status < 500);
        (await api.PostAsync("/v1/wallet/open")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var refreshed = await host.Anonymous().PostAsync("/v1/auth/refresh", new { refresh_token = api.RefreshToken });
        refreshed.Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.Anonymous().PostAsync("/v1/auth/login", new { email = api.Email, password = Api.Password }))
            .ShouldBeError(HttpStatusCode.Unauthorized, "invalid_credentials");
        (await payee.PutAsync("/v1/me/handle", new { handle })).ShouldBeError(HttpStatusCode.Conflict, "handle_taken", "handle");
        foreach (var table in new[] { "contacts", "profiles", "devices", "sessions", "one_time_codes", "handles", "passkeys" })
        {
            (await CountAsync($"SELECT count(*) FROM identity.{table} WHERE user_id = $1", api.UserId)).ShouldBe(0, table);
        }

        (await CountAsync("SELECT count(*) FROM identity.users WHERE id = $1", api.UserId)).ShouldBe(0);
        (await CountAsync("SELECT count(*) FROM subject_keys WHERE subject = $1 AND wrapped_key IS NULL", api.UserId)).ShouldBe(1);
        (await host.AuditOf(api.UserId)).ShouldContain(line => line.Contains("subject.erase", StringComparison.Ordinal));
        // A front door that starts now refuses the last tokens, too.
        (await CountAsync(
            "SELECT count(*) FROM identity.sessions_ended('-infinity', 1000000) e WHERE e.session_id = $1", person.Session))
            .ShouldBe(1);

        // His schedules name whom he paid.
        (await CountAsync("SELECT count(*) FROM grain_rows WHERE grain_key LIKE 'sbk\\_%' || $1", api.UserId["usr_".Length..])).ShouldBe(0);

        // Nor by what it was found is his name there any more; whoever has it now is somebody else.
        Secret[] name =
        [
            Secret.OfText("the name", api.Email), Secret.OfText("the name as it is compared", api.Email.ToUpperInvariant()),
            Secret.OfBytes("the name's index", await host.IndexOfAsync(api.Email)),
        ];
        // Though somebody has just tried to log in by it.
        SecretScan.Find(name, await DatabaseDump.ReadAsync(host.Database.DataSource)).ShouldBeEmpty();
        var next = await host.SignUpUnconfirmedAsync(api.Email);
        next.UserId.ShouldNotBe(api.UserId);
    }

    private static readonly TimeSpan LongAgo = 2 * ErasuresUnderWay.Patience;

    private ErasuresUnderWay Worker => host.Services.GetServices<IHostedService>().OfType<ErasuresUnderWay>().Single();

    // As it is where a front door dies between the decision and the wallet. What the audit log has of him.
    private async Task<string[]> MarkAsync(Api api, TimeSpan ago, string also = "role = role")
    {
        await using var mark = host.Database.DataSource.CreateCommand($"UPDATE identity.users SET erasing_since = $2, {also} WHERE id = $1");
        mark.Parameters.AddWithValue(api.UserId);
        mark.Parameters.AddWithValue(host.Clock.GetUtcNow() - ago);
        (await mark.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
        return await host.AuditOf(api.UserId);
    }

    // Until it is disposed of, the database does not let him go.
    private async Task<IAsyncDisposable> RefuseToRemoveAsync(Api api)
    {
        var name = $"keep_{api.UserId}";
        await DoAsync(
            $"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'he stays'; END $$;
            CREATE TRIGGER {name} BEFORE DELETE ON identity.users FOR EACH ROW WHEN (OLD.id = '{api.UserId}') EXECUTE FUNCTION {name}();
            """);
        return new Undo(() => DoAsync($"DROP TRIGGER {name} ON identity.users; DROP FUNCTION {name}();"));
    }

    private async Task DoAsync(string sql)
    {
        await using var command = host.Database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static string? Id(JsonElement one) => one.GetProperty("id").GetString();

    private static async Task CloseAsync(Api api, Api payee)
    {
        (await api.PostAsync("/v1/wallet/close", new { recipient = payee.Email }, Api.NewKey())).ShouldBeOk();
        using var deadline = new CancellationTokenSource(Deadline);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await api.GetAsync("/v1/wallet")).ShouldBeOk().Body.GetProperty("status").GetString() != "closed")
        {
            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }

    private async Task UntilListedAsync(string payment)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await CountAsync("SELECT count(*) FROM payments WHERE payment_id = $1", payment) == 0)
        {
            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }

    private async Task<long> CountAsync(string sql, string parameter)
    {
        await using var command = host.Database.DataSource.CreateCommand(sql);
        command.Parameters.AddWithValue(parameter);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private sealed class Undo(Func<Task> undo) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await undo();
    }
}
