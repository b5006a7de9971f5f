using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Books;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;

namespace StellarPay.Adapters.Postgres.Books;

/// <summary>The journal in PostgreSQL (0058_journal.sql, 0059_reconciliation.sql).</summary>
public sealed class PostgresBooks(NpgsqlDataSource database, IOptions<PostgresOptions> options) : IBooks
{
    private readonly string _serviceId = options.Value.ServiceId;

    /// <inheritdoc />
    public async Task<IReadOnlyList<string>> ListAsync(string after, int limit, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT address FROM ledger_addresses WHERE service_id = $1 AND address > $2 ORDER BY address LIMIT $3", after, limit);
        return await TextsAsync(command, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<BooksView> ReadAsync(IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        await using var watermark = On(connection, "SELECT ledger FROM ledger_watermark WHERE service_id = $1");
        var ledger = await watermark.ExecuteScalarAsync(cancellationToken) as long? ?? 0;
        var found = await ReadPostedAsync(connection, addresses, cancellationToken);
        await using var waiting = On(
            connection, "SELECT address, token, number, kind, content FROM books_waiting($1, $2)", (object)addresses.ToArray());
        await using (var reader = await waiting.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                found[reader.GetString(0)].Waiting.Add(LedgerEntryJson.Read(
                    new LedgerPlace(reader.GetInt64(1), reader.GetInt32(2)), reader.GetString(3), reader.GetFieldValue<byte[]>(4)));
            }
        }

        return new BooksView(
            ledger,
            [
                .. found.Select(each => new BookedAccount(
                    each.Key, each.Value.Owner, each.Value.Posted, each.Value.Waiting, each.Value.IsBehind)),
            ]);
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<BookBalance>> ReadBalancesAsync(
        DateTimeOffset at, string? owner, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT owner, account, asset, stroops FROM journal_balances_at($1, $2, nullif($3, ''))", at.ToUniversalTime(), owner ?? "");
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var balances = new List<BookBalance>();
        while (await reader.ReadAsync(cancellationToken))
        {
            balances.Add(new BookBalance(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), checked((long)reader.GetDecimal(3))));
        }

        return balances;
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<string>> VerifyAsync(CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT concat_ws(' ', day, number, problem) FROM journal_verify($1)");
        command.CommandTimeout = 0;
        return await TextsAsync(command, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<long> CountUnpostedAsync(CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT journal_unposted($1)");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <inheritdoc />
    public async Task<BooksTurn?> TakeAsync(BooksQuota quota, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT token, address, is_walk FROM book_comparisons_take($1, $2, $3, $4, $5)", quota.Entries, quota.Accounts, quota.Walk,
            quota.Seconds);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        Guid? token = null;
        List<string> accounts = [], walk = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            token = reader.GetGuid(0);
            if (!await reader.IsDBNullAsync(1, cancellationToken))
            {
                (reader.GetBoolean(2) ? walk : accounts).Add(reader.GetString(1));
            }
        }

        return token is { } own ? new BooksTurn(own, accounts, walk) : null;
    }

    /// <inheritdoc />
    public async Task<bool> RenewAsync(Guid token, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT book_comparisons_renew($1, $2)", token);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <inheritdoc />
    public async Task EndAsync(Guid token, string? walkedTo, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT book_comparisons_end($1, $2, nullif($3, ''))", token, walkedTo ?? "");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc />
    public async Task<long?> NoteAsync(Guid token, AccountComparison comparison, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "SELECT book_differences_note($1, $2, $3, $4, $5, $6, $7, $8, $9::text[], $10::text)", token, comparison.Address,
            comparison.Owner, comparison.Ledger,
            comparison.Differences.Select(difference => difference.Asset).ToArray(),
            comparison.Differences.Select(difference => difference.Chain).ToArray(),
            comparison.Differences.Select(difference => (decimal)difference.Booked).ToArray(),
            (object?)comparison.Left?.ToArray() ?? DBNull.Value, (object?)comparison.Unclear ?? DBNull.Value);
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    /// <inheritdoc />
    public async Task ForgetAsync(Guid token, IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        await using var command = Command("SELECT book_uncompared_forget($1, $2, $3)", token, addresses.ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<Dictionary<string, Found>> ReadPostedAsync(
        NpgsqlConnection connection, IReadOnlyCollection<string> addresses, CancellationToken cancellationToken)
    {
        await using var command = On(
            connection, "SELECT address, owner, is_behind, asset, stroops FROM books_read($1, $2)", (object)addresses.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<string, Found>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var address = reader.GetString(0);
            if (!found.TryGetValue(address, out var one))
            {
                found[address] = one = new Found(reader.GetString(1), reader.GetBoolean(2), [], []);
            }

            if (!await reader.IsDBNullAsync(3, cancellationToken))
            {
                one.Posted[reader.GetString(3)] = checked((long)reader.GetDecimal(4));
            }
        }

        return found;
    }

    private NpgsqlCommand Command(string sql, params object[] values) => With(database.CreateCommand(sql), values);

    private NpgsqlCommand On(NpgsqlConnection connection, string sql, params object[] values) =>
        With(new NpgsqlCommand(sql, connection), values);

    private NpgsqlCommand With(NpgsqlCommand command, object[] values)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = _serviceId });
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static async Task<IReadOnlyList<string>> TextsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var texts = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }

    private sealed record Found(string Owner, bool IsBehind, Dictionary<string, long> Posted, List<LedgerEntry> Waiting);
}
