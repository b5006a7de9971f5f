using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Failures;
using StellarPay.Grains.Compliance;

namespace StellarPay.Adapters.Postgres.Compliance;

/// <summary>
/// The deny list in memory. Every two seconds the first who asks looks whether it has changed, for all who ask in this
/// process; if it has, and once a minute in any case (a user's wallet may have got its address since), all of it is read.
/// If it cannot be looked at, nobody is told that anyone may be paid.
/// </summary>
internal sealed class CachedDenyList(NpgsqlDataSource database, IOptions<PostgresOptions> options, TimeProvider time) : IDenyList
{
    public static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan ReadAgainAfter = TimeSpan.FromMinutes(1);

    private readonly string _serviceId = options.Value.ServiceId;
    private readonly Lock _lock = new();
    private volatile Snapshot? _snapshot;
    private Task<Snapshot>? _reading;

    public ValueTask<bool> IsDeniedAsync(PaymentParty party, CancellationToken cancellationToken) =>
        _snapshot is { } snapshot && time.GetElapsedTime(snapshot.LookedAt) < GoodFor
            ? ValueTask.FromResult(snapshot.Names(party))
            : LookAsync(party, cancellationToken);

    private async ValueTask<bool> LookAsync(PaymentParty party, CancellationToken cancellationToken)
    {
        Task<Snapshot> reading;
        lock (_lock)
        {
            if (_reading is null)
            {
                // For all who ask, so without the context and the patience of the one who happens to be first.
                using (ExecutionContext.SuppressFlow())
                {
                    _reading = Task.Run(RefreshAsync, CancellationToken.None);
                }
            }

            reading = _reading;
        }

        return (await reading.WaitAsync(cancellationToken)).Names(party);
    }

    private async Task<Snapshot> RefreshAsync()
    {
        try
        {
            var before = _snapshot;
            var lookedAt = time.GetTimestamp();
            var version = await ReadVersionAsync();
            var snapshot = before is not null && before.Version == version && time.GetElapsedTime(before.ReadAt) < ReadAgainAfter
                ? before with { LookedAt = lookedAt }
                : await ReadAsync(version, lookedAt);
            _snapshot = snapshot;
            return snapshot;
        }
        catch (Exception e) when (AdapterFailures.Passes(e))
        {
            throw new DenyListUnavailableException($"The deny list cannot be read: {e.Message}", e);
        }
        finally
        {
            lock (_lock)
            {
                _reading = null;
            }
        }
    }

    private async Task<long> ReadVersionAsync()
    {
        await using var command = database.CreateCommand("SELECT version FROM deny_list_version WHERE service_id = $1");
        command.Parameters.AddWithValue(_serviceId);
        return await command.ExecuteScalarAsync() is long version ? version : 0;
    }

    // The version was read before: a change in between is read now, and once more the next time.
    private async Task<Snapshot> ReadAsync(long version, long lookedAt)
    {
        var byKind = new Dictionary<string, HashSet<string>>
        {
            [DenyKinds.Address] = new(StringComparer.Ordinal),
            [DenyKinds.User] = new(StringComparer.Ordinal),
            [DenyKinds.Domain] = new(StringComparer.Ordinal),
        };
        await using var command = database.CreateCommand("SELECT kind, value FROM deny_list_names($1)");
        command.Parameters.AddWithValue(_serviceId);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            byKind[reader.GetString(0)].Add(reader.GetString(1));
        }

        return new Snapshot(
            version,
            lookedAt,
            lookedAt,
            byKind[DenyKinds.Address].ToFrozenSet(StringComparer.Ordinal),
            byKind[DenyKinds.User].ToFrozenSet(StringComparer.Ordinal),
            byKind[DenyKinds.Domain].ToFrozenSet(StringComparer.Ordinal));
    }

    private sealed record Snapshot(
        long Version,
        long ReadAt,
        long LookedAt,
        FrozenSet<string> Addresses,
        FrozenSet<string> Users,
        FrozenSet<string> Domains)
    {
        public bool Names(PaymentParty party) =>
            Addresses.Contains(party.Address)
            || (party.User is { } user && Users.Contains(user.Value))
            || (party.Domain is { } domain && NamesDomain(domain.ToLowerInvariant()));

        private bool NamesDomain(string domain)
        {
            for (var rest = domain; Domains.Count > 0 && rest.Length > 0;)
            {
                if (Domains.Contains(rest))
                {
                    return true;
                }

                var dot = rest.IndexOf('.', StringComparison.Ordinal);
                rest = dot < 0 ? "" : rest[(dot + 1)..];
            }

            return false;
        }
    }
}
