using System.Globalization;
using System.Text.Json;
using StellarPay.Chaos.Clients.Shops;

namespace StellarPay.Chaos.Audit.Evidence;

/// <summary>Reads what merchants are shown, each with its own key.</summary>
internal static class MerchantReader
{
    public static async Task<IReadOnlyList<MerchantEvidence>> ReadAsync(
        IReadOnlyList<ChaosShop> shops, CancellationToken cancellationToken) =>
        await Task.WhenAll(shops.Select(shop => ReadAsync(shop, cancellationToken)));

    private static async Task<MerchantEvidence> ReadAsync(ChaosShop shop, CancellationToken cancellationToken)
    {
        var account = (await shop.GetAsync("/v1/merchant/account", cancellationToken))!.Body;
        return new MerchantEvidence(
            shop.Id,
            shop.Address,
            shop.Endpoint,
            account.GetProperty("balances").EnumerateArray().ToDictionary(balance => Text(balance, "asset")!, Parts, StringComparer.Ordinal),
            await ListAsync(shop, ShopSession.Path, Session, cancellationToken),
            await ListAsync(shop, "/v1/refunds", Refund, cancellationToken),
            await ListAsync(shop, "/v1/unmatched_receipts", Receipt, cancellationToken),
            shop.Receiver.Calls);
    }

    private static async Task<List<T>> ListAsync<T>(
        ChaosShop shop, string path, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        var after = "";
        while (true)
        {
            var page = (await shop.GetAsync($"{path}?limit=100{after}", cancellationToken))!.Body;
            var data = page.GetProperty("data").EnumerateArray().ToList();
            all.AddRange(data.Select(read));
            if (!page.GetProperty("has_more").GetBoolean())
            {
                return all;
            }

            after = "&starting_after=" + Text(data[^1], "id");
        }
    }

    private static ShownSession Session(JsonElement session) => new(
        Text(session, "id")!,
        Text(session, "status")!,
        session.GetProperty("assets").EnumerateArray()
            .ToDictionary(asset => Text(asset, "asset")!, asset => Stroops(asset, "amount"), StringComparer.Ordinal),
        [.. session.GetProperty("payments").EnumerateArray().Select(Payment)],
        DateTimeOffset.Parse(Text(session, "expires_at")!, CultureInfo.InvariantCulture),
        Text(session, "test_clock"),
        Text(session, "accepted_as"),
        Text(session, "recovered_from"))
    {
        IsProcessing = session.GetProperty("processing").GetBoolean(),
    };

    private static ShownSessionPayment Payment(JsonElement payment) => new(
        Text(payment, "operation_id")!, Text(payment, "tx_hash")!, Text(payment, "from"),
        new Money(Text(payment, "asset")!, Stroops(payment, "amount")), Stroops(payment, "amount_counted"),
        Stroops(payment, "amount_refunded"), Text(payment, "verdict")!)
    {
        AtOwnAddress = payment.GetProperty("at_dedicated_address").GetBoolean(),
    };

    private static ShownRefund Refund(JsonElement refund)
    {
        var extra = refund.GetProperty("stellarpay");
        var asset = Text(extra, "asset")!;
        return new ShownRefund(
            Text(refund, "id")!, Text(extra, "payment_session")!, Text(refund, "status")!, Text(refund, "pending_reason"),
            [
                .. extra.GetProperty("legs").EnumerateArray().Select(leg => new ShownLeg(
                    Text(leg, "payment")!, Text(leg, "to")!, new Money(asset, Stroops(leg, "amount")), Text(leg, "status")!,
                    Text(leg, "tx_hash"))),
            ]);
    }

    private static ShownReceipt Receipt(JsonElement receipt) => new(
        Text(receipt, "id")!, Text(receipt, "status")!, Text(receipt, "operation_id"), Text(receipt, "tx_hash"), Text(receipt, "from"),
        new Money(Text(receipt, "asset")!, Stroops(receipt, "amount")), Text(receipt, "payment_session"),
        receipt.GetProperty("refund") is { ValueKind: JsonValueKind.Object } refund ? Text(refund, "tx_hash") : null);

    private static ShownParts Parts(JsonElement balance) => new(
        Stroops(balance, "on_ledger"), Stroops(balance, "available"), Stroops(balance, "pending"), Stroops(balance, "held"),
        Stroops(balance, "fees"), Stroops(balance, "unallocated"), Stroops(balance, "refunds"));

    private static long Stroops(JsonElement json, string name) => Money.Parse(Text(json, name)!);

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
