using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Messages;
using StellarPay.Grains;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Invoices;

/// <summary>What is to become of an invoice.</summary>
/// <param name="Next">As it is to be; null where it stays.</param>
/// <param name="Told">The type of the event that tells it; null where nobody is told.</param>
/// <param name="Before">What was another before; null where nothing is said of that.</param>
/// <param name="Refused">Why it stays; null where nothing is wrong with that.</param>
internal sealed record InvoiceStep(Invoice? Next = null, string? Told = null, object? Before = null, Problem? Refused = null)
{
    public static InvoiceStep Stays { get; } = new();

    /// <summary>A mail that goes with it, sealed, and until when it says something; null for none.</summary>
    public (string Id, byte[] Sealed, DateTimeOffset ExpiresAt)? Mail { get; init; }

    /// <summary>Whether no session may be made for it any more.</summary>
    public bool IsEnd { get; init; }

    /// <summary>
    /// Whether something else is to be done before, upon which it is asked again: its key must be good by then, and is not taken yet.
    /// </summary>
    public bool IsNotYet { get; init; }
}

/// <summary>
/// Decides what becomes of an invoice, in a transaction that holds its row: one at a time, however many front doors there are. What became
/// of its session by then is taken in first, so that nobody decides about one that is paid. Event, number and mail are in the same
/// transaction.
/// </summary>
internal sealed class InvoiceTurns(
    NpgsqlDataSource database, KeyedWrites writes, IOptions<PostgresOptions> postgres, InvoiceEvents events, TimeProvider system,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business)
{
    private const string BeforeKey = "before_key";

    private static readonly Problem NotFound = Problem.Of(InvoiceProblems.NoSuchInvoice);

    /// <summary>
    /// The invoice as it stands afterwards, and why nothing else became of it; null where there is none, or it is another's.
    /// </summary>
    /// <param name="id">The invoice.</param>
    /// <param name="merchant">Whose it must be; null for whoever knows that by itself.</param>
    /// <param name="prefix">What its number begins with, should it get the merchant's first.</param>
    /// <param name="decide">
    /// Decides: by the invoice as it is, and the session for which it is held that can still be paid. Neither waits nor asks anybody.
    /// </param>
    /// <param name="key">The key under which it is asked for, taken with what is written, or alone where nothing is; null for none.</param>
    /// <param name="cancellationToken">Ends it, with nothing done, until the key is taken.</param>
    public async Task<(Invoice? Invoice, Problem? Refused)> TakeAsync(
        InvoiceId id, MerchantId? merchant, string? prefix, Func<Invoice, PaymentSessionId?, InvoiceStep> decide, RequestKey? key,
        CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var read = Command($"{InvoiceRows.Select} AND i.id = $2 FOR UPDATE", connection);
        read.Parameters.AddWithValue(id.Value);
        var invoice = (await InvoiceRows.ReadAsync(read, cancellationToken)).SingleOrDefault();
        if (invoice is null || (merchant is { } whose && invoice.Merchant != whose))
        {
            return (null, NotFound);
        }

        (invoice, var isSettled) = await SettleAsync(invoice, connection, cancellationToken);
        var open = await OpenAsync(invoice, connection, cancellationToken);
        var step = decide(invoice, open);
        if (step is { Next: not null, IsEnd: true } && !await TryEndAsync(invoice, connection, cancellationToken))
        {
            return (invoice, InvoiceProblems.Busy);
        }

        // Also for what is so already: a repeat that comes when it is so no more changes nothing.
        var isTaken = key is not null && step is { Refused: null, IsNotYet: false };
        if (isTaken)
        {
            await writes.TakeAsync(connection, key, id.Value, cancellationToken);
            cancellationToken = CancellationToken.None;
        }
        else if (step.IsNotYet)
        {
            await transaction.SaveAsync(BeforeKey, cancellationToken);
            await writes.TakeAsync(connection, key, id.Value, cancellationToken);
            await transaction.RollbackAsync(BeforeKey, cancellationToken);
        }

        if (step.Next is { } next)
        {
            next = next with { Revision = invoice.Revision + (step.Told is null ? 0 : 1) };
            if (next is { Status: not InvoiceStatus.Draft, Number: null })
            {
                next = await NumberAsync(next, prefix!, connection, cancellationToken);
            }

            invoice = next;
            await WriteAsync(invoice, step.Told, step.Before, connection, cancellationToken);
            if (step.Mail is { } mail)
            {
                await MailAsync(mail, connection, cancellationToken);
            }
        }

        if (step.Next is not null || isTaken || isSettled)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return (invoice, step.Refused);
    }

    // What became of its sessions. Which of them was paid is known for ever, and that one was is told once: in the transaction that
    // forgets the piece. Pieces that somebody is writing right now are left for the next time. And whether there was any.
    private async Task<(Invoice Invoice, bool IsAny)> SettleAsync(
        Invoice invoice, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            DELETE FROM payment_link_pieces p
            WHERE p.service_id = $1 AND p.session IN (
                SELECT e.session FROM payment_link_pieces e
                WHERE e.service_id = $1 AND e.link = $2 AND e.status IN ('paid', 'ended')
                FOR UPDATE SKIP LOCKED)
            RETURNING p.session, p.status
            """,
            connection);
        command.Parameters.AddWithValue(invoice.Id.Value);
        string? paid = null;
        var isAny = false;
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                isAny = true;
                paid = reader.GetString(1) == "paid" ? reader.GetString(0) : paid;
            }
        }

        await using var lost = Command(
            """
            UPDATE payment_link_pieces p SET status = 'gone'
            WHERE p.service_id = $1 AND p.link = $2 AND p.status = 'taken' AND p.taken_at < now() - $3
            """,
            connection);
        lost.Parameters.AddWithValue(invoice.Id.Value);
        lost.Parameters.AddWithValue(InvoiceStore.Lost);
        isAny |= await lost.ExecuteNonQueryAsync(cancellationToken) > 0;
        if (paid is null || !InvoiceTransitions.May(invoice.Status, InvoiceStatus.Paid))
        {
            return (invoice, isAny);
        }

        var next = InvoiceSteps.Paid(invoice, paid, business.GetUtcNow()) with { Revision = invoice.Revision + 1 };
        await WriteAsync(next, EventTypes.InvoicePaid, new { status = InvoiceJson.NameOf(invoice.Status) }, connection, cancellationToken);
        return (next, true);
    }

    private async Task<PaymentSessionId?> OpenAsync(Invoice invoice, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT o.session FROM invoice_session($1, $2) o", connection);
        command.Parameters.AddWithValue(invoice.Id.Value);
        return await command.ExecuteScalarAsync(cancellationToken) is string session ? PaymentSessionId.Parse(session) : null;
    }

    // A session that is being made for it is never stored (SP007); one that was stored just now is in the way.
    private async Task<bool> TryEndAsync(Invoice invoice, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "UPDATE payment_link_pieces p SET status = 'gone' WHERE p.service_id = $1 AND p.link = $2 AND p.status = 'taken'", connection);
        command.Parameters.AddWithValue(invoice.Id.Value);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return await OpenAsync(invoice, connection, cancellationToken) is null;
    }

    private async Task<Invoice> NumberAsync(
        Invoice invoice, string prefix, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT n.prefix, n.sequence FROM invoice_number($1, $2, $3) n", connection);
        command.Parameters.AddWithValue(invoice.Merchant.Value);
        command.Parameters.AddWithValue(prefix);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var sequence = reader.GetInt32(1);
        return invoice with { Sequence = sequence, Number = InvoiceRows.NumberOf(reader.GetString(0), sequence) };
    }

    private async Task WriteAsync(
        Invoice invoice, string? told, object? before, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var write = Command(InvoiceRows.Update, connection);
        InvoiceRows.Bind(write.Parameters, invoice);
        await write.ExecuteNonQueryAsync(cancellationToken);
        if (told is null)
        {
            return;
        }

        await using var tell = Command("SELECT events_append($1, $2)", connection);
        tell.Parameters.AddWithValue(NpgsqlDbType.Jsonb, $"[{events.Of(told, invoice, before).GetRawText()}]");
        await tell.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task MailAsync(
        (string Id, byte[] Sealed, DateTimeOffset ExpiresAt) mail, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO identity.messages (id, channel, bulk, sealed, due_at, expires_at) VALUES ($1, $2, true, $3, $4, $5)", connection);
        command.Parameters.AddWithValue(mail.Id);
        command.Parameters.AddWithValue(MessageOutbox.NameOf(MessageChannel.Email));
        command.Parameters.AddWithValue(mail.Sealed);
        command.Parameters.AddWithValue(system.GetUtcNow());
        command.Parameters.AddWithValue(mail.ExpiresAt);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string text, NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(text, connection);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        return command;
    }
}
