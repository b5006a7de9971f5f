using System.Text.Json;

namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>A payment in its wallet's stored state, which keeps the recent ones.</summary>
internal sealed record StoredPayment(
    string Id, string Status, string? TransactionHash, long? Ledger, string? FailureCode, long? SequenceNumber, DateTimeOffset? MaxTime)
{
    public static StoredPayment? Find(DatabaseEvidence database, PaymentStory payment) =>
        database.Wallets.TryGetValue(payment.WalletId, out var wallet)
            ? All(wallet).FirstOrDefault(stored => stored.Id == payment.Id)
            : null;

    public static IEnumerable<StoredPayment> All(WalletRow wallet) =>
        wallet.Payload.TryGetProperty("payments", out var payments) && payments.ValueKind == JsonValueKind.Array
            ? payments.EnumerateArray().Select(Read)
            : [];

    private static StoredPayment Read(JsonElement json) => new(
        json.GetProperty("id").GetString()!,
        StatusOf(json.GetProperty("status")),
        Text(json, "transactionHash"),
        Number(json, "ledger"),
        Text(json, "failureCode"),
        Number(json, "sequenceNumber"),
        Text(json, "maxTime") is { } time ? DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture) : null);

    // A contract of the stored state: the names of the statuses.
    // What is stored as signed is told as processing.
    private static string StatusOf(JsonElement status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.GetString() ?? "") switch
    {
        "signed" => "processing",
        var told => told,
    };

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;
}
