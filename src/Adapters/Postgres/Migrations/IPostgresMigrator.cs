namespace StellarPay.Adapters.Postgres.Migrations;

/// <summary>Brings the database's schema to this program's. Silo and front door call it before they start.</summary>
public interface IPostgresMigrator
{
    /// <summary>
    /// Applies what is missing, in order, and returns the names applied. Safe from any number of processes at once.
    /// </summary>
    /// <exception cref="MigrationException">The database was migrated by other files than these.</exception>
    Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken);
}
