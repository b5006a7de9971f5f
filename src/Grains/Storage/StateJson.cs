using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace StellarPay.Grains.Storage;

/// <summary>How grain state and its rows are written as JSON. What is stored outlives programs: what is here is a contract.</summary>
public static class StateJson
{
    /// <summary>The serializer's options.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.Strict,
            // jsonb sorts an object's properties, so that "$type" need not come first when it is read again.
            AllowOutOfOrderMetadataProperties = true,
            // The text goes into jsonb, never into a page: escaping more than JSON demands only makes it longer.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 32,
        };
        options.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false));
        options.TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutWhatIsAsNew } };
        options.MakeReadOnly();
        return options;
    }

    // A property that a new object has just so need not be stored: reading gives it back. Compared with a new object, and
    // not with a type's default, so that an initial value of its own is safe too.
    private static void LeaveOutWhatIsAsNew(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.CreateObject?.Invoke() is not { } fresh)
        {
            return;
        }

        foreach (var property in type.Properties)
        {
            if (property is not { Get: { } get, Set: not null, IsRequired: false } || IsOnlyRead(property))
            {
                continue;
            }

            var initial = get(fresh);
            property.ShouldSerialize = initial switch
            {
                null => (_, value) => value is not null,
                ICollection { Count: 0 } => (_, value) => value is not ICollection { Count: 0 },
                string or ValueType => (_, value) => !initial.Equals(value),
                _ => (_, _) => true,
            };
        }
    }

    // What was once a part of the state, and is found in old rows only.
    private static bool IsOnlyRead(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true) is
            [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWriting }];
}
