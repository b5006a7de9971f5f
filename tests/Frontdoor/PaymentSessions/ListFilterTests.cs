using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Invoices;
using StellarPay.Frontdoor.Tests.PaymentLinks;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

/// <summary>Lists of what a shop made in a time, and of what a link or an invoice made, page by page.</summary>
[Collection<SessionHostCollection>]
public sealed class ListFilterTests(SessionHost host)
{
    public static TheoryData<string> Lists => ["payment_sessions", "payment_links", "invoices"];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task What_was_made_in_a_time_is_listed_by_pages_in_both_directions(string list)
    {
        var shop = await PaidShop.OpenAsync(host);
        var made = new List<(string Id, long At)>();
        for (var n = 0; n < 6; n++)
        {
            made.Insert(0, await MakeAsync(shop, list));
            host.Clock.Advance(TimeSpan.FromSeconds(n == 2 ? 1 : 3));
        }

        // Of six the four in the middle; the two that are a second apart are told apart, too.
        var (first, last) = (made[4].At, made[1].At);
        string[] middle = [.. made[1..5].Select(each => each.Id)];
        foreach (var query in new[]
        {
            $"created[gte]={first}&created[lte]={last}", $"created[gt]={first - 1}&created[lt]={last + 1}", $"created[gt]={made[5].At}&created[lt]={made[0].At}",
        })
        {
            (await ListAsync(shop, list, query)).ShouldBe((string.Join(' ', middle), false), query);
            (await ListAsync(shop, list, $"{query}&limit=3")).ShouldBe((string.Join(' ', middle[..3]), true));
            (await ListAsync(shop, list, $"{query}&limit=3&starting_after={middle[2]}")).ShouldBe((middle[3], false));
            (await ListAsync(shop, list, $"{query}&limit=2&ending_before={middle[3]}")).ShouldBe((string.Join(' ', middle[1..3]), true));
            (await ListAsync(shop, list, $"{query}&limit=2&ending_before={middle[1]}")).ShouldBe((middle[0], false));
            // A page may begin at what is not of that time.
            (await ListAsync(shop, list, $"{query}&limit=2&starting_after={made[0].Id}")).ShouldBe((string.Join(' ', middle[..2]), true));
        }

        (await ListAsync(shop, list, $"created={made[2].At}")).ShouldBe((made[2].Id, false));
        (await ListAsync(shop, list, $"created[gt]={made[3].At}")).ShouldBe((string.Join(' ', made[..3].Select(each => each.Id)), false));
        (await ListAsync(shop, list, $"created[lt]={made[3].At}")).ShouldBe((string.Join(' ', made[4..].Select(each => each.Id)), false));
        (await ListAsync(shop, list, $"created[gt]={last}&created[lt]={first}")).ShouldBe(("", false));
        (await ListAsync(await PaidShop.OpenAsync(host), list, $"created[gte]={first}")).ShouldBe(("", false));
        foreach (var query in new[] { "created=-1", "created[gte]=-1", "created[lt]=253402300800" })
        {
            (await shop.Server.GetAsync($"/v1/{list}?{query}")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", "created");
        }

        ((int)(await shop.Server.GetAsync($"/v1/{list}?created[gte]=yesterday")).Status).ShouldBe(400);
    }

    [Fact]
    public async Task A_time_and_a_status_are_asked_for_together()
    {
        var shop = await PaidShop.OpenAsync(host);
        var made = new List<(string Id, long At)>();
        for (var n = 0; n < 4; n++)
        {
            made.Add(await MakeAsync(shop, "payment_sessions"));
            host.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        foreach (var (id, _) in made[..3])
        {
            (await shop.Server.PostAsync($"/v1/payment_sessions/{id}/cancel")).ShouldBeOk();
        }

        (await ListAsync(shop, "payment_sessions", $"status=canceled&created[gt]={made[0].At}")).ShouldBe(($"{made[2].Id} {made[1].Id}", false));
        (await ListAsync(shop, "payment_sessions", $"status=created&created[gt]={made[0].At}")).ShouldBe((made[3].Id, false));
    }

    [Fact]
    public async Task What_a_link_or_an_invoice_made_is_listed_and_what_a_shop_says_of_a_session_is_no_such_thing()
    {
        var shop = await PaidShop.OpenAsync(host);
        var (link, other) = (await LinkAsync(shop), await LinkAsync(shop));
        var invoice = await OpenInvoice.NewAsync(shop);
        var billed = (await invoice.SessionAsync()).GetProperty("id").GetString()!;
        await shop.NewSessionAsync(new { amount = 1000, currency = "USD", metadata = new { payment_link = link.Id, invoice = invoice.Id } });
        var sold = new List<string>();
        for (var n = 0; n < 3; n++)
        {
            sold.Insert(0, await SellAsync(link));
        }

        var one = await SellAsync(other);

        (await ListAsync(shop, "payment_sessions", $"payment_link={link.Id}")).ShouldBe((string.Join(' ', sold), false));
        (await ListAsync(shop, "payment_sessions", $"payment_link={link.Id}&limit=2")).ShouldBe((string.Join(' ', sold[..2]), true));
        (await ListAsync(shop, "payment_sessions", $"payment_link={link.Id}&limit=2&starting_after={sold[1]}")).ShouldBe((sold[2], false));
        (await ListAsync(shop, "payment_sessions", $"payment_link={link.Id}&limit=1&ending_before={sold[2]}")).ShouldBe((sold[1], true));
        (await ListAsync(shop, "payment_sessions", $"payment_link={other.Id}&status=created")).ShouldBe((one, false));
        (await ListAsync(shop, "payment_sessions", $"payment_link={other.Id}&status=paid")).ShouldBe(("", false));
        (await ListAsync(shop, "payment_sessions", $"payment_link={other.Id}&created[lt]=1")).ShouldBe(("", false));
        (await ListAsync(shop, "payment_sessions", $"invoice={invoice.Id}")).ShouldBe((billed, false));
        (await ListAsync(await PaidShop.OpenAsync(host), "payment_sessions", $"payment_link={link.Id}")).ShouldBe(("", false));
        foreach (var (query, param) in new[]
        {
            ("payment_link=x", "payment_link"), ("invoice=x", "invoice"), ($"payment_link={link.Id}&invoice={invoice.Id}", "invoice"),
        })
        {
            (await shop.Server.GetAsync($"/v1/payment_sessions?{query}")).ShouldBeError(HttpStatusCode.BadRequest, "parameter_invalid", param);
        }
    }

    private static Task<OpenLink> LinkAsync(PaidShop shop) => OpenLink.NewAsync(shop, new { amount_decimal = "3", currency = "USDC" });

    private async Task<string> SellAsync(OpenLink link)
    {
        await host.CatchUpWithLedgersAsync();
        var (status, location, text) = await link.PayAsync();
        status.ShouldBe(HttpStatusCode.SeeOther, text);
        return location!.AbsolutePath["/checkout/".Length..];
    }

    private async Task<(string Id, long At)> MakeAsync(PaidShop shop, string list)
    {
        // The clock stands still but for what a session's making has it catch up.
        var id = list switch
        {
            "payment_sessions" => (await shop.NewSessionAsync()).GetProperty("id").GetString()!,
            "invoices" => (await OpenInvoice.DraftAsync(shop)).Id,
            _ => (await LinkAsync(shop)).Id,
        };
        return (id, host.Clock.GetUtcNow().ToUnixTimeSeconds());
    }

    private static async Task<(string Ids, bool More)> ListAsync(PaidShop shop, string list, string query)
    {
        var page = (await shop.Server.GetAsync($"/v1/{list}?{query}")).ShouldBeOk().Body;
        return (
            string.Join(' ', page.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString())),
            page.GetProperty("has_more").GetBoolean());
    }
}
