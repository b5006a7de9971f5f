using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Checkout;
using StellarPay.Frontdoor.Checkout.Streams;
using StellarPay.Frontdoor.Live;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.PaymentSessions;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Tests.Checkout;

/// <summary>Pages are told live what happens to their session, and no more of them than may be.</summary>
[Collection<SessionHostCollection>]
public sealed class CheckoutStreamTests(SessionHost host)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_is_told_how_its_session_stands_and_of_each_change_until_it_is_over()
    {
        var shop = await PaidShop.OpenAsync(host);
        var (checkout, other) = (await OpenCheckout.NewAsync(shop, new { amount_decimal = "2", currency = "USDC" }), await OpenCheckout.NewAsync(shop));
        using var http = new HttpClient { BaseAddress = host.Address };
        using var answer = await OpenAsync(http, checkout);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var stream = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancelled));
        (await NextAsync(stream)).GetProperty("state").GetString().ShouldBe("waiting");

        // Another session's change is none of its.
        (await shop.Server.PostAsync($"/v1/payment_sessions/{other.Id}/cancel")).ShouldBeOk();
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "20");
        var request = await checkout.ScanAsync("USDC");
        await payer.PayAsync(request, "0.5");
        var told = await NextAsync(stream);
        (told.GetProperty("state").GetString(), told.GetProperty("id").GetString(), told.GetProperty("received").GetString())
            .ShouldBe(("underpaid", checkout.Id, "0.5000000"));

        await payer.PayAsync(request, "1.5");
        (await NextAsync(stream)).GetProperty("state").GetString().ShouldBe("paid");
        (await stream.ReadToEndAsync(Cancelled)).ShouldNotContain("data:");
        using var again = await OpenAsync(http, checkout);
        again.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Without_the_secret_there_is_no_stream_and_with_it_twenty()
    {
        var checkout = await OpenCheckout.NewAsync(await PaidShop.OpenAsync(host));
        using var http = new HttpClient { BaseAddress = host.Address };
        (await checkout.AskAsync($"/v1/checkout/{checkout.Id}/events")).ShouldBeError(HttpStatusCode.NotFound, "payment_session_not_found");

        var open = new List<HttpResponseMessage>();
        for (var n = 0; n < 20; n++)
        {
            open.Add(await OpenAsync(http, checkout));
        }

        open.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        (await checkout.AskAsync($"/v1/checkout/{checkout.Id}/events?key={checkout.Key}"))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "rate_limited");
        open[0].Dispose();
        await Eventually.UntilAsync(
            async () =>
            {
                using var freed = await OpenAsync(http, checkout);
                return freed.StatusCode == HttpStatusCode.OK;
            },
            "who goes makes room");
        open.ForEach(answer => answer.Dispose());
    }

    [Fact]
    public async Task One_address_has_fifty_of_all_sessions_and_another_one_has_as_many()
    {
        var streams = new CheckoutStreams(Options.Create(new CheckoutOptions()), host.Services.GetRequiredService<EventTail>());
        var (one, other) = (ClientAddress.Of(IPAddress.Parse("203.0.113.7")), ClientAddress.Of(IPAddress.Parse("203.0.113.8")));
        var open = new List<CheckoutListener?>();
        for (var n = 0; n < 50; n++)
        {
            open.Add(await streams.OpenAsync(PaymentSessionId.New(TimeProvider.System), one, Cancelled));
        }

        open.ShouldAllBe(listener => listener != null);
        var session = PaymentSessionId.New(TimeProvider.System);
        (await streams.OpenAsync(session, one, Cancelled)).ShouldBeNull();
        using var others = (await streams.OpenAsync(session, other, Cancelled)).ShouldNotBeNull();
        open[0]!.Dispose();
        using var freed = (await streams.OpenAsync(session, one, Cancelled)).ShouldNotBeNull("who goes makes room");
        (await streams.OpenAsync(session, one, Cancelled)).ShouldBeNull();
        open.ForEach(listener => listener!.Dispose());
    }

    private static Task<HttpResponseMessage> OpenAsync(HttpClient http, OpenCheckout checkout) => http.GetAsync(
        $"/v1/checkout/{checkout.Id}/events?key={checkout.Key}", HttpCompletionOption.ResponseHeadersRead, Cancelled);

    private static async Task<JsonElement> NextAsync(StreamReader stream)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            var line = await stream.ReadLineAsync(deadline.Token) ?? throw new InvalidOperationException("The stream has ended.");
            if (line.StartsWith("data: {", StringComparison.Ordinal))
            {
                return JsonDocument.Parse(line["data: ".Length..]).RootElement;
            }
        }
    }
}
