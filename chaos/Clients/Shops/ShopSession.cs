namespace StellarPay.Chaos.Clients.Shops;

/// <summary>A payment session that a merchant has made.</summary>
/// <param name="Shop">The merchant.</param>
/// <param name="Id">Its id, which is the memo.</param>
/// <param name="Stroops">How much USDC it asks for.</param>
internal sealed record ShopSession(ChaosShop Shop, string Id, long Stroops)
{
    public const string Path = "/v1/payment_sessions";

    private const int Looks = 30;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until its merchant is shown it so; null if that never comes.</summary>
    public async Task<Answer?> UntilAsync(Func<Answer, bool> condition, CancellationToken stop)
    {
        for (var i = 0; i < Looks; i++)
        {
            if (await Shop.GetAsync($"{Path}/{Id}", stop) is { IsSuccess: true } shown && condition(shown))
            {
                return shown;
            }

            await Task.Delay(LookEvery, stop);
        }

        return null;
    }

    public Task<Answer?> UntilPaidAsync(CancellationToken stop) => UntilAsync(shown => shown.Text("status") == "paid", stop);

    /// <summary>Waits for a payment with a verdict, and tells its operation; null if none comes.</summary>
    public async Task<string?> UntilPaymentAsync(string verdict, CancellationToken stop)
    {
        string? operation = null;
        await UntilAsync(
            shown =>
            {
                operation = shown.Body.GetProperty("payments").EnumerateArray()
                    .Where(payment => payment.GetProperty("verdict").ValueEquals(verdict))
                    .Select(payment => payment.GetProperty("operation_id").GetString()).FirstOrDefault();
                return operation is not null;
            },
            stop);
        return operation;
    }

    /// <summary>Asks for an address of its own, again and again, until it is there; null if it never is.</summary>
    public async Task<string?> UntilOwnAddressAsync(CancellationToken stop)
    {
        string? address = null;
        for (var i = 0; i < Looks && address is null; i++)
        {
            if (await Shop.PostAsync($"{Path}/{Id}/address", null, null, stop) is { IsSuccess: true } shown
                && shown.Body.GetProperty("dedicated_address") is { ValueKind: System.Text.Json.JsonValueKind.Object } own)
            {
                address = own.GetProperty("address").GetString();
            }

            await Task.Delay(LookEvery, stop);
        }

        return address;
    }

    /// <summary>Ends it unpaid, if it still can be.</summary>
    public Task<Answer?> CancelAsync(CancellationToken stop) => Shop.PostAsync($"{Path}/{Id}/cancel", null, null, stop);

    /// <summary>Asks for money to be given back.</summary>
    public Task<Answer?> RefundAsync(string key, CancellationToken stop, int? cents = null, string? payment = null) =>
        Shop.PostAsync("/v1/refunds", new { payment_session = Id, amount = cents, payment }, key, stop);
}
