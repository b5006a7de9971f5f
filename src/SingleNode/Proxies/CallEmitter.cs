using System.Reflection;
using System.Reflection.Emit;

namespace StellarPay.SingleNode;

/// <summary>An emitted call class, before it is closed.</summary>
internal sealed record CallClass(Type Type, ConstructorInfo Constructor, FieldInfo[] Fields);

/// <summary>Emits the class of the calls of one method: a field an argument, and a direct call of the method.</summary>
internal static class CallEmitter
{
    private const MethodAttributes Override = MethodAttributes.Public | MethodAttributes.HideBySig
        | MethodAttributes.Virtual | MethodAttributes.Final;

    public static CallClass Emit(ModuleBuilder module, MethodInfo method, int index)
    {
        var callBase = ReturnKind.Of(method.ReturnType).CallBase;
        var call = module.DefineType(
            $"Call_{index}_{method.Name}", TypeAttributes.Class | TypeAttributes.Public | TypeAttributes.Sealed, callBase);
        var parameters = method.GetParameters();
        var fields = new FieldBuilder[parameters.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = call.DefineField($"_{i}", parameters[i].ParameterType, FieldAttributes.Public);
        }

        EmitConstructor(call, callBase);
        EmitRun(call, callBase, method, fields);
        if (fields.Length > 0)
        {
            EmitGetArgument(call, fields);
            EmitSetArgument(call, fields);
        }

        var type = call.CreateType();
        return new CallClass(
            type, type.GetConstructor([])!, [.. fields.Select(field => type.GetField(field.Name)!)]);
    }

    private static void EmitConstructor(TypeBuilder call, Type callBase)
    {
        var il = call.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, []).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, callBase.GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, [])!);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitRun(TypeBuilder call, Type callBase, MethodInfo method, FieldBuilder[] fields)
    {
        var overridden = callBase.GetMethod("Run", [typeof(object)])!;
        var builder = call.DefineMethod("Run", Override, overridden.ReturnType, [typeof(object)]);
        var il = builder.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, method.DeclaringType!);
        foreach (var field in fields)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, field);
        }

        il.Emit(OpCodes.Callvirt, method);
        il.Emit(OpCodes.Ret);
        call.DefineMethodOverride(builder, overridden);
    }

    private static void EmitGetArgument(TypeBuilder call, FieldBuilder[] fields)
    {
        var overridden = typeof(GrainCall).GetMethod(nameof(GrainCall.GetArgument))!;
        var builder = call.DefineMethod(overridden.Name, Override, typeof(object), [typeof(int)]);
        var il = builder.GetILGenerator();
        EmitSwitch(il, fields.Length, i =>
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, fields[i]);
            il.Emit(OpCodes.Box, fields[i].FieldType);
        });
        call.DefineMethodOverride(builder, overridden);
    }

    private static void EmitSetArgument(TypeBuilder call, FieldBuilder[] fields)
    {
        var overridden = typeof(GrainCall).GetMethod(nameof(GrainCall.SetArgument))!;
        var builder = call.DefineMethod(overridden.Name, Override, typeof(void), [typeof(int), typeof(object)]);
        var il = builder.GetILGenerator();
        EmitSwitch(il, fields.Length, i =>
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Unbox_Any, fields[i].FieldType);
            il.Emit(OpCodes.Stfld, fields[i]);
        });
        call.DefineMethodOverride(builder, overridden);
    }

    private static void EmitSwitch(ILGenerator il, int count, Action<int> emitCase)
    {
        var labels = Enumerable.Range(0, count).Select(_ => il.DefineLabel()).ToArray();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Switch, labels);
        il.Emit(OpCodes.Ldstr, "index");
        il.Emit(OpCodes.Newobj, typeof(ArgumentOutOfRangeException).GetConstructor([typeof(string)])!);
        il.Emit(OpCodes.Throw);
        for (var i = 0; i < count; i++)
        {
            il.MarkLabel(labels[i]);
            emitCase(i);
            il.Emit(OpCodes.Ret);
        }
    }
}
