using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Storage;
using StellarPay.Adapters.Postgres.Audit;
using StellarPay.Adapters.Postgres.Books;
using StellarPay.Adapters.Postgres.Compliance;
using StellarPay.Adapters.Postgres.Due;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Adapters.Postgres.Factors;
using StellarPay.Adapters.Postgres.Idempotency;
using StellarPay.Adapters.Postgres.Invitations;
using StellarPay.Adapters.Postgres.Keys;
using StellarPay.Adapters.Postgres.Ledger;
using StellarPay.Adapters.Postgres.Lists;
using StellarPay.Adapters.Postgres.Migrations;
using StellarPay.Adapters.Postgres.Network;
using StellarPay.Adapters.Postgres.Payments;
using StellarPay.Adapters.Postgres.Platform;
using StellarPay.Adapters.Postgres.Projections;
using StellarPay.Adapters.Postgres.Refunds;
using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Adapters.Postgres.TestClocks;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Books;
using StellarPay.Grains.Compliance;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Merchants.Receipts;
using StellarPay.Grains.Network.Claims;
using StellarPay.Grains.Network.Halts;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Refunds;
using StellarPay.Grains.Scheduling;
using StellarPay.Grains.TestClocks;
using StellarPay.Grains;

namespace StellarPay.Adapters.Postgres;

public static class PostgresServiceCollectionExtensions
{
    private const int PreparedStatements = 64;

    // Npgsql waits two seconds more, for the server to take note. What scans whole tables says so itself.
    private const int TimeoutSeconds = 8;
    private const int DriversCommandTimeout = 30;
    private const int DriversTimeout = 15;

    /// <summary>
    /// Adds the data source and everything that reads and writes it. Adding it twice is adding it once; a wrong
    /// setting stops the start with a sentence that names it.
    /// </summary>
    public static IServiceCollection AddStellarPayPostgres(
        this IServiceCollection services, Action<PostgresOptions>? configure = null)
    {
        var options = services.AddOptions<PostgresOptions>().ValidateDataAnnotations().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton(CreateDataSource);
        services.TryAddSingleton<DirectDatabase>();
        services.TryAddSingleton<IPostgresMigrator, PostgresMigrator>();
        services.TryAddSingleton<RestoredTransactionIds>();
        // Not TryAdd: Orleans brings a serializer of its own, which writes what the storage functions cannot read.
        services.Replace(ServiceDescriptor.Singleton<IGrainStorageSerializer, StateSerializer>());
        services.TryAddSingleton<IEventFeed, PostgresEventFeed>();
        services.TryAddSingleton<IEventHints, EventTeller>();
        services.TryAddSingleton<IEventSignal, EventListener>();
        services.TryAddSingleton<IDueIndex, PostgresDueIndex>();
        services.TryAddSingleton<ILedgerInbox, PostgresLedgerInbox>();
        services.TryAddSingleton<IParkedRows, PostgresParkedRows>();
        services.TryAddSingleton<ISetAsideRows, PostgresSetAsideRows>();
        services.TryAddSingleton<IClaimableBalances, PostgresClaimableBalances>();
        services.TryAddSingleton<ISuspense, PostgresSuspense>();
        services.TryAddSingleton<INetworkHalts, PostgresNetworkHalts>();
        services.TryAddSingleton<IKeyInventory, PostgresKeyInventory>();
        services.TryAddSingleton<IKeyRotations, PostgresKeyRotations>();
        services.AddStellarPayPlatformAccounts();
        services.TryAddSingleton<IPlatformAccounts, PostgresPlatformAccounts>();
        services.TryAddSingleton<IAuditLog, PostgresAuditLog>();
        services.TryAddSingleton<IAuditCheckpoints, PostgresAuditCheckpoints>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDenyList, CachedDenyList>();
        services.TryAddSingleton<IDenyListStore, PostgresDenyListStore>();
        services.TryAddSingleton<IProjections, PostgresProjections>();
        services.TryAddSingleton<IBooks, PostgresBooks>();
        services.TryAddSingleton<IPaymentHistory, PostgresPaymentHistory>();
        services.TryAddSingleton<IObjectLists, PostgresObjectLists>();
        services.TryAddSingleton<IUnmatchedReceipts, PostgresUnmatchedReceipts>();
        services.TryAddSingleton<IPaidSessions, PostgresPaidSessions>();
        services.TryAddSingleton<IRefundList, PostgresRefundList>();
        services.TryAddSingleton<ITestClocks, PostgresTestClocks>();
        services.TryAddSingleton<IPaymentArchive, PostgresPaymentArchive>();
        services.TryAddSingleton<IPayeeAccounts, PostgresPayeeAccounts>();
        services.TryAddSingleton<IRefundDeciders, PostgresRefundDeciders>();
        services.TryAddSingleton<IIdempotencyIndex, PostgresIdempotencyIndex>();
        services.TryAddSingleton<KeyedWrites>();
        services.TryAddSingleton<IInvitationRefusals, PostgresInvitationRefusals>();
        return services;
    }

    /// <summary>Keeps the read tables up with the events in this process; more than one process may.</summary>
    public static IServiceCollection AddStellarPayProjections(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddHostedService<ProjectionWorker>();
        services.AddHostedService<EventPartitionWorker>();
        return services;
    }

    /// <summary>Forgets old idempotency keys in this process; more than one process may.</summary>
    public static IServiceCollection AddStellarPayKeyPruning(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddKeyedSingleton(BusinessTime.Key, TimeProvider.System);
        services.AddHostedService<IdempotencyPruner>();
        return services;
    }

    /// <summary>Tells wallets of their owners' second factors; for a silo, for no other process may.</summary>
    public static IServiceCollection AddStellarPayFactorNews(this IServiceCollection services)
    {
        services.TryAddSingleton<FactorNews>();
        services.AddHostedService<FactorNewsWorker>();
        return services;
    }

    /// <summary>Holds the books against the chain in this process, all the time; more than one process may.</summary>
    public static IServiceCollection AddStellarPayReconciliation(this IServiceCollection services)
    {
        services.AddOptions<BookOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(provider => new Reconciliation(
            provider.GetRequiredService<IBooks>(), provider.GetRequiredService<INetworkQuestions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<BooksWatch>();
        return services;
    }

    private static NpgsqlDataSource CreateDataSource(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<PostgresOptions>>().Value;
        // Without a name Npgsql tells its metrics by the connection string, certificate password and all.
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString) { Name = "stellarpay" };
        var connection = builder.ConnectionStringBuilder;
        connection.ApplicationName ??= "StellarPay";
        if (connection.MaxAutoPrepare == 0)
        {
            // A few statements make up nearly all of the load; prepared, the server plans each once a connection.
            connection.MaxAutoPrepare = PreparedStatements;
            connection.AutoPrepareMinUsages = 2;
        }

        // A database that says nothing must not hold a caller, and a grain with it, for as long as the driver would wait.
        connection.CommandTimeout = connection.CommandTimeout == DriversCommandTimeout ? TimeoutSeconds : connection.CommandTimeout;
        connection.Timeout = connection.Timeout == DriversTimeout ? TimeoutSeconds : connection.Timeout;

        // Cleaning a session whenever it changes hands costs half as much again as a write. Nothing here leaves
        // anything in a session: no SET but this, no LISTEN, no temporary table, and locks end with their transaction.
        connection.NoResetOnClose = true;
        builder.EndThem(options.IdleInTransaction);

        return builder.UseLoggerFactory(services.GetService<ILoggerFactory>()).Build();
    }
}
