using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Adapters.Postgres.Books;
using StellarPay.Adapters.Postgres.Projections;
using StellarPay.Tests.Shared;

namespace StellarPay.Adapters.Tests.Postgres.Books;

/// <summary>A journal of a service of its own, and the events that it is made of.</summary>
internal sealed class JournalFixture
{
    private const string Name = "journal";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly PostgresDatabase _database;
    private readonly PostgresProjections _projections;

    public JournalFixture(PostgresDatabase database)
    {
        _database = database;
        var options = Options.Create(new PostgresOptions { ServiceId = Service });
        _projections = new PostgresProjections(database.DataSource, options);
        Books = new PostgresBooks(database.DataSource, options);
    }

    public string Service { get; } = $"tests-{Guid.NewGuid():N}";

    public PostgresBooks Books { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Tells events, as owners' writes do, and posts them.</summary>
    public async Task PostAsync(params (string Type, string Subject, object Data)[] events)
    {
        await RunAsync("SELECT events_append($1, $2::jsonb)", Service, JsonSerializer.Serialize(events.Select(one => new
        {
            id = Grains.Identifiers.EventId.New(TimeProvider.System).Value, type = one.Type, at = DateTimeOffset.UnixEpoch,
            subject = one.Subject, data = one.Data,
        })));
        await CatchUpAsync(events.Length);
    }

    /// <summary>Posts so many events. Other tests have older transactions in flight.</summary>
    public async Task CatchUpAsync(int events)
    {
        var (taken, since) = (0, TimeProvider.System.GetTimestamp());
        while ((taken += await _projections.AdvanceAsync(Name, Cancelled)) < events)
        {
            TimeProvider.System.GetElapsedTime(since).ShouldBeLessThan(Patience, $"{taken} of {events} were taken");
        }
    }

    public Task ResetAsync() => _projections.RebuildAsync(Name, Cancelled);

    public Task<IReadOnlyList<string>> VerifyAsync() => Books.VerifyAsync(Cancelled);

    /// <summary>The lines of all entries, as text.</summary>
    public Task<string[]> LinesAsync() => ListAsync(
        """
        SELECT concat_ws(' ', j.number, j.event_type, l.line ->> 'account', l.line ->> 'owner', l.line ->> 'asset', l.line ->> 'stroops')
        FROM journal j CROSS JOIN LATERAL jsonb_array_elements(j.lines) AS l (line)
        WHERE j.service_id = $1
        ORDER BY j.day, j.number, 1
        """,
        Service);

    public async Task RunAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync(Cancelled);
    }

    public async Task<string[]> ListAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        var rows = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Cancelled);
        while (await reader.ReadAsync(Cancelled))
        {
            rows.Add(reader.GetString(0));
        }

        return [.. rows];
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = _database.DataSource.CreateCommand(sql);
        Array.ForEach(values, value => command.Parameters.AddWithValue(value));
        return command;
    }
}
