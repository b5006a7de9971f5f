using System.Reflection;
using StellarPay.Grains.Access;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Notary;
using StellarPay.Grains.Platform.Suspense;
using StellarPay.Grains.Platform.Treasury;
using StellarPay.Grains.Scheduling;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Contracts;

/// <summary>The grain assemblies are as Orleans' code generator needs them.</summary>
public sealed class GrainContractTests
{
    private static readonly Assembly[] Assemblies =
        [Assembly.Load("StellarPay.Grains.Abstractions"), Assembly.Load("StellarPay.Grains")];

    private static readonly Type[] Types = [.. Assemblies.SelectMany(assembly => assembly.GetTypes())];

    private static readonly Type[] Interfaces = [.. Types.Where(type => type.IsInterface && IsCallable(type))];

    private static readonly MethodInfo[] Methods =
        [.. Interfaces.SelectMany(type => type.GetMethods()).Where(method => method.IsAbstract)];

    private static readonly Type[] Messages = [.. Types.Where(MessageRules.IsMessage)];

    private static readonly Type[] GrainClasses =
        [.. Types.Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IGrainBase).IsAssignableFrom(type))];

    private static readonly Type[] Callers =
        [typeof(ForUsersAttribute), typeof(ForOperatorsAttribute), typeof(ForDoorsAttribute), typeof(GrainsOnlyAttribute)];

    [Fact]
    public void There_are_grains_to_look_at()
    {
        Interfaces.ShouldNotBeEmpty();
        Messages.ShouldNotBeEmpty();
        GrainClasses.ShouldNotBeEmpty();
    }

    [Fact]
    public void Every_interface_and_method_has_an_alias()
    {
        Interfaces.Where(type => !type.IsDefined(typeof(AliasAttribute), inherit: false)).ShouldBeEmpty();
        Methods.Where(method => !method.IsDefined(typeof(AliasAttribute)))
            .Select(method => $"{method.DeclaringType}.{method.Name}").ShouldBeEmpty();
    }

    [Fact]
    public void Every_interface_of_a_grain_says_who_may_call_it() => Interfaces
        .Where(type => typeof(IGrain).IsAssignableFrom(type))
        .Where(type => Callers.Count(callers => type.IsDefined(callers, inherit: false)) != 1)
        .ShouldBeEmpty();

    [Fact]
    public void What_the_follower_its_owners_and_the_accounts_of_the_platform_are_told_is_for_grains_alone() => new[]
    {
        typeof(IWalletInternal), typeof(ISuspenseInternal), typeof(ILedgerOwner), typeof(IFollowerInternal), typeof(IDueGrain),
        typeof(IWakeable), typeof(IKeyHolder), typeof(IDepositHolder), typeof(ISponsorGrain), typeof(IFeeAccountGrain),
        typeof(ITreasuryGrain), typeof(INotaryGrain), typeof(IPlatformAccountGrain),
    }.Where(type => !type.IsDefined(typeof(GrainsOnlyAttribute), inherit: false)).ShouldBeEmpty();

    [Fact]
    public void No_two_interfaces_or_messages_and_no_two_methods_of_an_interface_share_an_alias()
    {
        Repeated(Interfaces.Concat(Messages).SelectMany(AliasesOf)).ShouldBeEmpty();
        Methods.GroupBy(method => method.DeclaringType)
            .SelectMany(group => Repeated(group.SelectMany(AliasesOf)).Select(alias => $"{group.Key}: {alias}"))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Every_method_returns_what_can_be_awaited() => Methods
        .Where(method => !ReturnsTask(method.ReturnType)
            && !(method.ReturnType == typeof(void) && typeof(IGrainObserver).IsAssignableFrom(method.DeclaringType)))
        .Select(method => $"{method.DeclaringType}.{method.Name} returns {method.ReturnType}")
        .ShouldBeEmpty();

    [Fact]
    public void No_method_is_generic_or_passes_by_reference() => Methods
        .Where(method => method.IsGenericMethod || method.GetParameters().Any(each => each.ParameterType.IsByRef))
        .Select(method => $"{method.DeclaringType}.{method.Name}")
        .ShouldBeEmpty();

    [Fact]
    public void Everything_that_a_call_carries_can_be_serialised() => Methods
        .SelectMany(method => Carried(method).SelectMany(MessageRules.FaultsOfUse)
            .Select(fault => $"{method.DeclaringType}.{method.Name}: {fault}"))
        .Distinct()
        .ShouldBeEmpty();

    [Fact]
    public void Every_message_that_a_call_carries_has_an_alias_and_numbers_all_of_its_members() =>
        Methods.SelectMany(Carried).SelectMany(MessageRules.AllMessagesIn).Distinct()
            .SelectMany(MessageRules.FaultsOf).ShouldBeEmpty();

    [Fact]
    public void Every_message_that_a_call_carries_says_that_it_is_immutable() => Methods
        .SelectMany(Carried).SelectMany(MessageRules.MessagesIn).Distinct()
        .Where(type => type is { IsEnum: false, IsInterface: false } && MessageRules.IsMessage(type)
            && !type.IsDefined(typeof(ImmutableAttribute), inherit: false))
        .ShouldBeEmpty();

    [Fact]
    public void No_two_grain_classes_keep_state_under_one_name()
    {
        var names = GrainClasses.SelectMany(type => type.GetConstructors())
            .SelectMany(constructor => constructor.GetParameters())
            .SelectMany(parameter => parameter.GetCustomAttributes<PersistentStateAttribute>())
            .Select(state => $"{state.StorageName} {state.StateName}");

        Repeated(names).ShouldBeEmpty();
    }

    private static bool IsCallable(Type type) =>
        typeof(IGrain).IsAssignableFrom(type) || typeof(IGrainObserver).IsAssignableFrom(type);

    private static bool ReturnsTask(Type type) => type == typeof(Task) || type == typeof(ValueTask)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>)
            || type.GetGenericTypeDefinition() == typeof(ValueTask<>)
            || type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)));

    private static IEnumerable<Type> Carried(MethodInfo method)
    {
        var parameters = method.GetParameters().Select(parameter => parameter.ParameterType);
        return method.ReturnType.IsGenericType ? parameters.Concat(method.ReturnType.GetGenericArguments()) : parameters;
    }

    private static IEnumerable<string> AliasesOf(MemberInfo member) =>
        member.GetCustomAttributes<AliasAttribute>(inherit: false).Select(alias => alias.Alias);

    private static IEnumerable<string> Repeated(IEnumerable<string> names) =>
        names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key);
}
