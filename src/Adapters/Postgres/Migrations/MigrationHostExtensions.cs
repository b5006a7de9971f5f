using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace StellarPay.Adapters.Postgres.Migrations;

public static class MigrationHostExtensions
{
    /// <summary>Migrates the database. Call it after building the host and before starting it.</summary>
    public static Task MigratePostgresAsync(this IHost host, CancellationToken cancellationToken = default) =>
        host.Services.GetRequiredService<IPostgresMigrator>().MigrateAsync(cancellationToken);
}
