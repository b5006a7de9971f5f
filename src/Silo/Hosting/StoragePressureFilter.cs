using System.Collections.Concurrent;
using System.Reflection;
using Orleans.Concurrency;
using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Grains.Access;
using StellarPay.Grains.Failures;
using StellarPay.Grains.Storage;

namespace StellarPay.Silo.Hosting;

/// <summary>
/// Refuses users' calls while states wait too long to be stored, before a turn decides anything: the front door answers 503 with
/// Retry-After. In the silo, and not at the door, for a front door may be another process, and each silo has a queue of its own.
/// What grains ask of each other goes on, and so does what changes nothing.
/// </summary>
internal sealed class StoragePressureFilter(IStoragePressure pressure) : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<Type, bool> _hot = [];
    private readonly ConcurrentDictionary<MethodInfo, bool> _exempt = [];

    public Task Invoke(IIncomingGrainCallContext context) =>
        pressure.IsHigh && context.SourceId is { } source && source.IsClient() && Writes(context)
            ? throw new NotBegunException("States wait too long to be stored. Please try again.")
            : context.Invoke();

    private bool Writes(IIncomingGrainCallContext context) =>
        !_exempt.GetOrAdd(context.InterfaceMethod, IsExempt)
        && context.TargetContext?.GrainInstance is { } grain && _hot.GetOrAdd(grain.GetType(), IsHot);

    // Operators' calls are few, and one of them freezes a wallet: it must get through while the wallet's thief floods the silo.
    private static bool IsExempt(MethodInfo method) => method.IsDefined(typeof(ReadOnlyAttribute), inherit: true)
        || method.DeclaringType!.IsDefined(typeof(ForOperatorsAttribute), inherit: false)
        || method.DeclaringType!.IsDefined(typeof(ForDoorsAttribute), inherit: false);

    // As the class itself says where its state is stored.
    private static bool IsHot(Type grain) => grain.GetConstructors()
        .SelectMany(constructor => constructor.GetParameters())
        .Any(parameter => parameter.GetCustomAttribute<PersistentStateAttribute>()?.StorageName == GrainState.HotProvider);
}
