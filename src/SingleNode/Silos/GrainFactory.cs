using Orleans;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>Makes references for one silo or client.</summary>
internal class GrainFactory(CallHost host, IServiceProvider services) : IClusterClient
{
    public IServiceProvider ServiceProvider { get; } = services;

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey =>
        Reference<TGrainInterface>(GrainIdKeyExtensions.CreateGuidKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey =>
        Reference<TGrainInterface>(GrainIdKeyExtensions.CreateIntegerKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        Reference<TGrainInterface>(StringKey(primaryKey), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(
        Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey =>
        Reference<TGrainInterface>(
            GrainIdKeyExtensions.CreateGuidKey(primaryKey, Extension(keyExtension)), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(
        long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey =>
        Reference<TGrainInterface>(
            GrainIdKeyExtensions.CreateIntegerKey(primaryKey, Extension(keyExtension)), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)GrainInterfaceOf<TGrainInterface>.Value.NewReference(grainId, host);

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) =>
        Reference(grainInterfaceType, GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) =>
        Reference(grainInterfaceType, GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) =>
        Reference(grainInterfaceType, StringKey(grainPrimaryKey));

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) =>
        Reference(grainInterfaceType, GrainIdKeyExtensions.CreateGuidKey(grainPrimaryKey, Extension(keyExtension)));

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) =>
        Reference(grainInterfaceType, GrainIdKeyExtensions.CreateIntegerKey(grainPrimaryKey, Extension(keyExtension)));

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        if (obj is GrainReference)
        {
            throw new ArgumentException("The object is a grain reference already.", nameof(obj));
        }

        if (obj is IGrainBase)
        {
            throw new ArgumentException(
                "A grain cannot be an object reference; pass this.AsReference<T>() instead.", nameof(obj));
        }

        var face = GrainInterfaceOf<TGrainObserverInterface>.Value;
        var id = host.Cluster.Observers.Register(obj ?? throw new ArgumentNullException(nameof(obj)));
        return (TGrainObserverInterface)(object)face.NewReference(id, host);
    }

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        if (obj is not GrainReference reference)
        {
            throw new ArgumentException("The argument is not the reference that CreateObjectReference gave.", nameof(obj));
        }

        host.Cluster.Observers.Unregister(reference.GrainId);
    }

    private static IdSpan StringKey(string key) => string.IsNullOrWhiteSpace(key)
        ? throw new ArgumentException("A grain's string key is neither null nor blank.", nameof(key))
        : IdSpan.Create(key);

    private static string Extension(string keyExtension) => string.IsNullOrWhiteSpace(keyExtension)
        ? throw new ArgumentException("A key extension is neither null nor blank.", nameof(keyExtension))
        : keyExtension;

    private T Reference<T>(IdSpan key, string? prefix)
    {
        var face = GrainInterfaceOf<T>.Value;
        var type = prefix is null ? GrainTypeOf<T>.Value : GrainClasses.All.For(face.Type, prefix);
        return (T)(object)face.NewReference(new GrainId(type, key), host);
    }

    private IGrain Reference(Type interfaceType, IdSpan key) => (IGrain)GrainInterfaces.Of(interfaceType)
        .NewReference(new GrainId(GrainClasses.All.For(interfaceType, null), key), host);

    private static class GrainTypeOf<T>
    {
        private static readonly Lazy<GrainType> Found = new(() => GrainClasses.All.For(typeof(T), null));

        public static GrainType Value => Found.Value;
    }
}
