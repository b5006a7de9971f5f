using System.Text;
using Microsoft.Extensions.Options;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Network;
using StellarPay.Grains.Network;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Network;

public sealed class FollowerWatermarkTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly string _service = $"tests-{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private PostgresFollowerWatermark Watermark => new(
        database.DataSource, Options.Create(new PostgresOptions { ServiceId = _service }));

    [Fact]
    public async Task It_is_what_the_follower_stored_and_nothing_before_that()
    {
        (await Watermark.GetAsync(Cancelled)).ShouldBeNull();

        await StoreAsync("""{"cursor":4294967295,"lastLedger":0}""", null);
        (await Watermark.GetAsync(Cancelled)).ShouldBeNull();

        await StoreAsync("""{"lastLedger":77,"lastClosedAt":"2026-03-01T12:00:00+00:00"}""", 1);
        (await Watermark.GetAsync(Cancelled)).ShouldBe(new LedgerClose(77, new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)));
    }

    private async Task StoreAsync(string state, int? version)
    {
        await using var command = database.DataSource.CreateCommand(
            "SELECT grain_state_write(@service, 'follower', 'net_follower', @version, @payload)");
        command.Parameters.AddWithValue("service", _service);
        command.Parameters.AddWithValue("version", NpgsqlTypes.NpgsqlDbType.Integer, (object?)version ?? DBNull.Value);
        command.Parameters.AddWithValue("payload", Encoding.UTF8.GetBytes(state));
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}
