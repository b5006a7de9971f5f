using Npgsql;
using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;

namespace StellarPay.Adapters.Postgres.Ledger;

/// <summary>
/// Reads the inboxes of a silo's owners. When a ledger closes all whom it names read at once: those that ask while a statement is out
/// share the next one. Nobody waits to be joined by others.
/// </summary>
internal sealed class InboxReads(NpgsqlDataSource database, string serviceId, TimeProvider time)
{
    /// <summary>How many statements are out at once: one that is slow holds no more than those in it.</summary>
    private const int Statements = 2;

    /// <summary>The most owners of a statement; each has some hundred rows at most.</summary>
    private const int Owners = 32;

    private readonly Lock _lock = new();
    private readonly Queue<Asking> _waiting = [];
    private int _out;

    /// <summary>An owner's next rows, and the watermark of the same moment.</summary>
    public Task<InboxPage> ReadAsync(LedgerOwner owner, int limit)
    {
        var asking = new Asking(owner, limit);
        lock (_lock)
        {
            _waiting.Enqueue(asking);
            if (_out == Statements)
            {
                return asking.Page;
            }

            _out++;
        }

        // Not in the turn, nor the trace, of whoever comes first.
        using (ExecutionContext.SuppressFlow())
        {
            Task.Run(ReadAllAsync).Ignore();
        }

        return asking.Page;
    }

    private async Task ReadAllAsync()
    {
        while (Next() is { Count: > 0 } some)
        {
            try
            {
                await BoundedRead.RunAsync(cancellationToken => ReadAsync(some, cancellationToken), time);
            }
            catch (PostgresException exception) when (some.Count > 1 && IsOfData(exception))
            {
                // It may be one of them that the database refuses; each is asked for alone.
                foreach (var one in some)
                {
                    await ReadAloneAsync(one);
                }
            }
            catch (Exception exception)
            {
                some.ForEach(one => one.Fail(exception));
            }
        }
    }

    private async Task ReadAloneAsync(Asking one)
    {
        try
        {
            await BoundedRead.RunAsync(cancellationToken => ReadAsync([one], cancellationToken), time);
        }
        catch (Exception exception)
        {
            one.Fail(exception);
        }
    }

    // Classes 22, data exceptions, and 54, limits exceeded: what another asks for cannot be why.
    private static bool IsOfData(PostgresException exception) =>
        exception.SqlState.StartsWith("22", StringComparison.Ordinal) || exception.SqlState.StartsWith("54", StringComparison.Ordinal);

    private List<Asking> Next()
    {
        lock (_lock)
        {
            var some = new List<Asking>();
            while (some.Count < Owners && _waiting.TryDequeue(out var next))
            {
                some.Add(next);
            }

            _out -= some.Count == 0 ? 1 : 0;
            return some;
        }
    }

    private async Task<int> ReadAsync(List<Asking> some, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            SELECT asked.place, r.ledger, r.closed_at, r.token, r.number, r.kind, r.content, r.witness
            FROM unnest($2::text[], $3::text[], $4::integer[]) WITH ORDINALITY AS asked (kind, key, most, place)
            CROSS JOIN LATERAL ledger_inbox_read($1, asked.kind, asked.key, asked.most) AS r
            """);
        PostgresLedgerInbox.Add(
            command.Parameters, serviceId, some.Select(one => one.Owner.Kind).ToArray(), some.Select(one => one.Owner.Key).ToArray(),
            some.Select(one => one.Limit + 1).ToArray());
        some.ForEach(one => one.Begin());
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                some[(int)reader.GetInt64(0) - 1].Take(reader);
            }
        }

        some.ForEach(one => one.End());
        return some.Count;
    }

    /// <summary>An owner that waits for its page.</summary>
    private sealed class Asking(LedgerOwner owner, int limit)
    {
        private readonly TaskCompletionSource<InboxPage> _page = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<LedgerEntry> _entries = [];
        private LedgerClose? _watermark;

        public LedgerOwner Owner => owner;

        public int Limit => limit;

        public Task<InboxPage> Page => _page.Task;

        /// <summary>Forgets what an attempt that failed had read.</summary>
        public void Begin() => _entries.Clear();

        public void Take(NpgsqlDataReader row)
        {
            if (row.IsDBNull(3))
            {
                _watermark = new LedgerClose(row.GetInt64(1), row.GetFieldValue<DateTimeOffset>(2));
                return;
            }

            try
            {
                _entries.Add(PostgresLedgerInbox.ReadWitnessed(row, first: 3));
            }
            catch (Exception exception)
            {
                // A row that cannot be read is its owner's trouble and nobody else's.
                Fail(exception);
            }
        }

        public void End()
        {
            _entries.Sort((one, other) => one.Place.CompareTo(other.Place));
            _page.TrySetResult(new InboxPage(_watermark, _entries.Count > limit ? _entries[..limit] : _entries, _entries.Count > limit));
        }

        public void Fail(Exception exception) => _page.TrySetException(exception);
    }
}
