using System.Text.Json;

namespace StellarPay.Frontdoor.Tests.Versions;

/// <summary>What an answer is made of: the type of each of its fields, by its path.</summary>
internal static class AnswerShape
{
    /// <summary>How a recorded answer is broken by another; none where only something is added to it.</summary>
    /// <param name="recorded">The answer that the version gave.</param>
    /// <param name="answered">What is answered now.</param>
    /// <param name="path">Where in the answer both are.</param>
    public static IEnumerable<string> Broken(JsonElement recorded, JsonElement answered, string path = "") =>
        (recorded.ValueKind, answered.ValueKind) switch
        {
            // What may be null is sometimes so.
            (JsonValueKind.Null, _) or (_, JsonValueKind.Null) => [],
            (JsonValueKind.Object, JsonValueKind.Object) => recorded.EnumerateObject().SelectMany(field =>
                answered.TryGetProperty(field.Name, out var there)
                    ? Broken(field.Value, there, $"{path}.{field.Name}")
                    : [$"{path}.{field.Name} is gone"]),
            // All elements of a list are alike.
            (JsonValueKind.Array, JsonValueKind.Array) => recorded.GetArrayLength() == 0
                ? []
                : answered.EnumerateArray().SelectMany(element => Broken(recorded[0], element, $"{path}[]")),
            var (before, now) => TypeOf(before) == TypeOf(now) ? [] : [$"{path} was {TypeOf(before)} and is {TypeOf(now)}"],
        };

    private static string TypeOf(JsonValueKind kind) =>
        kind is JsonValueKind.True or JsonValueKind.False ? "a boolean" : $"a {kind.ToString().ToLowerInvariant()}";
}
