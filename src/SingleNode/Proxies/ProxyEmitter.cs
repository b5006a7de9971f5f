using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>
/// Emits, for an interface, a proxy and a class for the calls of each method, so that a call costs no boxing and no
/// reflection.
/// </summary>
internal static class ProxyEmitter
{
    private const MethodAttributes Implementation = MethodAttributes.Public | MethodAttributes.Final
        | MethodAttributes.HideBySig | MethodAttributes.NewSlot | MethodAttributes.Virtual;

    private static readonly Type[] ConstructorParameters = [typeof(GrainInterface), typeof(GrainId), typeof(CallHost)];

    public static Func<GrainInterface, GrainId, CallHost, GrainReference> Emit(Type face, MethodInfo[] methods)
    {
        var module = NewModule(face, methods);
        var proxy = module.DefineType(
            $"Proxy_{face.Name}",
            TypeAttributes.Class | TypeAttributes.Public | TypeAttributes.Sealed,
            typeof(GrainReference),
            [face]);
        EmitConstructor(proxy);
        for (var i = 0; i < methods.Length; i++)
        {
            EmitMethod(proxy, CallEmitter.Emit(module, methods[i], i), methods[i], i);
        }

        return Maker(proxy.CreateType());
    }

    private static ModuleBuilder NewModule(Type face, MethodInfo[] methods)
    {
        var name = $"StellarPay.SingleNode.Proxies.{face.FullName}";
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(name), AssemblyBuilderAccess.Run);
        var attribute = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
        foreach (var other in AssembliesOf(face, methods))
        {
            assembly.SetCustomAttribute(new CustomAttributeBuilder(attribute, [other]));
        }

        return assembly.DefineDynamicModule(name);
    }

    // Interfaces and messages may be internal to their assemblies.
    private static HashSet<string> AssembliesOf(Type face, MethodInfo[] methods)
    {
        var types = methods.SelectMany(method => method.GetParameters().Select(each => each.ParameterType)
            .Append(method.ReturnType)).Append(face).Concat(face.GetInterfaces()).Append(typeof(GrainReference));
        return [.. types.SelectMany(Parts).Select(type => type.Assembly.GetName().Name!)];
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : [type];

    private static void EmitConstructor(TypeBuilder proxy)
    {
        var constructor = proxy.DefineConstructor(
            MethodAttributes.Public, CallingConventions.HasThis, ConstructorParameters);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Call, typeof(GrainReference).GetConstructor(
            BindingFlags.Instance | BindingFlags.NonPublic, ConstructorParameters)!);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitMethod(TypeBuilder proxy, CallClass call, MethodInfo method, int index)
    {
        var parameters = method.GetParameters();
        var builder = proxy.DefineMethod(
            $"{method.DeclaringType!.Name}.{method.Name}",
            Implementation,
            method.ReturnType,
            [.. parameters.Select(each => each.ParameterType)]);
        var il = builder.GetILGenerator();
        il.DeclareLocal(call.Type);
        il.Emit(OpCodes.Newobj, call.Constructor);
        il.Emit(OpCodes.Stloc_0);
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldloc_0);
            if (parameters[i].ParameterType == typeof(CancellationToken))
            {
                il.Emit(OpCodes.Ldloc_0);
                il.Emit(OpCodes.Ldarg, i + 1);
                il.Emit(OpCodes.Call, typeof(GrainCall).GetMethod(nameof(GrainCall.Link))!);
            }
            else
            {
                il.Emit(OpCodes.Ldarg, i + 1);
                EmitCopy(il, parameters[i]);
            }

            il.Emit(OpCodes.Stfld, call.Fields[i]);
        }

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloc_0);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Call, ReturnKind.Of(method.ReturnType).Send);
        il.Emit(OpCodes.Ret);
        proxy.DefineMethodOverride(builder, method);
    }

    private static void EmitCopy(ILGenerator il, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (!ImmutableTypes.Contains(type) && !parameter.IsDefined(typeof(Orleans.ImmutableAttribute)))
        {
            il.Emit(OpCodes.Call, typeof(Copy<>).MakeGenericType(type).GetMethod(nameof(Copy<>.Of))!);
        }
    }

    private static Func<GrainInterface, GrainId, CallHost, GrainReference> Maker(Type proxy)
    {
        var maker = new DynamicMethod(
            $"New_{proxy.Name}", typeof(GrainReference), ConstructorParameters, proxy.Module, skipVisibility: true);
        var il = maker.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Newobj, proxy.GetConstructor(ConstructorParameters)!);
        il.Emit(OpCodes.Ret);
        return maker.CreateDelegate<Func<GrainInterface, GrainId, CallHost, GrainReference>>();
    }
}
