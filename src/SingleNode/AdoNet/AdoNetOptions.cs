using System.Data.Common;
using Orleans.Storage;

namespace Orleans.Configuration;

/// <summary>Grain storage in a database.</summary>
public class AdoNetGrainStorageOptions : IStorageProviderSerializerOptions
{
    public const int DEFAULT_INIT_STAGE = ServiceLifecycleStage.ApplicationServices;
    public const string DEFAULT_ADONET_INVARIANT = "Microsoft.Data.SqlClient";

    public string? ConnectionString { get; set; }

    public DbDataSource? DataSource { get; set; }

    public string Invariant { get; set; } = DEFAULT_ADONET_INVARIANT;

    public int InitStage { get; set; } = DEFAULT_INIT_STAGE;

    public bool DeleteStateOnClear { get; set; }

    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = default!;
}

/// <summary>Reminders in a database.</summary>
public class AdoNetReminderTableOptions
{
    public string? ConnectionString { get; set; }

    public DbDataSource? DataSource { get; set; }

    public string Invariant { get; set; } = default!;
}

/// <summary>A cluster that is known by its database, to a silo.</summary>
public class AdoNetClusteringSiloOptions
{
    public string? ConnectionString { get; set; }

    public DbDataSource? DataSource { get; set; }

    public string Invariant { get; set; } = default!;
}

/// <summary>A cluster that is known by its database, to a client.</summary>
public class AdoNetClusteringClientOptions
{
    public string? ConnectionString { get; set; }

    public DbDataSource? DataSource { get; set; }

    public string Invariant { get; set; } = default!;
}
