using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace StellarPay.SingleNode.Tests.SingleNodeOnly.Surface;

/// <summary>The types that an assembly shows, each with its members as text.</summary>
internal static class PublicSurface
{
    private const MethodAttributes Visible = MethodAttributes.MemberAccessMask;

    private static readonly SignatureText Text = new();

    public static Dictionary<string, HashSet<string>> Of(string assemblyPath)
    {
        using var file = new PEReader(File.OpenRead(assemblyPath));
        var reader = file.GetMetadataReader();
        var types = new Dictionary<string, HashSet<string>>();
        foreach (var handle in reader.TypeDefinitions.Where(each => IsVisible(reader, each)))
        {
            types.Add(SignatureText.NameOf(reader, handle), [.. Members(reader, reader.GetTypeDefinition(handle))]);
        }

        return types;
    }

    private static bool IsVisible(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic => IsVisible(reader, type.GetDeclaringType()),
            _ => false,
        };
    }

    private static IEnumerable<string> Members(MetadataReader reader, TypeDefinition type)
    {
        yield return $"is {KindOf(reader, type)}";
        foreach (var method in type.GetMethods().Select(reader.GetMethodDefinition))
        {
            if (IsVisible(method.Attributes & Visible) && !IsOverrideOfObject(reader, method))
            {
                yield return Describe(reader, method);
            }
        }

        foreach (var field in type.GetFields().Select(reader.GetFieldDefinition))
        {
            if (IsVisible((MethodAttributes)(field.Attributes & FieldAttributes.FieldAccessMask))
                && (field.Attributes & FieldAttributes.SpecialName) == 0)
            {
                yield return Describe(reader, field);
            }
        }
    }

    // The values of access are the same for fields and methods.
    private static bool IsVisible(MethodAttributes access) =>
        access is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private static bool IsOverrideOfObject(MetadataReader reader, MethodDefinition method) =>
        (method.Attributes & MethodAttributes.Virtual) != 0
        && (method.Attributes & MethodAttributes.NewSlot) == 0
        && reader.GetString(method.Name) is nameof(ToString) or nameof(Equals) or nameof(GetHashCode);

    private static string KindOf(MetadataReader reader, TypeDefinition type)
    {
        if ((type.Attributes & TypeAttributes.Interface) != 0)
        {
            return "an interface";
        }

        var parent = type.BaseType.IsNil ? "" : type.BaseType.Kind switch
        {
            HandleKind.TypeReference => Text.GetTypeFromReference(reader, (TypeReferenceHandle)type.BaseType, 0),
            HandleKind.TypeDefinition => SignatureText.NameOf(reader, (TypeDefinitionHandle)type.BaseType),
            _ => Text.GetTypeFromSpecification(reader, null, (TypeSpecificationHandle)type.BaseType, 0),
        };
        return $"a {parent}";
    }

    private static string Describe(MetadataReader reader, MethodDefinition method)
    {
        var signature = method.DecodeSignature(Text, null);
        var isStatic = signature.Header.IsInstance ? "" : "static ";
        var arity = signature.GenericParameterCount == 0 ? "" : $"`{signature.GenericParameterCount}";
        return $"{isStatic}{signature.ReturnType} {reader.GetString(method.Name)}{arity}"
            + $"({string.Join(", ", signature.ParameterTypes)})";
    }

    private static string Describe(MetadataReader reader, FieldDefinition field)
    {
        var value = field.GetDefaultValue();
        var constant = value.IsNil ? "" : string.Create(CultureInfo.InvariantCulture, $" = {Constant(reader, value)}");
        return $"{field.DecodeSignature(Text, null)} {reader.GetString(field.Name)}{constant}";
    }

    private static object? Constant(MetadataReader reader, ConstantHandle handle)
    {
        var constant = reader.GetConstant(handle);
        return reader.GetBlobReader(constant.Value).ReadConstant(constant.TypeCode);
    }
}
