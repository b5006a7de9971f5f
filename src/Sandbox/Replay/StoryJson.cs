using System.Text.Json;
using System.Text.Json.Serialization;

namespace StellarPay.Sandbox.Replay;

/// <summary>How stories are written: snake case, and 64-bit amounts as strings.</summary>
internal static class StoryJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        RespectNullableAnnotations = true,
    };
}
