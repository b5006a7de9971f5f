using System.Text.Json;

namespace StellarPay.Frontdoor.Wallets;

/// <summary>A status as JSON has it: in snake_case.</summary>
internal static class StatusText
{
    public static string Of<T>(T status)
        where T : struct, Enum =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());
}
