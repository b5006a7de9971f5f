using StellarPay.SingleNode;

namespace Orleans.Runtime;

/// <summary>Stands for a grain, wherever its activation is; the generated proxies derive from it.</summary>
public class GrainReference : IAddressable, IEquatable<GrainReference>
{
    internal GrainReference(GrainInterface face, GrainId grainId, CallHost host)
    {
        Interface = face;
        GrainId = grainId;
        Host = host;
    }

    public GrainId GrainId { get; }

    public GrainInterfaceType InterfaceType => Interface.InterfaceType;

    public virtual string InterfaceName => Interface.Type.Name;

    internal GrainInterface Interface { get; }

    internal CallHost Host { get; }

    public virtual TGrainInterface Cast<TGrainInterface>()
        where TGrainInterface : IAddressable => (TGrainInterface)As(typeof(TGrainInterface));

    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public uint GetUniformHashCode() => GrainId.GetUniformHashCode();

    public sealed override string ToString() => $"GrainReference:{GrainId}";

    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) =>
        reference1?.Equals(reference2) ?? reference2 is null;

    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) =>
        !(reference1 == reference2);

    internal object As(Type interfaceType) => interfaceType.IsInstanceOfType(this)
        ? this
        : GrainInterfaces.Of(interfaceType).NewReference(GrainId, Host);

    // The generated proxies call these, one for each kind of return type.
    internal Task SendTask(GrainCall<Nothing> call, int method) => Host.Send(this, call, method);

    internal Task<T> SendTask<T>(GrainCall<T> call, int method) => Host.Send(this, call, method);

    internal ValueTask SendValueTask(GrainCall<Nothing> call, int method) => new(Host.Send(this, call, method));

    internal ValueTask<T> SendValueTask<T>(GrainCall<T> call, int method) => new(Host.Send(this, call, method));

    internal IAsyncEnumerable<T> SendStream<T>(StreamCall<T> call, int method) =>
        new GrainStream<T>(this, call, method);

    internal void SendVoid(GrainCall<Nothing> call, int method) => _ = Host.Send(this, call, method);
}
