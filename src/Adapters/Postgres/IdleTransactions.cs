using System.Globalization;
using Npgsql;

namespace StellarPay.Adapters.Postgres;

/// <summary>Has the server end sessions that are idle within a transaction, whatever the server's own settings are.</summary>
public static class IdleTransactions
{
    private const string Setting = "idle_in_transaction_session_timeout";

    /// <summary>
    /// Where a pooler of transactions may stand before the database, which refuses what it does not know in the first message: by a
    /// statement on each new connection. Only for sources that do not reset their sessions.
    /// </summary>
    public static void EndThem(this NpgsqlDataSourceBuilder builder, TimeSpan after)
    {
        if (IsSetElsewhere(builder))
        {
            return;
        }

        var sql = string.Create(CultureInfo.InvariantCulture, $"SET {Setting} = {(long)after.TotalMilliseconds}");
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var set = new NpgsqlCommand(sql, connection);
                set.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var set = new NpgsqlCommand(sql, connection);
                await set.ExecuteNonQueryAsync();
            });
    }

    /// <summary>Where none does: in the first message, which no reset undoes.</summary>
    public static void EndThemFromTheStart(this NpgsqlDataSourceBuilder builder, TimeSpan after)
    {
        if (!IsSetElsewhere(builder))
        {
            var connection = builder.ConnectionStringBuilder;
            connection.Options = string.Create(
                CultureInfo.InvariantCulture, $"{connection.Options} -c {Setting}={(long)after.TotalMilliseconds}").TrimStart();
        }
    }

    // An operator's own word holds.
    private static bool IsSetElsewhere(NpgsqlDataSourceBuilder builder) =>
        builder.ConnectionStringBuilder.Options?.Contains(Setting, StringComparison.OrdinalIgnoreCase) is true;
}
