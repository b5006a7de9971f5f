using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Tests.Network;

public sealed class AdminNetworkTests : IClassFixture<FrontdoorHost>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FrontdoorHost _host;

    public AdminNetworkTests(FrontdoorHost host)
    {
        _host = host;
        // What other tests have decided.
        host.Grains.Owner.Retried.Clear();
        host.Grains.Owner.Closed.Clear();
        host.Grains.Suspense.Decided.Clear();
        host.Grains.Suspense.Refuses = null;
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_an_administrator_sees_the_network_and_lets_payments_go_on()
    {
        var user = await _host.SignUpAsync();
        foreach (var path in new[] { "network", "parked-operations", "set-aside-rows", "suspense" })
        {
            (await user.GetAsync($"/v1/admin/{path}")).ShouldBeError(HttpStatusCode.Forbidden, "forbidden");
        }

        foreach (var path in new[]
        {
            "network/resume", "parked-operations/5/retry", "set-aside-rows/5/retry", "set-aside-rows/5/close", "suspense/sus_1/return",
            "suspense/sus_1/keep",
        })
        {
            (await user.PostAsync($"/v1/admin/{path}", new { reason = "because" })).ShouldBeError(HttpStatusCode.Forbidden, "forbidden");
        }
    }

    [Fact]
    public async Task A_halt_shows_and_is_ended_with_a_reason_by_an_administrator()
    {
        var admin = await _host.NewAdminAsync();
        (await admin.PostAsync("/v1/admin/network/resume", new { reason = "tests" }))
            .ShouldBeError(HttpStatusCode.Conflict, "network_not_halted");
        var halts = _host.Services.GetRequiredService<INetworkHalts>();
        await halts.HaltAsync(new NetworkHalt("network_reset", "It began again.", Noon), Cancelled);

        (await admin.GetAsync("/v1/admin/network")).ShouldBeOk().Body.GetProperty("halt").GetProperty("code").GetString()
            .ShouldBe("network_reset");
        (await admin.PostAsync("/v1/admin/network/resume", new { })).ShouldBeError(HttpStatusCode.BadRequest, "parameter_missing", "reason");
        (await admin.PostAsync("/v1/admin/network/resume", new { reason = "Horizon was restored" })).ShouldBeOk();

        (await halts.FindAsync(Cancelled)).ShouldBeNull();
    }

    [Fact]
    public async Task Parked_operations_are_listed_given_to_their_owners_again_and_closed()
    {
        var admin = await _host.NewAdminAsync();
        await ParkAsync(token: 5);

        var listed = (await admin.GetAsync("/v1/admin/parked-operations")).ShouldBeOk().Body.GetProperty("data")[0];
        (listed.GetProperty("token").GetString(), listed.GetProperty("status").GetString()).ShouldBe(("5", "parked"));
        (await admin.PostAsync("/v1/admin/parked-operations/5/retry")).ShouldBeOk();
        foreach (var token in new[] { "6", "x", "99999999999999999999" })
        {
            (await admin.PostAsync($"/v1/admin/parked-operations/{token}/retry"))
                .ShouldBeError(HttpStatusCode.NotFound, "parked_operation_not_found");
        }

        _host.Grains.Owner.Retried.ShouldBe([(5, admin.UserId)]);
        (await admin.PostAsync("/v1/admin/parked-operations/5/close")).ShouldBeOk();
        _host.Grains.Owner.Closed.ShouldBe([(5, admin.UserId)]);
        (await admin.GetAsync("/v1/admin/parked-operations?limit=0")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "limit");
        (await admin.GetAsync("/v1/admin/parked-operations?starting_after=x"))
            .ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "starting_after");
    }

    [Fact]
    public async Task What_an_owner_could_not_take_in_of_another_is_listed_given_to_it_again_and_closed()
    {
        var admin = await _host.NewAdminAsync();
        var merchant = MerchantId.New(TimeProvider.System).Value;
        var id = await SetAsideAsync(merchant);

        var listed = (await admin.GetAsync("/v1/admin/set-aside-rows")).ShouldBeOk().Body.GetProperty("data")[0];
        (listed.GetProperty("id").GetString(), listed.GetProperty("status").GetString(), listed.GetProperty("owner").GetString())
            .ShouldBe((id, "waiting", merchant));
        (listed.GetProperty("sender").GetString(), listed.GetProperty("content").GetString()).ShouldBe(("pay_1", """{"odd": true}"""));
        (await admin.GetAsync("/v1/admin/network")).ShouldBeOk().Body.GetProperty("set_aside_rows").GetInt32().ShouldBe(0);
        (await admin.PostAsync($"/v1/admin/set-aside-rows/{id}/retry")).ShouldBeOk().Body.GetProperty("id").GetString().ShouldBe(id);
        foreach (var none in new[] { "0", "x", "99999999999999999999" })
        {
            (await admin.PostAsync($"/v1/admin/set-aside-rows/{none}/close")).ShouldBeError(HttpStatusCode.NotFound, "set_aside_row_not_found");
        }

        (await admin.PostAsync($"/v1/admin/set-aside-rows/{id}/close")).ShouldBeOk();
        var number = long.Parse(id, System.Globalization.CultureInfo.InvariantCulture);
        _host.Grains.Owner.Retried.ShouldBe([(number, admin.UserId)]);
        _host.Grains.Owner.Closed.ShouldBe([(number, admin.UserId)]);
        (await admin.GetAsync($"/v1/admin/set-aside-rows?starting_after={id}")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await admin.GetAsync("/v1/admin/set-aside-rows?limit=0")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "limit");
        (await admin.GetAsync("/v1/admin/set-aside-rows?starting_after=x"))
            .ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "starting_after");
    }

    [Fact]
    public async Task A_suspended_deposit_is_listed_assigned_returned_or_kept_in_the_administrators_name()
    {
        var admin = await _host.NewAdminAsync();
        var user = await _host.SignUpAsync();
        await SuspendAsync(new SuspendedDeposit(
            "sus_1", 5, 1, "hash", "GA", "plt_fees_00", "native", 12_500_000, "GS", null, null, "order 7", "text", Noon));

        var listed = (await admin.GetAsync("/v1/admin/suspense?status=open")).ShouldBeOk().Body.GetProperty("data")[0];
        (listed.GetProperty("amount").GetString(), listed.GetProperty("sender").GetString()).ShouldBe(("1.2500000", "GS"));
        (await admin.PostAsync("/v1/admin/suspense/sus_1/assign", new { user = user.UserId })).ShouldBeOk();
        (await admin.PostAsync("/v1/admin/suspense/sus_1/return")).ShouldBeOk();
        (await admin.PostAsync("/v1/admin/suspense/sus_1/keep")).ShouldBeOk();
        _host.Grains.Suspense.Refuses = new Error(ErrorKind.Conflict, "suspense_decided", "It was decided.");
        (await admin.PostAsync("/v1/admin/suspense/sus_1/return")).ShouldBeError(HttpStatusCode.Conflict, "suspense_decided");

        _host.Grains.Suspense.Decided.ShouldBe(
        [
            $"sus_1 assign {user.UserId} {admin.UserId}", $"sus_1 return {admin.UserId}", $"sus_1 keep {admin.UserId}",
            $"sus_1 return {admin.UserId}",
        ]);
        (await admin.PostAsync("/v1/admin/suspense/sus_1/assign", new { })).ShouldBeError(HttpStatusCode.BadRequest, "parameter_missing", "user");
        (await admin.PostAsync("/v1/admin/suspense/sus_1/assign", new { user = "x" }))
            .ShouldBeError(HttpStatusCode.NotFound, "user_not_found", "user");
        (await admin.PostAsync("/v1/admin/suspense/sus_2/return")).ShouldBeError(HttpStatusCode.NotFound, "suspense_not_found");
        (await admin.GetAsync("/v1/admin/suspense?status=x")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "status");
    }

    private async Task ParkAsync(long token)
    {
        var database = _host.Services.GetRequiredService<NpgsqlDataSource>();
        var service = _host.Services.GetRequiredService<IOptions<PostgresOptions>>().Value.ServiceId;
        await using (var ensure = database.CreateCommand("SELECT ledger_partitions_ensure(0, 0)"))
        {
            await ensure.ExecuteNonQueryAsync(Cancelled);
        }

        await using var command = database.CreateCommand(
            """
            WITH moved AS (
                INSERT INTO ledger_movements (service_id, token, number, kind, transaction_hash, readers, content)
                VALUES ($1, $2, 0, 'unread', 'hash', '{}', convert_to($3, 'UTF8')))
            INSERT INTO ledger_parked (service_id, owner_kind, owner_key, token, number, error, attempts, status, parked_at)
            VALUES ($1, 'wallet', $4, $2, 0, 'It overflows.', 5, 'parked', now())
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = service });
        command.Parameters.Add(new NpgsqlParameter { Value = token });
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = $$"""{"pagingToken":{{token}},"ledger":0,"transactionHash":"hash","kind":0,"raw":"{}","problem":"odd","accounts":[]}""",
        });
        command.Parameters.Add(new NpgsqlParameter { Value = WalletId.New(TimeProvider.System).Value });
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    private async Task<string> SetAsideAsync(string merchant)
    {
        await using var command = _host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            """
            INSERT INTO owner_rows_set_aside (
                service_id, owner_kind, owner_key, sender_kind, sender_key, sender_version, number, content, error, sent_at)
            VALUES ($1, 'merchant', $2, 'payment_session', 'pay_1', 3, 1, '{"odd": true}', 'It does not add up.', now())
            RETURNING id::text
            """);
        command.Parameters.AddWithValue(_host.Services.GetRequiredService<IOptions<PostgresOptions>>().Value.ServiceId);
        command.Parameters.AddWithValue(merchant);
        return (string)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    // As the write of the suspense account does it.
    private async Task SuspendAsync(SuspendedDeposit deposit)
    {
        await using var command = _host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT suspense_enter($1, $2)");
        command.Parameters.AddWithValue(_host.Services.GetRequiredService<IOptions<PostgresOptions>>().Value.ServiceId);
        command.Parameters.Add(new NpgsqlParameter
        {
            NpgsqlDbType = NpgsqlDbType.Jsonb,
            Value = JsonSerializer.Serialize(new[] { deposit }, JsonSerializerOptions.Web),
        });
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
