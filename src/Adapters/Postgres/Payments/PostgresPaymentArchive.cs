using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;

namespace StellarPay.Adapters.Postgres.Payments;

/// <summary>Reads a payment's events, which are there as soon as the wallet's state is.</summary>
internal sealed class PostgresPaymentArchive(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IPaymentArchive
{
    private readonly string _serviceId = options.Value.ServiceId;

    public async Task<IReadOnlyList<PaymentEvent>> ReadAsync(PaymentId payment, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT type, occurred_at, owner, data FROM payment_events(@service_id, @payment_id, @limit)");
        command.Parameters.AddWithValue("service_id", _serviceId);
        command.Parameters.AddWithValue("payment_id", payment.Value);
        command.Parameters.AddWithValue("limit", IPaymentArchive.MaxEvents);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<PaymentEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(new PaymentEvent(
                reader.GetString(0),
                reader.GetFieldValue<DateTimeOffset>(1),
                reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.GetFieldValue<JsonElement>(3).Deserialize<PaymentEventData>(JsonSerializerOptions.Web)!));
        }

        return events;
    }
}
