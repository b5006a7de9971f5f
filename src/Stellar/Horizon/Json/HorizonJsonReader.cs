using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace StellarPay.Stellar.Horizon.Json;

/// <summary>Turns answers into records and errors.</summary>
internal static class HorizonJsonReader
{
    private const int MaxDetailLength = 1000;
    private const int MaxOperationCodes = 100;

    /// <exception cref="HorizonException">The answer is not what it should be.</exception>
    internal static TRecord Read<TJson, TRecord>(ReadOnlySpan<byte> body, JsonTypeInfo<TJson> type)
        where TJson : IHorizonJson<TRecord>
    {
        try
        {
            var json = JsonSerializer.Deserialize(body, type)
                ?? throw new JsonException("Horizon's answer is null.");
            return json.ToRecord();
        }
        catch (Exception exception) when (exception is JsonException or Xdr.XdrException)
        {
            throw new HorizonException(
                "Horizon's answer could not be understood: " + exception.Message, isTransient: false, exception);
        }
    }

    /// <summary>Reads a problem; of a body that is none (a proxy's page), only the status is left.</summary>
    internal static HorizonError ReadError(int status, ReadOnlySpan<byte> body)
    {
        ProblemJson? problem = null;
        try
        {
            problem = JsonSerializer.Deserialize(body, HorizonJson.Default.ProblemJson);
        }
        catch (JsonException)
        {
            // Not Horizon's own words.
        }
        var extras = problem?.Extras;
        var codes = extras?.ResultCodes;
        return new HorizonError
        {
            Status = status,
            Type = Kind(problem?.Type),
            Title = Shorten(problem?.Title),
            Detail = Shorten(problem?.Detail),
            TransactionCode = codes?.Transaction,
            InnerTransactionCode = codes?.InnerTransaction,
            OperationCodes = [.. (codes?.Operations ?? []).Take(MaxOperationCodes)],
            ResultXdr = extras?.ResultXdr,
            Hash = extras?.Hash,
            InvalidField = extras?.InvalidField,
        };
    }

    // https://stellar.org/horizon-errors/transaction_failed → transaction_failed
    private static string Kind(string? type) =>
        type is null ? "" : Shorten(type[(type.LastIndexOf('/') + 1)..]);

    private static string Shorten(string? text) =>
        text is null ? "" : text.Length <= MaxDetailLength ? text : text[..MaxDetailLength];
}
