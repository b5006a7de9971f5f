using Orleans;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>A silo or client, as the sender of calls.</summary>
internal abstract class CallHost
{
    private IOutgoingGrainCallFilter[] _outgoing = [];

    protected CallHost(PendingCalls pending) => Pending = pending;

    public PendingCalls Pending { get; }

    public abstract Cluster Cluster { get; }

    public void UseOutgoingFilters(IEnumerable<IOutgoingGrainCallFilter> filters) => _outgoing = [.. filters];

    public Task<T> Send<T>(GrainReference reference, GrainCall<T> call, int methodIndex)
    {
        var sender = Activation.Current;
        var host = sender?.Silo ?? this;
        call.Address(reference.Interface.Methods[methodIndex], reference, host, sender);
        return host.Send(call);
    }

    public void SendStream<T>(GrainReference reference, StreamCall<T> call, int methodIndex)
    {
        var sender = Activation.Current;
        var host = sender?.Silo ?? this;
        call.Address(reference.Interface.Methods[methodIndex], reference, host, sender);
        call.TakeContext();
        host.Cluster.Deliver(call);
    }

    private Task<T> Send<T>(GrainCall<T> call)
    {
        if (call.Sender is { IsDead: true } dead)
        {
            return Task.FromException<T>(new SiloUnavailableException($"{dead.Describe()} was on a silo that is gone."));
        }

        return _outgoing.Length == 0 ? Dispatch(call) : OutgoingFilters.Send(_outgoing, call, this);
    }

    public Task<T> Dispatch<T>(GrainCall<T> call)
    {
        var cluster = Cluster;
        call.TakeContext();
        if (call.Method.OneWay)
        {
            cluster.Deliver(call);
            return Task.FromResult(default(T)!);
        }

        Pending.Add(call);
        call.WatchCancellation();
        cluster.Deliver(call);
        return call.Answered;
    }
}
