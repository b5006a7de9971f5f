using System.Text.Json;

namespace StellarPay.Chaos.Clients;

/// <summary>An answer of the front door.</summary>
internal sealed record Answer(int Status, JsonElement Body)
{
    private const int TooManyRequests = 429;
    private const int ServerErrors = 500;

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Whether the same request may be answered otherwise in a moment.</summary>
    public bool AsksToComeBack => Status >= ServerErrors || (Status == TooManyRequests && Error != "too_many_requests");

    public string? Error => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("error", out var error)
        ? error.GetProperty("code").GetString()
        : null;

    public PaymentAnswer? Payment
    {
        get
        {
            if (!IsSuccess || Text("object") != "payment")
            {
                return null;
            }

            return new PaymentAnswer(
                Text("id")!, Text("status")!, Text("asset")!, Text("amount")!, Text("destination") ?? "",
                Text("transaction_hash"),
                Body.TryGetProperty("ledger", out var ledger) && ledger.ValueKind == JsonValueKind.Number ? ledger.GetInt64() : null);
        }
    }

    /// <summary>The payment session or the refund, or null.</summary>
    public ToldObject? Told => IsSuccess && Text("object") is "payment_session" or "refund"
        ? new ToldObject(Text("id")!, Text("status")!)
        : null;

    /// <summary>A member of the body that is a text, or null.</summary>
    public string? Text(string name) =>
        Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
