// The few names that the messages need, until the runtime itself is here.
namespace Orleans
{
    public sealed class GenerateSerializerAttribute : Attribute;
    public sealed class ImmutableAttribute : Attribute;
    public sealed class AliasAttribute(string alias) : Attribute { public string Alias { get; } = alias; }
    public sealed class IdAttribute(uint id) : Attribute { public uint Id { get; } = id; }
    public interface IGrain;
    public interface IGrainWithStringKey : IGrain;
}

namespace Orleans.Concurrency
{
    public sealed class ReadOnlyAttribute : Attribute;
}

namespace Orleans.Runtime
{
    internal static class Placeholder;
}

namespace Orleans.Hosting
{
    internal static class Placeholder;
}

namespace Orleans.Storage
{
    public interface IGrainStorageSerializer
    {
        BinaryData Serialize<T>(T? input);
        T? Deserialize<T>(BinaryData input);
    }
}
