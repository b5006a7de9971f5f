using System.Text.Json;

namespace StellarPay.Frontdoor.Network;

/// <summary>A status as JSON says it.</summary>
internal static class StatusWord
{
    public static string Of<T>(T status)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());
}
