using System.Net.Http.Json;
using Npgsql;

namespace StellarPay.Chaos.Deployment;

/// <summary>
/// Has a day go by for all that waits for dates: the network's clock jumps, and the stored dates of schedules are a day
/// older. The processes' own clock is the machine's; what counts by it (quotes, limits, keys) does not notice.
/// </summary>
internal sealed class DayPassing(NpgsqlDataSource database, Uri sandbox, HttpClient http)
{
    private const int Seconds = 24 * 60 * 60;

    // As another's write would: another version, and due now; the book's row is locked before its schedules', as a write locks them.
    // A book that is in memory notices at its next write; what is under way stays as it is.
    private const string AgeSchedules =
        """
        UPDATE grain_state
        SET version = version + 1, due_at = now(), payload = payload || jsonb_build_object('dueAt', now())
        WHERE state_name = 'schedule_book' AND payload IS NOT NULL;
        UPDATE grain_rows
        SET payload = payload || jsonb_strip_nulls(jsonb_build_object(
            'startAt', (payload ->> 'startAt')::timestamptz - interval '1 day',
            'nextAt', (payload ->> 'nextAt')::timestamptz - interval '1 day',
            'endAt', (payload ->> 'endAt')::timestamptz - interval '1 day'))
        WHERE state_name = 'schedule_book';
        """;

    public async Task PassAsync(CancellationToken cancellationToken)
    {
        // First the network, which may be away: schedules must not be a day older with each try.
        using var answer = await http.PostAsJsonAsync(new Uri(sandbox, "/admin/clock/advance"), new { seconds = Seconds }, cancellationToken);
        answer.EnsureSuccessStatusCode();
        await using var command = database.CreateCommand(AgeSchedules);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
