using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace StellarPay.SingleNode;

/// <summary>A class of grains: its name, how it is made and how its calls may interleave.</summary>
internal sealed class GrainClass
{
    private const string Suffix = "grain";

    private readonly ConstructorInfo _constructor;
    private readonly Func<Activation, object?>[] _arguments;

    public GrainClass(Type type)
    {
        Type = type;
        GrainType = NameOf(type);
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        FiltersItself = typeof(IIncomingGrainCallFilter).IsAssignableFrom(type);
        MayInterleave = Predicate(type);
        var placement = type.GetCustomAttribute<PlacementAttribute>(inherit: true)?.PlacementStrategy;
        PrefersLocal = placement is PreferLocalPlacement;
        MaxWorkers = (placement as StatelessWorkerPlacement)?.MaxLocal ?? 0;
        OwnCollectionAge = type.IsDefined(typeof(KeepAliveAttribute), inherit: true)
            ? Timeout.InfiniteTimeSpan
            : type.GetCustomAttribute<CollectionAgeLimitAttribute>(inherit: true)?.AgeLimit;
        _constructor = ConstructorOf(type);
        _arguments = [.. _constructor.GetParameters().Select(ArgumentOf)];
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public bool IsReentrant { get; }

    public bool FiltersItself { get; }

    public bool PrefersLocal { get; }

    /// <summary>More than 0 for stateless workers.</summary>
    public int MaxWorkers { get; }

    public TimeSpan? OwnCollectionAge { get; }

    public Func<object, IInvokable, bool>? MayInterleave { get; }

    /// <summary>The name that Orleans gives a class: its attribute's, or its own in lower case without "grain".</summary>
    public static GrainType NameOf(Type type)
    {
        if (type.GetCustomAttribute<GrainTypeAttribute>() is { } named)
        {
            return named.Name;
        }

        var name = type.Name.ToLowerInvariant();
        return GrainType.Create(name.Length > Suffix.Length && name.EndsWith(Suffix, StringComparison.Ordinal)
            ? name[..^Suffix.Length]
            : name);
    }

    public object Create(Activation activation)
    {
        var values = new object?[_arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = _arguments[i](activation);
        }

        return _constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, values, null);
    }

    private static ConstructorInfo ConstructorOf(Type type)
    {
        var all = type.GetConstructors();
        return all.FirstOrDefault(each => each.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
            ?? all.MaxBy(each => each.GetParameters().Length)
            ?? throw new OrleansConfigurationException($"Grain class {type.FullName} has no public constructor.");
    }

    private static Func<Activation, object?> ArgumentOf(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttributes().OfType<IPersistentStateConfiguration>().FirstOrDefault() is { } state)
        {
            return PersistentStates.Argument(parameter, state);
        }

        if (type == typeof(IGrainContext))
        {
            return static activation => activation;
        }

        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
        {
            return activation => activation.ActivationServices.GetRequiredKeyedService(type, keyed.Key);
        }

        return parameter.HasDefaultValue
            ? activation => activation.ActivationServices.GetService(type) ?? parameter.DefaultValue
            : activation => activation.ActivationServices.GetRequiredService(type);
    }

    private static Func<object, IInvokable, bool>? Predicate(Type type)
    {
        if (type.GetCustomAttribute<MayInterleaveAttribute>(inherit: true) is not { } named)
        {
            return null;
        }

        var method = type.GetMethod(
            named.CallbackMethodName,
            BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
                | BindingFlags.FlattenHierarchy,
            [typeof(IInvokable)]);
        if (method is null || method.ReturnType != typeof(bool))
        {
            throw new OrleansConfigurationException(
                $"{type.FullName} has no method bool {named.CallbackMethodName}(IInvokable), "
                + "which its [MayInterleave] names.");
        }

        return (grain, request) => (bool)method.Invoke(method.IsStatic ? null : grain, [request])!;
    }
}
