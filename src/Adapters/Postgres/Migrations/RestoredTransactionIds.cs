using System.Globalization;
using Npgsql;

namespace StellarPay.Adapters.Postgres.Migrations;

/// <summary>
/// Events are read in the order of the transactions that wrote them, and their partitions are ranges of these. A logical dump
/// in a new cluster brings ids that this cluster gives out only in years: what is written meanwhile would be taken for old, and no
/// reader would ever see it. No SQL moves a cluster's counter, so a start refuses such a database and says what does.
/// </summary>
internal sealed class RestoredTransactionIds(DirectDatabase database)
{
    private const int EpochBits = 32;

    /// <exception cref="MigrationException">The cluster gives out ids that are not beyond those that are stored.</exception>
    public async Task RequireBehindAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("SELECT stored_xid_ahead()::text");
        if (await command.ExecuteScalarAsync(cancellationToken) is string stored)
        {
            throw new MigrationException(Sentence(ulong.Parse(stored, CultureInfo.InvariantCulture)));
        }
    }

    // Of the epoch alone: the lower half, by which rows are compared, goes on where it is. Moved by more than half of its circle
    // it makes the cluster take its own rows for old ones (tried).
    internal static string Sentence(ulong stored) => string.Create(
        CultureInfo.InvariantCulture,
        $"The database holds events of transaction {stored}, which this PostgreSQL cluster has not come to: a logical dump was restored into another cluster. Stop PostgreSQL, run pg_resetwal --epoch={(stored >> EpochBits) + 1} on its data directory, and start again (docs/restore.md).");
}
