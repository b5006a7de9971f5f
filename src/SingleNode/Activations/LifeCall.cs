using Orleans;

namespace StellarPay.SingleNode;

/// <summary>Stands for the activation or deactivation of a grain among its calls.</summary>
internal sealed class LifeCall : GrainCall<Nothing>
{
    public static readonly GrainMethod Activate = new(typeof(IGrainBase).GetMethod(nameof(IGrainBase.OnActivateAsync))!);
    public static readonly GrainMethod Deactivate = new(typeof(IGrainBase).GetMethod(nameof(IGrainBase.OnDeactivateAsync))!);

    public LifeCall(Activation activation, GrainMethod method)
    {
        AddressTick(method);
        Target = activation;
    }

    public override Task InvokeAsync(object grain) =>
        throw new InvalidOperationException($"{Method.Name} is begun by its activation.");
}
