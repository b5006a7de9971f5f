using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;

namespace StellarPay.Frontdoor.PaymentLinks;

/// <summary>Merchants' payment links and the pieces of them; infra/postgres/migrations/0063_payment_links.sql.</summary>
internal sealed class PaymentLinkStore(
    NpgsqlDataSource database, KeyedWrites writes, IOptions<PostgresOptions> postgres, IOptions<PaymentLinkOptions> options,
    LinkEvents events)
{
    /// <summary>How long a piece waits for a session of which there is none: longer than any call that makes one goes on.</summary>
    public static readonly TimeSpan Lost = TimeSpan.FromMinutes(10);

    private const int SettledAtOnce = 100;
    private const int ForgottenAtOnce = 1000;

    // A process that stood still for longer than this does not go on.
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(7);

    private const string Rows =
        """
        SELECT l.id, l.merchant, l.slug, l.active, l.terms, l.metadata, l.created_at, l.expires_at, l.stock, l.held, l.sold, l.revision
        FROM payment_links l
        WHERE l.service_id = $1
        """;

    private static readonly JsonSerializerOptions Stored = new(JsonSerializerOptions.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Adds one and tells it; false where its merchant has as many as he may.</summary>
    public async Task<bool> AddAsync(PaymentLink link, RequestKey? key, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT payment_link_add($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        command.Parameters.AddWithValue(link.Id.Value);
        command.Parameters.AddWithValue(link.Merchant.Value);
        command.Parameters.AddWithValue(link.Slug);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, JsonSerializer.Serialize(link.Terms, Stored));
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, JsonSerializer.Serialize(link.Metadata));
        command.Parameters.AddWithValue(link.CreatedAt);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, (object?)link.ExpiresAt?.ToUniversalTime() ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Integer, (object?)link.Stock ?? DBNull.Value);
        command.Parameters.AddWithValue(options.Value.LinksPerMerchant);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, events.OfCreated(link));
        return (bool)(await writes.ScalarAsync(command, key, link.Id.Value, answer => answer is true, cancellationToken))!;
    }

    /// <summary>One of a merchant's; null where it is none of his.</summary>
    public async Task<PaymentLink?> FindAsync(MerchantId merchant, string id, CancellationToken cancellationToken)
    {
        await using var command = Command($"{Rows} AND l.id = $2 AND l.merchant = $3");
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(merchant.Value);
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>The one whose page has this slug; null where there is none.</summary>
    public async Task<PaymentLink?> FindBySlugAsync(string slug, CancellationToken cancellationToken)
    {
        await using var command = Command($"{Rows} AND l.slug = $2");
        command.Parameters.AddWithValue(slug);
        return (await ReadAsync(command, cancellationToken)).SingleOrDefault();
    }

    /// <summary>A page of a merchant's; null where the one that is named is none of his.</summary>
    public async Task<IReadOnlyList<PaymentLink>?> ListAsync(
        MerchantId merchant, string? named, bool isBackwards, bool? active, DateTimeOffset? from, DateTimeOffset? to, int limit,
        CancellationToken cancellationToken)
    {
        if (named is not null && await FindAsync(merchant, named, cancellationToken) is null)
        {
            return null;
        }

        var (than, order) = isBackwards ? (">", "ASC") : ("<", "DESC");
        await using var command = Command(
            $"""
            {Rows} AND l.merchant = $2 AND ($4::boolean IS NULL OR l.active = $4) AND ($3::text IS NULL OR l.number {than} (
                SELECT n.number FROM payment_links n WHERE n.service_id = $1 AND n.id = $3))
              AND ($6::timestamptz IS NULL OR l.created_at >= $6) AND ($7::timestamptz IS NULL OR l.created_at < $7)
            ORDER BY l.number {order} LIMIT $5
            """);
        command.Parameters.AddWithValue(merchant.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Text, (object?)named ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.Boolean, (object?)active ?? DBNull.Value);
        command.Parameters.AddWithValue(limit);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, (object?)from ?? DBNull.Value);
        command.Parameters.AddWithValue(NpgsqlDbType.TimestampTz, (object?)to ?? DBNull.Value);
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>
    /// Lets one be paid, or no more, and tells it where that is another than before; null where it is none of the merchant's.
    /// </summary>
    public async Task<PaymentLink?> SwitchAsync(
        MerchantId merchant, string id, bool isActive, RequestKey? key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var read = Command($"{Rows} AND l.id = $2 AND l.merchant = $3 FOR UPDATE", connection);
        read.Parameters.AddWithValue(id);
        read.Parameters.AddWithValue(merchant.Value);
        var link = (await ReadAsync(read, cancellationToken)).SingleOrDefault();
        if (link is null)
        {
            return null;
        }

        await writes.TakeAsync(connection, key, id, cancellationToken);
        if (link.IsActive == isActive)
        {
            // The key is kept: a repeat that comes when it is so no more switches nothing.
            await transaction.CommitAsync(CancellationToken.None);
            return link;
        }

        cancellationToken = key is null ? cancellationToken : CancellationToken.None;
        link = link with { IsActive = isActive, Revision = link.Revision + 1 };
        await using var write = Command(
            """
            WITH told AS (SELECT events_append($1, $5))
            UPDATE payment_links l SET active = $3, revision = $4 FROM told WHERE l.service_id = $1 AND l.id = $2
            """,
            connection);
        write.Parameters.AddWithValue(id);
        write.Parameters.AddWithValue(isActive);
        write.Parameters.AddWithValue(link.Revision);
        write.Parameters.AddWithValue(NpgsqlDbType.Jsonb, events.OfSwitched(link));
        await write.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return link;
    }

    /// <summary>
    /// Takes a piece for a session: <c>taken</c>, <c>inactive</c>, <c>over</c>, <c>sold_out</c>, <c>too_many</c> or <c>busy</c>.
    /// </summary>
    public async Task<string> TakeAsync(
        PaymentLinkId link, PaymentSessionId session, LinkHolder holder, int tier, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT payment_link_take($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
        command.Parameters.AddWithValue(link.Value);
        command.Parameters.AddWithValue(session.Value);
        command.Parameters.AddWithValue(holder.Address);
        command.Parameters.AddWithValue(holder.Network);
        command.Parameters.AddWithValue(options.Value.UnpaidPiecesPerAddress);
        command.Parameters.AddWithValue(options.Value.UnpaidSessionsPerNetwork);
        command.Parameters.AddWithValue(options.Value.UnpaidSessionsPerLink);
        command.Parameters.AddWithValue(options.Value.UnpaidSessionsOf(tier));
        command.Parameters.AddWithValue(now);
        command.Parameters.AddWithValue(Lost);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Gives a piece back whose session was not made.</summary>
    public async Task GiveBackAsync(PaymentLinkId link, PaymentSessionId session, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT payment_link_give_back($1, $2, $3)");
        command.Parameters.AddWithValue(link.Value);
        command.Parameters.AddWithValue(session.Value);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Counts the pieces whose sessions have ended, of some links; how many those were.</summary>
    public async Task<int> SettleAsync(int mostLinks, TimeSpan lost, CancellationToken cancellationToken)
    {
        var links = new List<string>();
        await using (var command = Command("SELECT u.link FROM payment_link_unsettled($1, $2, $3) u"))
        {
            command.Parameters.AddWithValue(lost);
            command.Parameters.AddWithValue(mostLinks);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                links.Add(reader.GetString(0));
            }
        }

        var settled = 0;
        foreach (var link in links)
        {
            int counted;
            do
            {
                await using var command = Command("SELECT payment_link_settle($1, $2, $3, $4)");
                command.Parameters.AddWithValue(link);
                command.Parameters.AddWithValue(lost);
                command.Parameters.AddWithValue(SettledAtOnce);
                counted = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
                settled += counted;
            }
            while (counted == SettledAtOnce);
        }

        return settled;
    }

    /// <summary>Forgets pieces that are gone for long; how many those were.</summary>
    public async Task<int> ForgetAsync(CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT payment_link_forget($1, $2, $3)");
        command.Parameters.AddWithValue(Remembered);
        command.Parameters.AddWithValue(ForgottenAtOnce);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private NpgsqlCommand Command(string text, NpgsqlConnection? connection = null)
    {
        var command = connection is null ? database.CreateCommand(text) : new NpgsqlCommand(text, connection);
        command.Parameters.AddWithValue(postgres.Value.ServiceId);
        return command;
    }

    private static async Task<List<PaymentLink>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var links = new List<PaymentLink>();
        while (await reader.ReadAsync(cancellationToken))
        {
            links.Add(new PaymentLink(
                PaymentLinkId.Parse(reader.GetString(0)), MerchantId.Parse(reader.GetString(1)), reader.GetString(2), reader.GetBoolean(3),
                JsonSerializer.Deserialize<LinkTerms>(reader.GetString(4), Stored)!,
                JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(5))!, reader.GetFieldValue<DateTimeOffset>(6),
                reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7), reader.IsDBNull(8) ? null : reader.GetInt32(8),
                reader.GetInt32(9), reader.GetInt32(10), reader.GetInt64(11)));
        }

        return links;
    }
}
