using Orleans.Storage;

namespace Orleans.Configuration;

/// <summary>How state is kept in memory.</summary>
public class MemoryGrainStorageOptions : IStorageProviderSerializerOptions
{
    public const int NumStorageGrainsDefaultValue = 10;
    public const int DEFAULT_INIT_STAGE = ServiceLifecycleStage.ApplicationServices;

    public int NumStorageGrains { get; set; } = NumStorageGrainsDefaultValue;

    public int InitStage { get; set; } = DEFAULT_INIT_STAGE;

    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = default!;
}
