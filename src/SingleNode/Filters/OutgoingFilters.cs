using System.Reflection;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace StellarPay.SingleNode;

/// <summary>Sends a call through a chain of filters.</summary>
internal sealed class OutgoingFilters<T>(IOutgoingGrainCallFilter[] filters, GrainCall<T> call, CallHost host)
    : IOutgoingGrainCallContext
{
    private int _next;
    private object? _result;

    public IInvokable Request => call;

    public object Grain => call.Reference!;

    public GrainId? SourceId => call.Sender?.GrainId;

    public GrainId TargetId => call.Reference!.GrainId;

    public GrainInterfaceType InterfaceType => call.Reference!.InterfaceType;

    public string InterfaceName => call.Method.InterfaceName;

    public string MethodName => call.Method.Name;

    public MethodInfo InterfaceMethod => call.Method.Info;

    public IGrainContext? SourceContext => call.Sender;

    public object? Result
    {
        get => _result;
        set => _result = value;
    }

    public async Task Invoke()
    {
        if (_next < filters.Length)
        {
            await filters[_next++].Invoke(this);
            return;
        }

        var result = await host.Dispatch(call);
        _result = result is Nothing ? null : result;
    }

    public async Task<T> SendAsync()
    {
        await Invoke();
        return _result is null ? default! : (T)_result;
    }
}

/// <summary>Starts the chain.</summary>
internal static class OutgoingFilters
{
    public static Task<T> Send<T>(IOutgoingGrainCallFilter[] filters, GrainCall<T> call, CallHost host) =>
        new OutgoingFilters<T>(filters, call, host).SendAsync();
}
