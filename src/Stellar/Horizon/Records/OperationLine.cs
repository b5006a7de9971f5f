using System.Text.Json;

namespace StellarPay.Stellar.Horizon;

/// <summary>
/// An operation of a page, read by itself: one that cannot be understood does not make the page unreadable.
/// </summary>
/// <param name="PagingToken">Where in the list of operations it is.</param>
/// <param name="Json">All that Horizon said of it.</param>
/// <param name="Record">The operation; null where it cannot be understood.</param>
/// <param name="Problem">What is wrong with it; null where nothing is.</param>
public sealed record OperationLine(string PagingToken, JsonElement Json, OperationRecord? Record, string? Problem)
    : IHorizonRecord
{
    /// <summary>Reads one operation as Horizon writes it.</summary>
    /// <param name="json">The operation's JSON object.</param>
    /// <exception cref="JsonException">It has no readable place in the list of operations, so it cannot be passed over.</exception>
    public static OperationLine Read(JsonElement json) => Horizon.Json.OperationLinesJson.Read(json);
}
