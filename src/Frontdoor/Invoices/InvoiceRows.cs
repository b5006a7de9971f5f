using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>Invoices as rows of infra/postgres/migrations/0070_invoices.sql.</summary>
internal static class InvoiceRows
{
    public const string Select =
        """
        SELECT i.id, i.merchant, i.status, i.terms, i.created_at, i.sequence, i.number, i.customer, i.details, i.due_at, i.finalized_at,
               i.paid_at, i.voided_at, i.uncollectible_at, i.sent_at, i.sends, i.overdue_told, i.paid_by, i.revision,
               i.accepting
        FROM invoices i
        WHERE i.service_id = $1
        """;

    public const string Update =
        """
        UPDATE invoices i
        SET status = $3, terms = $4, sequence = $5, number = $6, customer = $7, details = $8, due_at = $9, finalized_at = $10,
            paid_at = $11, voided_at = $12, uncollectible_at = $13, sent_at = $14, sends = $15, overdue_told = $16,
            paid_by = $17, revision = $18, accepting = $19,
            accepting_at = CASE WHEN $19 = i.accepting THEN i.accepting_at WHEN $19 IS NOT NULL THEN now() END
        WHERE i.service_id = $1 AND i.id = $2
        """;

    private static readonly JsonSerializerOptions Stored = JsonSerializerOptions.Web;

    public static string Terms(Invoice invoice) => JsonSerializer.Serialize(invoice.Terms, Stored);

    /// <summary>The parameters of <see cref="Update"/> after the first.</summary>
    public static void Bind(NpgsqlParameterCollection parameters, Invoice invoice)
    {
        parameters.AddWithValue(invoice.Id.Value);
        parameters.AddWithValue(InvoiceJson.NameOf(invoice.Status));
        parameters.AddWithValue(NpgsqlDbType.Jsonb, Terms(invoice));
        parameters.AddWithValue(NpgsqlDbType.Integer, (object?)invoice.Sequence ?? DBNull.Value);
        parameters.AddWithValue(NpgsqlDbType.Text, (object?)invoice.Number ?? DBNull.Value);
        parameters.AddWithValue(NpgsqlDbType.Text, (object?)invoice.Customer ?? DBNull.Value);
        parameters.AddWithValue(NpgsqlDbType.Text, (object?)invoice.Details ?? DBNull.Value);
        foreach (var at in new[]
        {
            invoice.DueAt, invoice.FinalizedAt, invoice.PaidAt, invoice.VoidedAt, invoice.UncollectibleAt, invoice.SentAt,
        })
        {
            parameters.AddWithValue(NpgsqlDbType.TimestampTz, (object?)at?.ToUniversalTime() ?? DBNull.Value);
        }

        parameters.AddWithValue(invoice.Sends);
        parameters.AddWithValue(invoice.IsOverdueTold);
        parameters.AddWithValue(NpgsqlDbType.Text, (object?)invoice.PaidBy ?? DBNull.Value);
        parameters.AddWithValue(invoice.Revision);
        parameters.AddWithValue(NpgsqlDbType.Text, (object?)invoice.Accepting?.ToString() ?? DBNull.Value);
    }

    public static async Task<List<Invoice>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var invoices = new List<Invoice>();
        while (await reader.ReadAsync(cancellationToken))
        {
            invoices.Add(new Invoice(
                InvoiceId.Parse(reader.GetString(0)), MerchantId.Parse(reader.GetString(1)),
                InvoiceJson.StatusOf(reader.GetString(2))!.Value,
                JsonSerializer.Deserialize<InvoiceTerms>(reader.GetString(3), Stored)!, reader.GetFieldValue<DateTimeOffset>(4))
            {
                Sequence = reader.IsDBNull(5) ? null : reader.GetInt32(5),
                Number = Text(reader, 6),
                Customer = Text(reader, 7),
                Details = Text(reader, 8),
                DueAt = Time(reader, 9),
                FinalizedAt = Time(reader, 10),
                PaidAt = Time(reader, 11),
                VoidedAt = Time(reader, 12),
                UncollectibleAt = Time(reader, 13),
                SentAt = Time(reader, 14),
                Sends = reader.GetInt32(15),
                IsOverdueTold = reader.GetBoolean(16),
                PaidBy = Text(reader, 17),
                Revision = reader.GetInt64(18),
                Accepting = Text(reader, 19) is { } accepting ? LatePayment.Parse(accepting) : null,
            });
        }

        return invoices;
    }

    /// <summary>A number as it is written: the prefix, and four digits or what it needs.</summary>
    public static string NumberOf(string prefix, int sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}-{sequence:D4}");

    private static string? Text(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetString(at);

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int at) =>
        reader.IsDBNull(at) ? null : reader.GetFieldValue<DateTimeOffset>(at);
}
