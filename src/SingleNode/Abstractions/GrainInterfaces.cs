using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Anything that can be called through a reference.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    /// <summary>The base of grain interfaces.</summary>
    public interface IGrain : IAddressable;

    /// <summary>A grain that is known by a string.</summary>
    public interface IGrainWithStringKey : IGrain;

    /// <summary>A grain that is known by a Guid.</summary>
    public interface IGrainWithGuidKey : IGrain;

    /// <summary>A grain that is known by a number.</summary>
    public interface IGrainWithIntegerKey : IGrain;

    /// <summary>A grain that is known by a Guid and a string.</summary>
    public interface IGrainWithGuidCompoundKey : IGrain;

    /// <summary>A grain that is known by a number and a string.</summary>
    public interface IGrainWithIntegerCompoundKey : IGrain;

    /// <summary>An object outside the grains that grains may call.</summary>
    public interface IGrainObserver : IAddressable;
}
