using System.Text.Json;

namespace StellarPay.Frontdoor.PaymentLinks;

/// <summary>How what is said of links is written.</summary>
internal static class LinkNames
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>Who says how much; null where it is nobody that there is.</summary>
    public static LinkAmount? TryReadAmount(string? name) => name switch
    {
        null or "fixed" => LinkAmount.Fixed,
        "chosen" => LinkAmount.Chosen,
        "suggested" => LinkAmount.Suggested,
        _ => null,
    };
}
