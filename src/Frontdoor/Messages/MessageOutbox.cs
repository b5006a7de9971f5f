using Npgsql;

namespace StellarPay.Frontdoor.Messages;

/// <summary>A message that this front door has taken to send.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Sealed">What it says, encrypted.</param>
/// <param name="Attempt">Which attempt this is, from 1 on.</param>
/// <param name="IsOver">Whether it says nothing any more that is still so.</param>
internal sealed record TakenMessage(string Id, byte[] Sealed, int Attempt, bool IsOver);

/// <summary>The messages that wait to be sent, in the functions of infra/postgres/migrations/0030_messages.sql.</summary>
internal sealed class MessageOutbox(NpgsqlDataSource database)
{
    /// <summary>For how long a front door has what it took; longer than an attempt may last.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private const int MostDoublings = 7;

    // After one attempt two seconds, then four, up to about four minutes.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A new id.</summary>
    public static string NewId(TimeProvider time) =>
        Message.IdPrefix + Grains.Identifiers.EventId.New(time).Value[Grains.Identifiers.EventId.Prefix.Length..];

    /// <summary>How the database calls a channel.</summary>
    public static string NameOf(MessageChannel channel) => channel == MessageChannel.Email ? "email" : "sms";

    /// <summary>Takes what is due, but for what may wait.</summary>
    public Task<IReadOnlyList<TakenMessage>> TakeAsync(MessageChannel channel, int limit, CancellationToken cancellationToken) =>
        TakeAsync(channel, bulk: false, limit, cancellationToken);

    /// <summary>Takes what is due of what there may be very much of, and may wait.</summary>
    public Task<IReadOnlyList<TakenMessage>> TakeBulkAsync(MessageChannel channel, int limit, CancellationToken cancellationToken) =>
        TakeAsync(channel, bulk: true, limit, cancellationToken);

    /// <summary>Forgets a message that was sent, or never will be.</summary>
    public async Task RemoveAsync(TakenMessage message, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("DELETE FROM identity.messages WHERE id = $1");
        command.Parameters.AddWithValue(message.Id);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Puts off a message that could not be sent; not if somebody else has taken it since.</summary>
    public async Task PutOffAsync(TakenMessage message, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT identity.message_put_off($1, $2, $3)");
        command.Parameters.AddWithValue(message.Id);
        command.Parameters.AddWithValue(message.Attempt);
        command.Parameters.AddWithValue(Pause * (1 << Math.Min(message.Attempt, MostDoublings + 1)));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<TakenMessage>> TakeAsync(
        MessageChannel channel, bool bulk, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT id, sealed, attempts, is_over FROM identity.messages_take($1, $2, $3, $4)");
        command.Parameters.AddWithValue(NameOf(channel));
        command.Parameters.AddWithValue(bulk);
        command.Parameters.AddWithValue(Lease);
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var taken = new List<TakenMessage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            taken.Add(new TakenMessage(
                reader.GetString(0), reader.GetFieldValue<byte[]>(1), reader.GetInt32(2), reader.GetBoolean(3)));
        }

        return taken;
    }
}
