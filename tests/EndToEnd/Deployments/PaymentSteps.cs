using System.Text.Json;
using StellarPay.Demo;

namespace StellarPay.EndToEnd.Tests.Deployments;

/// <summary>The steps of a payment, as the tests' people take them.</summary>
internal static class PaymentSteps
{
    private static readonly string[] Terminal = ["succeeded", "failed", "expired", "cancelled"];

    public static async Task<string> QuoteAsync(this Person payer, string recipient, string amount, string asset = "USDC") =>
        (await payer.Api.PostAsync("/v1/payments", new { recipient, asset, amount })).Required.GetProperty("id").GetString()!;

    public static Task<ApiAnswer> ConfirmAsync(this Person payer, string payment, string? idempotencyKey = null) =>
        payer.Api.PostAsync($"/v1/payments/{payment}/confirm", null, idempotencyKey ?? payment);

    public static async Task<JsonElement> UntilTerminalAsync(this Person payer, string payment) => await Eventually.GetAsync(
        async () => (await payer.Api.GetAsync($"/v1/payments/{payment}")).Required,
        view => Terminal.Contains(view.GetProperty("status").GetString()),
        "a terminal payment");

    /// <summary>The amounts that the ledger moved from one to the other, oldest first.</summary>
    public static async Task<string[]> PaymentsOnLedgerAsync(this Deployment deployment, Person payer, Person payee)
    {
        using var sandbox = new ApiClient(deployment.Sandbox);
        return (await sandbox.GetAsync($"/accounts/{payee.Address}/payments?limit=200&order=asc")).Required
            .GetProperty("_embedded").GetProperty("records").EnumerateArray()
            .Where(record => record.GetProperty("type").GetString() == "payment"
                && record.GetProperty("from").GetString() == payer.Address
                && record.GetProperty("transaction_successful").GetBoolean())
            .Select(record => record.GetProperty("amount").GetString()!)
            .ToArray();
    }
}
