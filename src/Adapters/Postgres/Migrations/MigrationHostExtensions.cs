using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace StellarPay.Adapters.Postgres.Migrations;

public static class MigrationHostExtensions
{
    /// <summary>Migrates the database. Call it after building the host and before starting it.</summary>
    /// <exception cref="MigrationException">It was migrated by other files, or restored and not finished.</exception>
    public static async Task MigratePostgresAsync(this IHost host, CancellationToken cancellationToken = default)
    {
        await host.Services.GetRequiredService<IPostgresMigrator>().MigrateAsync(cancellationToken);
        await host.Services.GetRequiredService<RestoredTransactionIds>().RequireBehindAsync(cancellationToken);
    }
}
