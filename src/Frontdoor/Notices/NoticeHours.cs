using Npgsql;
using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Notices;

/// <summary>
/// How many notices people were sent in their present hours, as the database counts them. Asked before the day's budget, of which what will
/// be kept back takes nothing: whoever makes notices of himself all day would else use up everybody's with what is never sent.
/// </summary>
internal sealed class NoticeHours(NpgsqlDataSource database)
{
    /// <summary>What is there for those to whom something is to be told.</summary>
    public async Task<NoticeRoom> ReadAsync(IEnumerable<Draft> drafts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var room = new NoticeRoom();
        var users = drafts.Select(draft => draft.Told.User).Distinct().ToArray();
        if (users.Length == 0)
        {
            return room;
        }

        await using var command = database.CreateCommand(
            """
            SELECT user_id, kind, sent, withheld > 0 FROM identity.notice_counts
            WHERE user_id = ANY ($1) AND (withheld > 0 OR began_at > $2)
            """);
        command.Parameters.AddWithValue(users);
        command.Parameters.AddWithValue(now - NoticeStore.Window);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            // What has something to tell at its end has no room before that.
            room.Note(reader.GetString(0), reader.GetString(1), reader.GetBoolean(3) ? int.MaxValue : reader.GetInt32(2));
        }

        return room;
    }
}

/// <summary>What is left of people's hours for the notices of one page.</summary>
internal sealed class NoticeRoom
{
    private readonly Dictionary<(string User, string Kind), int> _sent = [];

    /// <summary>So many were sent.</summary>
    public void Note(string user, string kind, int sent) => _sent[(user, kind)] = sent;

    /// <summary>Whether there is room for one more, which then has it.</summary>
    public bool Take(Draft draft)
    {
        var key = (draft.Told.User, NoticeStore.KindOf(draft.Kind, draft.Channel));
        var sent = _sent.GetValueOrDefault(key);
        if (sent >= NoticeStore.MostOf(draft.Kind, draft.Channel))
        {
            return false;
        }

        _sent[key] = sent + 1;
        return true;
    }
}
