using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>Which invoices are asked for.</summary>
/// <param name="Status">With this status.</param>
/// <param name="DueFrom">Due at this time or after.</param>
/// <param name="DueBefore">Due before this time.</param>
/// <param name="Customer">Of the customer with this keyed hash.</param>
/// <param name="Number">With this number.</param>
internal sealed record InvoiceFilter(
    InvoiceStatus? Status, DateTimeOffset? DueFrom, DateTimeOffset? DueBefore, string? Customer, string? Number)
{
    /// <summary>Made at this time or after; null for no bound.</summary>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Made before this time; null for no bound.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }
}

/// <summary>Merchants' invoices as they are read, added, and taken for sessions; what is decided of one is in <see cref="InvoiceTurns"/>.</summary>
internal sealed class InvoiceStore(
    NpgsqlDataSource database, KeyedWrites writes, IOptions<PostgresOptions> postgres, IOptions<InvoiceOptions> options,
    InvoiceEvents events)
{
    /// <summary>
    /// How long an invoice waits for a session of which there is none. Whoever makes it later than that is refused it, and takes another.
    /// </summary>
    public static readonly TimeSpan Lost = TimeSpan.FromMinutes(2);

    /// <summary>Adds one and tells it: <c>added</c>, <c>too_many</c> or <c>too_many_today</c>.</summary>
    public async Task<string> AddAsync(Invoice invoice, RequestKey? key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT invoice_add($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(invoice.Id.Value);
        command.Parameters.AddWithValue(invoice.Merchant.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, InvoiceRows.Terms(invoice));
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)invoice.Customer ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)invoice.Details ?? DBNull.Value);
        command.Parameters.AddWithValue(invoice.CreatedAt);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, (object?)invoice.DueAt?.ToUniversalTime() ?? DBNull.Value);
        command.Parameters.AddWithValue(options.Value.UnpaidPerMerchant);
        command.Parameters.AddWithValue(options.Value.PerMerchantADay);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, $"[{events.Of(EventTypes.InvoiceCreated, invoice).GetRawText()}]");
        return (string)(await writes.ScalarAsync(command, key, invoice.Id.Value, answer => answer is "added", cancellationToken))!;
    }

    /// <summary>One of a merchant's; null where it is none of his.</summary>
    public async Task<Invoice?> FindAsync(MerchantId merchant, InvoiceId id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } invoice && invoice.Merchant == merchant ? invoice : null;

    /// <summary>One of any merchant, for who has its secret.</summary>
    public async Task<Invoice?> FindAsync(InvoiceId id, CancellationToken cancellationToken)
    {
        await using var command = Command($"{InvoiceRows.Select} AND i.id = $2");
        command.Parameters.AddWithValue(id.Value);
        return (await InvoiceRows.ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>The session of an invoice that can be paid, or was and is not taken in yet; null where there is none.</summary>
    public async Task<PaymentSessionId?> SessionOfAsync(InvoiceId id, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            SELECT p.session FROM payment_link_pieces p
            WHERE p.service_id = $1 AND p.link = $2 AND left(p.link, 3) = 'in_' AND p.status IN ('made', 'paid')
            """);
        command.Parameters.AddWithValue(id.Value);
        return await command.ExecuteScalarAsync(cancellationToken) is string session ? PaymentSessionId.Parse(session) : null;
    }

    /// <summary>The invoice of a merchant's that a session was made for, whatever became of both; null for none.</summary>
    public async Task<Invoice?> OfSessionAsync(MerchantId merchant, PaymentSessionId session, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"{InvoiceRows.Select} AND i.id = (SELECT s.invoice FROM invoice_sessions s WHERE s.service_id = $1 AND s.session = $2)");
        command.Parameters.AddWithValue(session.Value);
        return (await InvoiceRows.ReadAsync(command, cancellationToken)).SingleOrDefault(invoice => invoice.Merchant == merchant);
    }

    /// <summary>A page of a merchant's; null where the one that is named is none of his.</summary>
    public async Task<IReadOnlyList<Invoice>?> ListAsync(
        MerchantId merchant, InvoiceId? named, bool isBackwards, InvoiceFilter filter, int limit, CancellationToken cancellationToken)
    {
        if (named is { } beside && await FindAsync(merchant, beside, cancellationToken) is null)
        {
            return null;
        }

        var (than, order) = isBackwards ? (">", "ASC") : ("<", "DESC");
        await using var command = Command(
            $"""
            {InvoiceRows.Select} AND i.merchant = $2 AND ($5::text IS NULL OR i.status = $5) AND ($6::timestamptz IS NULL OR i.due_at >= $6)
              AND ($7::timestamptz IS NULL OR i.due_at < $7) AND ($8::text IS NULL OR i.customer = $8)
              AND ($9::text IS NULL OR i.number = $9) AND ($10::timestamptz IS NULL OR i.created_at >= $10)
              AND ($11::timestamptz IS NULL OR i.created_at < $11) AND ($3::text IS NULL OR i.place {than} (
                SELECT n.place FROM invoices n WHERE n.service_id = $1 AND n.id = $3))
            ORDER BY i.place {order} LIMIT $4
            """);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)named?.Value ?? DBNull.Value);
        command.Parameters.AddWithValue(limit);
        command.Parameters.AddWithValue(
            NpgsqlDbType.Text, filter.Status is { } status ? InvoiceJson.NameOf(status) : DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, (object?)filter.DueFrom ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, (object?)filter.DueBefore ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)filter.Customer ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)filter.Number ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, (object?)filter.CreatedFrom ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, (object?)filter.CreatedBefore ?? DBNull.Value);
        return await InvoiceRows.ReadAsync(command, cancellationToken);
    }

    /// <summary>
    /// Takes an invoice for a session that is about to be made: <c>taken</c>, or why not (see <c>invoice_take</c>), with the session that
    /// is in the way.
    /// </summary>
    public async Task<(string Answer, PaymentSessionId? Session)> TakeAsync(
        InvoiceId id, PaymentSessionId session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT t.answer, t.session FROM invoice_take($1, $2, $3, $4, $5, $6) t");
        command.Parameters.AddWithValue(id.Value);
        command.Parameters.AddWithValue(session.Value);
        command.Parameters.AddWithValue(options.Value.SessionsPerInvoiceADay);
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(Lost);
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            return (reader.GetString(0), reader.IsDBNull(1) ? null : PaymentSessionId.Parse(reader.GetString(1)));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return ("begun", null);
        }
    }

    /// <summary>Gives one back whose session was refused.</summary>
    public async Task GiveBackAsync(InvoiceId id, PaymentSessionId session, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT invoice_give_back($1, $2, $3)");
        command.Parameters.AddWithValue(id.Value);
        command.Parameters.AddWithValue(session.Value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Those that have something to take in: a session of theirs has ended, or was never made.</summary>
    public Task<IReadOnlyList<InvoiceId>> UnsettledAsync(int most, CancellationToken cancellationToken)
    {
        var command = Command("SELECT u.invoice FROM invoice_unsettled($1, $2, $3) u");
        command.Parameters.AddWithValue(Lost);
        command.Parameters.AddWithValue(most);
        return IdsAsync(command, cancellationToken);
    }

    /// <summary>Those of which nobody has known for long whether what came late for their session was accepted.</summary>
    public async Task<IReadOnlyList<Invoice>> AcceptingAsync(int most, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"{InvoiceRows.Select} AND i.accepting IS NOT NULL AND i.accepting_at < now() - $2 ORDER BY i.accepting_at LIMIT $3");
        command.Parameters.AddWithValue(Lost);
        command.Parameters.AddWithValue(most);
        return await InvoiceRows.ReadAsync(command, cancellationToken);
    }

    /// <summary>
    /// Those that are open past their day, and nobody was told; but none with a session from before the end of that day, which what the
    /// ledger has by then may have paid.
    /// </summary>
    public Task<IReadOnlyList<InvoiceId>> OverdueAsync(DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        var command = Command(
            """
            SELECT i.id FROM invoices i
            WHERE i.service_id = $1 AND i.status = 'open' AND NOT i.overdue_told AND i.due_at < $2 AND i.accepting IS NULL
              AND NOT EXISTS (
                SELECT FROM payment_link_pieces p
                WHERE p.service_id = $1 AND p.link = i.id AND left(p.link, 3) = 'in_' AND p.status IN ('taken', 'made', 'paid')
                  AND p.taken_at < date_trunc('day', i.due_at, 'UTC') + interval '1 day')
            ORDER BY i.due_at LIMIT $3
            """);
        command.Parameters.AddWithValue(Invoice.Today(now));
        command.Parameters.AddWithValue(most);
        return IdsAsync(command, cancellationToken);
    }

    private static async Task<IReadOnlyList<InvoiceId>> IdsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var found = new List<InvoiceId>();
            while (await reader.ReadAsync(cancellationToken))
            {
                found.Add(InvoiceId.Parse(reader.GetString(0)));
            }

            return found;
        }
    }

    private NpgsqlCommand Command(string text)
    {
        var command = database.CreateCommand(text);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        return command;
    }
}
