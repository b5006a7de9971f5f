using System.Reflection;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace StellarPay.SingleNode;

/// <summary>Runs a call at its target through a chain of filters; the grain itself may be the last of them.</summary>
internal sealed class IncomingFilters(IIncomingGrainCallFilter[] filters, GrainCall call, Activation target)
    : IIncomingGrainCallContext
{
    private int _next;

    public IInvokable Request => call;

    public object Grain => target.GrainInstance!;

    public GrainId? SourceId => call.Sender?.GrainId;

    public GrainId TargetId => target.GrainId;

    public GrainInterfaceType InterfaceType => call.Reference!.InterfaceType;

    public string InterfaceName => call.Method.InterfaceName;

    public string MethodName => call.Method.Name;

    public MethodInfo InterfaceMethod => call.Method.Info;

    public MethodInfo ImplementationMethod => call.Method.Implementation(target.GrainInstance!.GetType());

    public IGrainContext TargetContext => target;

    public object? Result
    {
        get => call.UntypedResult;
        set => call.UntypedResult = value;
    }

    public Task Invoke()
    {
        var step = _next++;
        if (step < filters.Length)
        {
            return filters[step].Invoke(this);
        }

        return step == filters.Length && target.GrainInstance is IIncomingGrainCallFilter own
            ? own.Invoke(this)
            : call.InvokeAsync(target.GrainInstance!);
    }
}
