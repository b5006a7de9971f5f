using System.Text.Json;
using System.Text.Json.Serialization;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Keys.Subjects;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>What a merchant says of a sale: his, and perhaps about a person. Stored as JSON, encrypted: names are a contract.</summary>
internal sealed record SaleDetailsJson(
    string? CustomerEmail = null, string? Description = null, LineItemAnswer[]? LineItems = null,
    Dictionary<string, string>? Metadata = null)
{
    /// <summary>Whom an invoice is for; of sessions nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CustomerName { get; init; }

    /// <summary>What stands at an invoice's foot; of sessions nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Footer { get; init; }

    public static SaleDetailsJson Empty { get; } = new();

    public bool IsEmpty =>
        this is
        {
            CustomerEmail: null, Description: null, LineItems: null or { Length: 0 }, Metadata: null or { Count: 0 }, CustomerName: null,
            Footer: null,
        };
}

/// <summary>
/// Encrypts what a merchant says of a sale under his data key, for the grain stores it and events carry it; and opens it. Where the key is
/// destroyed, nothing was said.
/// </summary>
internal sealed class SaleDetailsSeal(ISubjectKeys keys)
{
    /// <summary>The most bytes of it, so that it fits into each of the session's events.</summary>
    public const int MostBytes = 8_192;

    private const string Table = "grain_rows";
    private const string Column = "payment_session.details";

    /// <summary>The bytes that are encrypted.</summary>
    public static byte[] Write(SaleDetailsJson details) => JsonSerializer.SerializeToUtf8Bytes(details, JsonSerializerOptions.Web);

    public async Task<string> SealAsync(MerchantId merchant, byte[] details, CancellationToken cancellationToken) =>
        Convert.ToBase64String(await keys.SealAsync(FieldOf(merchant), details, cancellationToken));

    /// <summary>What was said of some sales of one merchant, in their order.</summary>
    public async Task<SaleDetailsJson[]> OpenAsync(
        MerchantId merchant, IReadOnlyList<string?> details, CancellationToken cancellationToken)
    {
        SealedField[] given =
        [
            .. details.OfType<string>().Select(each => new SealedField(FieldOf(merchant), Convert.FromBase64String(each))),
        ];
        var opened = given.Length == 0 ? [] : await keys.OpenAsync(given, cancellationToken);
        var next = 0;
        return
        [
            .. details.Select(each => each is null || opened is null
                ? SaleDetailsJson.Empty
                : JsonSerializer.Deserialize<SaleDetailsJson>(opened[next++], JsonSerializerOptions.Web)!),
        ];
    }

    private static SubjectField FieldOf(MerchantId merchant) => new(merchant.Value, Table, Column, IsPersonal: true);
}
