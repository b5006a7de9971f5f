using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Grains.Payments;

namespace StellarPay.Adapters.Postgres.Idempotency;

/// <summary>Writes that decide something, each in one transaction with the idempotency key of the request, where that has one.</summary>
public sealed class KeyedWrites(NpgsqlDataSource database, IOptions<PostgresOptions> options)
{
    private readonly string _serviceId = options.Value.ServiceId;

    /// <summary>What a command answers that does nothing beside. The key is kept only with something that was done.</summary>
    /// <param name="command">The command, which has no connection yet.</param>
    /// <param name="key">The key; null for none.</param>
    /// <param name="subject">The id of what is the answer to the request.</param>
    /// <param name="isDone">Whether it has done something, by what it answers.</param>
    /// <param name="cancellationToken">Cancels it, with nothing done, until the key is taken.</param>
    /// <exception cref="KeyRefusedException">The key cannot be taken; nothing was done.</exception>
    public async Task<object?> ScalarAsync(
        NpgsqlCommand command, RequestKey? key, string subject, Func<object?, bool> isDone, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(isDone);
        return await RunAsync(command, key, subject, isDone, (run, token) => run.ExecuteScalarAsync(token), cancellationToken);
    }

    /// <summary>As <see cref="ScalarAsync"/>, of a command that answers how many rows it has changed: with none nothing was done.</summary>
    /// <param name="command">The command, which has no connection yet.</param>
    /// <param name="key">The key; null for none.</param>
    /// <param name="subject">The id of what is the answer to the request.</param>
    /// <param name="cancellationToken">Cancels it, with nothing done, until the key is taken.</param>
    /// <exception cref="KeyRefusedException">The key cannot be taken; nothing was done.</exception>
    public async Task<int> RowsAsync(NpgsqlCommand command, RequestKey? key, string subject, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        return await RunAsync(
            command, key, subject, rows => rows > 0, (run, token) => run.ExecuteNonQueryAsync(token), cancellationToken);
    }

    /// <summary>Takes a key for what is so already: a repeat that comes late changes nothing then, either.</summary>
    /// <param name="key">The key; null for none.</param>
    /// <param name="subject">The id of what is the answer to the request.</param>
    /// <param name="cancellationToken">Cancels it, with nothing done.</param>
    /// <exception cref="KeyRefusedException">The key cannot be taken.</exception>
    public async Task TakeAloneAsync(RequestKey? key, string subject, CancellationToken cancellationToken)
    {
        if (key is null)
        {
            return;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await TakeAsync(connection, key, subject, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>
    /// Takes a key in a transaction that the caller has begun; does nothing without one. Who has taken one goes on to the end whatever
    /// becomes of his caller, who would find it taken and not know what was done.
    /// </summary>
    /// <param name="connection">The connection, in the transaction.</param>
    /// <param name="key">The key; null for none.</param>
    /// <param name="subject">The id of what is the answer to the request.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="KeyRefusedException">The key cannot be taken: the transaction is to be rolled back.</exception>
    public async Task TakeAsync(NpgsqlConnection connection, RequestKey? key, string subject, CancellationToken cancellationToken)
    {
        if (key is null)
        {
            return;
        }

        await using var command = new NpgsqlCommand("SELECT idempotency_take($1, $2, $3, $4, $5, $6, $7, $8)", connection);
        command.Parameters.AddWithValue(_serviceId);
        command.Parameters.AddWithValue(key.Scope);
        command.Parameters.AddWithValue(key.Hash);
        command.Parameters.AddWithValue(key.Fingerprint);
        command.Parameters.AddWithValue(subject);
        command.Parameters.AddWithValue(key.At.ToUniversalTime());
        command.Parameters.AddWithValue(key.Until.ToUniversalTime());
        command.Parameters.AddWithValue(key.MostADay);
        var answer = (string)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (answer != "taken")
        {
            throw new KeyRefusedException(answer switch
            {
                "used" => KeyRefusal.Used,
                "busy" => KeyRefusal.Busy,
                "too_many" => KeyRefusal.TooMany,
                _ => throw new InvalidOperationException($"An idempotency key came to '{answer}'."),
            });
        }
    }

    private async Task<T> RunAsync<T>(
        NpgsqlCommand command, RequestKey? key, string subject, Func<T, bool> isDone,
        Func<NpgsqlCommand, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        command.Connection = connection;
        if (key is null)
        {
            return await run(command, cancellationToken);
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // First: of two with one key the second waits here, and does nothing that it would have to take back.
        await TakeAsync(connection, key, subject, cancellationToken);
        var answer = await run(command, CancellationToken.None);
        if (isDone(answer))
        {
            await transaction.CommitAsync(CancellationToken.None);
        }

        return answer;
    }
}

/// <summary>Why an idempotency key cannot be taken.</summary>
public enum KeyRefusal
{
    /// <summary>A request was answered under it.</summary>
    Used,

    /// <summary>A request under it goes on.</summary>
    Busy,

    /// <summary>Whose it is has taken as many today as he may.</summary>
    TooMany,
}

/// <summary>An idempotency key could not be taken; nothing was done.</summary>
public sealed class KeyRefusedException(KeyRefusal why) : Exception($"The idempotency key could not be taken: {why}.")
{
    /// <summary>Why.</summary>
    public KeyRefusal Why { get; } = why;
}
