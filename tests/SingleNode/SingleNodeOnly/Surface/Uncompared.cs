namespace StellarPay.SingleNode.Tests.SingleNodeOnly.Surface;

/// <summary>
/// The types that SingleNode offers and that are in Orleans assemblies which the feed lacks. Nothing in the build compares
/// them, so a new one needs a look at Orleans' own source.
/// </summary>
internal static class Uncompared
{
    public static readonly string[] Types =
    [
        "Microsoft.Extensions.Hosting.OrleansClientGenericHostExtensions",
        "Microsoft.Extensions.Hosting.OrleansSiloGenericHostExtensions",
        "Orleans.AliasAttribute",
        "Orleans.CollectionAgeLimitAttribute",
        "Orleans.Configuration.ClientMessagingOptions",
        "Orleans.Configuration.ClusterMembershipOptions",
        "Orleans.Configuration.ClusterOptions",
        "Orleans.Configuration.EndpointOptions",
        "Orleans.Configuration.GrainCollectionOptions",
        "Orleans.Configuration.MemoryGrainStorageOptions",
        "Orleans.Configuration.MessagingOptions",
        "Orleans.Configuration.SiloMessagingOptions",
        "Orleans.Configuration.SiloOptions",
        "Orleans.GenerateFieldIds",
        "Orleans.GenerateSerializerAttribute",
        "Orleans.GeneratedActivatorConstructorAttribute",
        "Orleans.GrainReminderExtensions",
        "Orleans.Hosting.ClientBuilderExtensions",
        "Orleans.Hosting.ClientBuilderGrainCallFilterExtensions",
        "Orleans.Hosting.CoreHostingExtensions",
        "Orleans.Hosting.EndpointOptionsExtensions",
        "Orleans.Hosting.GrainCallFilterSiloBuilderExtensions",
        "Orleans.Hosting.IClientBuilder",
        "Orleans.Hosting.ISiloBuilder",
        "Orleans.Hosting.MemoryGrainStorageSiloBuilderExtensions",
        "Orleans.Hosting.ReminderOptions",
        "Orleans.Hosting.SiloBuilderExtensions",
        "Orleans.Hosting.SiloBuilderReminderMemoryExtensions",
        "Orleans.Hosting.SiloBuilderStartupExtensions",
        "Orleans.IClusterClient",
        "Orleans.IFacetMetadata",
        "Orleans.IGrainState`1",
        "Orleans.IRemindable",
        "Orleans.IReminderTable",
        "Orleans.IdAttribute",
        "Orleans.ImmutableAttribute",
        "Orleans.KeepAliveAttribute",
        "Orleans.ReminderEntry",
        "Orleans.ReminderTableData",
        "Orleans.ResponseTimeoutAttribute",
        "Orleans.Runtime.IGrainReminder",
        "Orleans.Runtime.ILocalSiloDetails",
        "Orleans.Runtime.IPersistentStateConfiguration",
        "Orleans.Runtime.IPersistentState`1",
        "Orleans.Runtime.ISiloLifecycle",
        "Orleans.Runtime.IStartupTask",
        "Orleans.Runtime.PersistentStateAttribute",
        "Orleans.Runtime.ReminderException",
        "Orleans.Runtime.SiloStatus",
        "Orleans.Runtime.TickStatus",
        "Orleans.Serialization.Invocation.IInvokable",
        "Orleans.ServiceLifecycleStage",
        "Orleans.Storage.BadProviderConfigException",
        "Orleans.Storage.IGrainStorage",
        "Orleans.Storage.IGrainStorageSerializer",
        "Orleans.Storage.IStorageProviderSerializerOptions",
        "Orleans.Storage.InconsistentStateException",
        "Orleans.Timers.IReminderRegistry",
        "Orleans.Utilities.ObserverManager`1",
        "Orleans.Utilities.ObserverManager`2",
    ];

    /// <summary>Members of a class that Orleans has twice, once in an assembly that the feed carries and once in one that it
    /// lacks.</summary>
    public static readonly string[] Members =
    [
        "Orleans.Hosting.SiloBuilderReminderExtensions: "
            + "static Orleans.Hosting.ISiloBuilder AddReminders(Orleans.Hosting.ISiloBuilder)",
        "Orleans.Hosting.SiloBuilderReminderExtensions: "
            + "static System.Void AddReminders(Microsoft.Extensions.DependencyInjection.IServiceCollection)",
    ];
}
