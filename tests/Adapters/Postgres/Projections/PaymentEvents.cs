using System.Text.Json;
using Npgsql;
using StellarPay.Grains.Events;

namespace StellarPay.Adapters.Tests.Postgres.Projections;

/// <summary>Appends payment and credit events in the shape in which grains write them.</summary>
internal sealed class PaymentEvents(NpgsqlDataSource database, string service)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static PaymentEventData Payment(string id, string wallet, string status, long revision, int minute = 0) => new(
        id, wallet, status, "payee@example.com", "GPAYEE", "USDC:GISSUER", "12.5000000", "lunch",
        Noon.AddMinutes(minute), Noon.AddMinutes(minute + 10),
        status is "succeeded" or "failed" ? Noon.AddMinutes(minute + 1) : null,
        status == "pending" ? null : "ab12", status == "succeeded" ? 77 : null,
        status == "failed" ? "op_underfunded" : null, revision);

    public static CreditEventData Credit(string operation, string wallet, long revision, int minute = 0) => new(
        wallet, operation, "cd34", "GPAYER", "USDC:GISSUER", "922337203685.4775807", null, 78, Noon.AddMinutes(minute),
        revision);

    public Task AppendAsync(string type, PaymentEventData data) => AppendAsync(type, data.PaymentId, data);

    public Task AppendAsync(CreditEventData data) => AppendAsync(EventTypes.WalletCredited, data.WalletId, data);

    private async Task AppendAsync<T>(string type, string subject, T data)
    {
        var one = new OutboxEvent(
            $"evt_{Guid.NewGuid():N}", type, Noon, subject, "usr_1", JsonSerializer.SerializeToElement(data, Json));
        await using var command = database.CreateCommand("SELECT events_append($1, $2::jsonb)");
        command.Parameters.AddWithValue(service);
        command.Parameters.AddWithValue(JsonSerializer.Serialize(new[] { one }, Json));
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
