using System.Text.Json;

namespace StellarPay.Grains.Telemetry;

/// <summary>The values of an enum as attributes have them, made once.</summary>
internal static class SnakeCase<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Names =
        Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    public static string Of(T value) => Names[value];
}
