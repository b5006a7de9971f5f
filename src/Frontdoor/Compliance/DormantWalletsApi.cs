using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Npgsql;
using StellarPay.Adapters.Postgres;
using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.Json;

namespace StellarPay.Frontdoor.Compliance;

/// <summary>Wallets whose accounts only cost reserves.</summary>
internal static class DormantWalletsApi
{
    private const int UsualDays = 365;
    private const int MostDays = 3_650;

    // Seldom asked, by operators: it reads the states in the order of their keys and has no index of its own.
    private const string Dormant =
        """
        SELECT s.grain_key, s.payload ->> 'owner', s.payload ->> 'address', s.modified_at
        FROM grain_state s
        WHERE s.service_id = $1 AND s.state_name = 'wallet' AND s.grain_key > $2
            AND s.payload ->> 'status' = 'Active' AND s.payload -> 'ownReserve' IS NULL AND s.payload -> 'frozen' IS NULL
            AND s.modified_at < now() - make_interval(days => $3)
            AND NOT EXISTS (
                SELECT FROM jsonb_each(coalesce(s.payload -> 'balances', '{}')) held
                WHERE coalesce((held.value ->> 'stroops')::bigint, 0) <> 0)
            AND NOT EXISTS (
                SELECT FROM grain_rows r
                WHERE r.service_id = s.service_id AND r.state_name = s.state_name AND r.grain_key = s.grain_key
                    AND (r.row_key = 'channel_own' OR r.row_key LIKE 'clm\_%'))
        ORDER BY s.grain_key
        LIMIT $4
        """;

    /// <param name="days">For how many days nothing has changed, 1 to 3650; 365 if left out.</param>
    /// <param name="startingAfter">The last wallet of the page before.</param>
    /// <param name="limit">1 to 100; 10 if left out.</param>
    /// <param name="database">The database.</param>
    /// <param name="options">Whose wallets.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public static async Task<Results<Ok<Page<DormantWalletJson>>, Problem>> ListAsync(
        int? days,
        [FromQuery(Name = "starting_after")] string? startingAfter,
        int? limit,
        NpgsqlDataSource database,
        IOptions<PostgresOptions> options,
        CancellationToken cancellationToken)
    {
        if (PageLimit.Read(limit, out var wanted) is { } bad)
        {
            return bad;
        }

        if (days is < 1 or > MostDays)
        {
            return Problem.Invalid("parameter_invalid", $"'days' is from 1 to {MostDays}.", "days");
        }

        await using var command = database.CreateCommand(Dormant);
        command.Parameters.AddWithValue(options.Value.ServiceId);
        command.Parameters.AddWithValue(startingAfter ?? "");
        command.Parameters.AddWithValue(days ?? UsualDays);
        command.Parameters.AddWithValue(wanted + 1);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<DormantWalletJson> found = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new DormantWalletJson(
                "dormant_wallet", reader.GetString(0), reader.GetString(1), reader.GetString(2),
                reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return TypedResults.Ok(new Page<DormantWalletJson>("list", [.. found.Take(wanted)], found.Count > wanted));
    }
}

/// <summary>An open wallet that holds nothing and has long been idle.</summary>
/// <param name="Object">Always <c>dormant_wallet</c>.</param>
/// <param name="Id">The wallet's id, <c>wal_…</c>.</param>
/// <param name="Owner">The user whose it is, <c>usr_…</c>.</param>
/// <param name="Address">Its account on the network.</param>
/// <param name="IdleSince">When anything of it changed last.</param>
internal sealed record DormantWalletJson(string Object, string Id, string Owner, string Address, DateTimeOffset IdleSince);
