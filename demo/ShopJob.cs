using System.Text.Json;
using static StellarPay.Demo.Narration;

namespace StellarPay.Demo;

/// <summary>A shop is paid: its owner registers it, its server asks for a price, and the payer's wallet pays it by the memo.</summary>
internal sealed class ShopJob(Uri frontDoor)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync(Person payer, Person owner)
    {
        Step("The payee opens a shop, and the payer buys something for 20 dollars");
        var merchant = (await owner.Api.PostAsync("/v1/merchants", new
        {
            business_name = "Ada's Books", email = owner.Email, country = "GB", statement_descriptor = "ADAS BOOKS",
        })).Required.GetProperty("id").GetString()!;
        using var server = new ApiClient(frontDoor);
        server.AccessToken = (await owner.Api.PostAsync(
            $"/v1/merchants/{merchant}/api_keys", new { kind = "secret", name = "Demo", password = owner.Password }))
            .Required.GetProperty("key").GetString();
        var account = await UntilAsync(server, "/v1/merchant/account", "active");
        Say($"{merchant} has the address {account.GetProperty("address").GetString()}");

        var session = (await server.PostAsync(
            "/v1/payment_sessions", new { amount = 2000, currency = "USD", description = "A book" }, Guid.NewGuid().ToString("N"))).Required;
        var (id, to) = (session.GetProperty("id").GetString()!, session.GetProperty("pay_to"));
        var due = session.GetProperty("amount_asset").GetString();
        Say($"session {id}: {due} {session.GetProperty("asset").GetString()}, by the memo or to {to.GetProperty("muxed_address").GetString()}");
        await using var window = await CheckoutWindow.OpenAsync(session.GetProperty("checkout_url").GetString()!);
        await SeeAsync(window, "waiting");
        (await payer.Api.PostAsync("/v1/payments", new
        {
            recipient = to.GetProperty("address").GetString(), asset = "USDC", amount = due, memo = to.GetProperty("memo").GetString(),
            confirm = true,
        }, Guid.NewGuid().ToString("N"))).Required.GetRawText();

        var paid = await UntilAsync(server, $"/v1/payment_sessions/{id}", "paid");
        Say($"paid by transaction {paid.GetProperty("tx_hash").GetString()}");
        await SeeAsync(window, "paid");
        var balance = await UntilBookedAsync(server);
        Must(balance.GetProperty("available").GetString() == "19.8000000", $"19.8000000 are the shop's, not {balance}");
        Say("the shop has 19.8000000 USDC, and the platform 0.2000000 as its fee");
        await payer.WaitForUsdcAsync("67.5000000");
        var told = await UntilAsync(
            async () => (await server.GetAsync("/v1/events")).Required.GetProperty("data") is var data && data.GetArrayLength() >= (window is null ? 2 : 3) ? data : null,
            "the shop is told of each step");
        Say($"the shop's events: {string.Join(", ", told.EnumerateArray().Reverse().Select(each => each.GetProperty("type").GetString()))}");
    }

    private static async Task SeeAsync(CheckoutWindow? window, string state)
    {
        if (window is null)
        {
            return;
        }

        var (heading, picture) = await window.SeeAsync(state);
        Say($"the checkout's page says \"{heading}\": {picture}");
    }

    private static Task<JsonElement> UntilAsync(ApiClient server, string path, string status) => UntilAsync(
        async () => await server.GetAsync(path) is { IsSuccess: true } answer && answer.Body.GetProperty("status").GetString() == status
            ? answer.Body
            : null,
        $"{path} is {status}");

    private static Task<JsonElement> UntilBookedAsync(ApiClient server) => UntilAsync(
        async () => (await server.GetAsync("/v1/merchant/account")).Required.GetProperty("balances").EnumerateArray()
            .Where(balance => balance.GetProperty("asset").GetString() == "USDC" && balance.GetProperty("fees").GetString() != "0.0000000")
            .Select(balance => (JsonElement?)balance).SingleOrDefault(),
        "the sale is booked");

    private static async Task<JsonElement> UntilAsync(Func<Task<JsonElement?>> ask, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (await ask() is { } found)
            {
                return found;
            }

            Must(TimeProvider.System.GetElapsedTime(began) < Deadline, what);
            await Task.Delay(PollInterval);
        }
    }
}
