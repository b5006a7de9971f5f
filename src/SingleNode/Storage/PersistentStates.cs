using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace StellarPay.SingleNode;

/// <summary>Makes the states that a grain's constructor asks for.</summary>
internal static class PersistentStates
{
    private static readonly MethodInfo GenericCreate = typeof(PersistentStates)
        .GetMethod(nameof(CreateAndReadOnStart), BindingFlags.Static | BindingFlags.NonPublic)!;

    public static Func<Activation, object?> Argument(ParameterInfo parameter, IPersistentStateConfiguration state)
    {
        var type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansConfigurationException(
                $"Parameter {parameter.Name} of {parameter.Member.DeclaringType!.FullName} has a [PersistentState], "
                + $"so it must be an IPersistentState<T>, not {type}.");
        }

        var create = GenericCreate.MakeGenericMethod(type.GetGenericArguments())
            .CreateDelegate<Func<Activation, string, string?, object>>();
        return activation => create(activation, state.StateName, state.StorageName);
    }

    public static PersistentState<T> Create<T>(Activation activation, string stateName, string? storageName) =>
        new(activation, stateName, StorageFor(activation, storageName));

    private static object CreateAndReadOnStart<T>(Activation activation, string stateName, string? storageName)
    {
        var state = Create<T>(activation, stateName, storageName);
        activation.ObservableLifecycle.Subscribe(
            stateName, GrainLifecycleStage.SetupState, state.ReadStateAsync, static _ => Task.CompletedTask);
        return state;
    }

    private static IGrainStorage StorageFor(Activation activation, string? name)
    {
        var services = activation.ActivationServices;
        var storage = string.IsNullOrEmpty(name)
            ? services.GetService<IGrainStorage>()
            : services.GetKeyedService<IGrainStorage>(name);
        return storage ?? throw new BadProviderConfigException(
            string.IsNullOrEmpty(name)
                ? $"No default storage provider found loading grain type {activation.Class.Type.FullName}."
                : $"No storage provider named \"{name}\" found loading grain type {activation.Class.Type.FullName}.");
    }
}
