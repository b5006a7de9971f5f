using System.Text.Encodings.Web;
using System.Text.Json;

namespace StellarPay.Grains.Events;

/// <summary>How an event's data is written. Stored for ever: camelCase names, amounts as decimal strings.</summary>
internal static class EventJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonElement Write<T>(T data) => JsonSerializer.SerializeToElement(data, Options);
}
