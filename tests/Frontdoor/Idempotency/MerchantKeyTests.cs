using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Merchants;

namespace StellarPay.Frontdoor.Tests.Idempotency;

/// <summary>
/// What a merchant makes or changes under an idempotency key is made once, however often and by how many at once it is asked for. A client
/// that heard nothing of its first try made a second draft, a second link, a second key of its API.
/// </summary>
[Collection<ShopsCollection>]
public sealed class MerchantKeyTests(MerchantHost host)
{
    public static TheoryData<string> Lists => ["payment_links", "invoices", "test_helpers/test_clocks"];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task What_many_ask_for_at_once_under_one_key_is_made_once(string list)
    {
        var server = await ServerAsync();

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.PostAsync($"/v1/{list}", Form(list), "order-1")));
        var again = (await server.PostAsync($"/v1/{list}", Form(list), "order-1")).ShouldBeOk();

        made.Select(answer => IdOf(answer.ShouldBeOk())).Append(IdOf(again)).Distinct().Count().ShouldBe(1);
        (await CountAsync(server, list)).ShouldBe(1);
        again.Text.ShouldBe(made[0].Text);
        (await server.PostAsync($"/v1/{list}", Form(list), "order-2")).ShouldBeOk();
        (await CountAsync(server, list)).ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Another_request_under_a_key_that_was_used_is_refused_wherever_it_goes_and_anothers_key_is_another(string list)
    {
        var (server, other) = (await ServerAsync(), await ServerAsync());
        var first = (await server.PostAsync($"/v1/{list}", Form(list), "K")).ShouldBeOk();

        foreach (var (path, form) in new[]
        {
            (list, Form(list, another: true)), ("payment_links", Form("payment_links", another: true)), ("invoices", Form("invoices", another: true)),
            ("test_helpers/test_clocks", Form("test_helpers/test_clocks", another: true)),
        })
        {
            var refused = (await server.PostAsync($"/v1/{path}", form, "K"))
                .ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_reused", "Idempotency-Key");
            refused.Body.GetProperty("error").GetProperty("type").GetString().ShouldBe("idempotency_error");
        }

        (await CountAsync(server, list)).ShouldBe(1);
        IdOf((await other.PostAsync($"/v1/{list}", Form(list), "K")).ShouldBeOk()).ShouldNotBe(IdOf(first));
        // The order in which it is written is no other request.
        var turned = Form(list).Reverse().ToDictionary();
        IdOf((await server.PostAsync($"/v1/{list}", turned, "K")).ShouldBeOk()).ShouldBe(IdOf(first));
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task What_was_refused_is_not_kept_and_a_key_is_bounded(string list)
    {
        var server = await ServerAsync();

        (await server.PostAsync($"/v1/{list}", new Dictionary<string, object> { ["amount"] = -1, ["frozen_time"] = -1 }, "L"))
            .Status.ShouldBe(HttpStatusCode.BadRequest);
        (await server.PostAsync($"/v1/{list}", Form(list), "L")).ShouldBeOk();

        foreach (var key in new[] { new string('k', 256), "a\tb", "" })
        {
            (await server.PostAsync($"/v1/{list}", Form(list), key))
                .ShouldBeError(HttpStatusCode.BadRequest, "idempotency_key_invalid", "Idempotency-Key");
        }

        (await CountAsync(server, list)).ShouldBe(1);
        (await server.PostAsync($"/v1/{list}", Form(list), new string('k', 255))).ShouldBeOk();
        (await server.PostAsync($"/v1/{list}", Form(list))).ShouldBeOk();
        (await server.PostAsync($"/v1/{list}", Form(list))).ShouldBeOk();
        (await CountAsync(server, list)).ShouldBe(4);
    }

    [Fact]
    public async Task A_key_holds_for_a_day()
    {
        var server = await ServerAsync();
        var first = IdOf((await server.PostAsync("/v1/invoices", Form("invoices"), "D")).ShouldBeOk());

        host.Clock.Advance(TimeSpan.FromHours(23));
        IdOf((await server.PostAsync("/v1/invoices", Form("invoices"), "D")).ShouldBeOk()).ShouldBe(first);
        host.Clock.Advance(TimeSpan.FromHours(1));

        IdOf((await server.PostAsync("/v1/invoices", Form("invoices"), "D")).ShouldBeOk()).ShouldNotBe(first);
    }

    [Fact]
    public async Task An_invoice_is_changed_finalized_and_closed_once_under_a_key()
    {
        var server = await ServerAsync();
        var id = IdOf((await server.PostAsync("/v1/invoices", Form("invoices"))).ShouldBeOk());

        (await server.PostAsync($"/v1/invoices/{id}", new { footer = "Thanks" }, "change")).ShouldBeOk();
        (await server.PostAsync($"/v1/invoices/{id}", new { footer = "Bye" })).ShouldBeOk();
        // A repeat that comes late takes nothing back.
        (await server.PostAsync($"/v1/invoices/{id}", new { footer = "Thanks" }, "change")).ShouldBeOk().Body.GetProperty("footer").GetString()
            .ShouldBe("Bye");
        var open = (await server.PostAsync($"/v1/invoices/{id}/finalize", idempotencyKey: "open")).ShouldBeOk().Body;
        (await server.PostAsync($"/v1/invoices/{id}/finalize", idempotencyKey: "open")).ShouldBeOk().Text.ShouldBe(open.GetRawText());
        (await server.PostAsync($"/v1/invoices/{id}/void", idempotencyKey: "open"))
            .ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_reused", "Idempotency-Key");
        (await server.PostAsync($"/v1/invoices/{id}/void", idempotencyKey: "end")).ShouldBeOk();
        (await server.PostAsync($"/v1/invoices/{id}/finalize", idempotencyKey: "open")).ShouldBeOk().Body.GetProperty("status").GetString()
            .ShouldBe("void");
        (await server.PostAsync($"/v1/invoices/{id}/mark_uncollectible", idempotencyKey: "new"))
            .ShouldBeError(HttpStatusCode.Conflict, "invoice_not_open");
    }

    [Fact]
    public async Task An_invoice_is_mailed_once_under_a_key()
    {
        var server = await ServerAsync();
        var email = FrontdoorHost.NewEmail();
        var id = IdOf((await server.PostAsync(
            "/v1/invoices", new { amount_decimal = "3", currency = "USDC", days_until_due = 14, customer_email = email })).ShouldBeOk());
        (await server.PostAsync($"/v1/invoices/{id}/finalize")).ShouldBeOk();

        var sent = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.PostAsync($"/v1/invoices/{id}/send", idempotencyKey: "mail")));

        sent.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        (await ScalarAsync<int>("SELECT sends FROM invoices WHERE id = $1", id)).ShouldBe(1);
        (await server.PostAsync($"/v1/invoices/{id}/send", idempotencyKey: "mail again")).ShouldBeOk();
        (await ScalarAsync<int>("SELECT sends FROM invoices WHERE id = $1", id)).ShouldBe(2);
    }

    [Fact]
    public async Task A_link_is_switched_once_under_a_key()
    {
        var server = await ServerAsync();
        var id = IdOf((await server.PostAsync("/v1/payment_links", Form("payment_links"))).ShouldBeOk());

        (await server.PostAsync($"/v1/payment_links/{id}", new { active = false }, "off")).ShouldBeOk();
        (await server.PostAsync($"/v1/payment_links/{id}", new { active = true }, "on")).ShouldBeOk();

        // It is as it is since, and is not switched again.
        (await server.PostAsync($"/v1/payment_links/{id}", new { active = false }, "off")).ShouldBeOk().Body.GetProperty("active").GetBoolean()
            .ShouldBeTrue();
        (await server.PostAsync($"/v1/payment_links/{id}", new { active = false }, "on"))
            .ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_reused", "Idempotency-Key");
    }

    // What was so already was answered as done, and the key with it: a repeat that comes late switched it off.
    [Fact]
    public async Task What_was_so_already_is_not_done_by_a_repeat_that_comes_when_it_is_so_no_more()
    {
        var server = await ServerAsync();
        var link = IdOf((await server.PostAsync("/v1/payment_links", Form("payment_links"))).ShouldBeOk());
        (await server.PostAsync($"/v1/payment_links/{link}", new { active = false })).ShouldBeOk();

        (await server.PostAsync($"/v1/payment_links/{link}", new { active = false }, "off")).ShouldBeOk();
        (await server.PostAsync($"/v1/payment_links/{link}", new { active = true })).ShouldBeOk();
        (await server.PostAsync($"/v1/payment_links/{link}", new { active = false }, "off")).ShouldBeOk().Body.GetProperty("active").GetBoolean()
            .ShouldBeTrue();

        var invoice = IdOf((await server.PostAsync("/v1/invoices", Form("invoices"))).ShouldBeOk());
        (await server.PostAsync($"/v1/invoices/{invoice}/finalize")).ShouldBeOk();
        (await server.PostAsync($"/v1/invoices/{invoice}/finalize", idempotencyKey: "open")).ShouldBeOk();
        (await server.PostAsync($"/v1/invoices/{invoice}/void", idempotencyKey: "open"))
            .ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_reused", "Idempotency-Key");
    }

    [Fact]
    public async Task A_clock_is_advanced_once_under_a_key()
    {
        var server = await ServerAsync();
        const string list = "/v1/test_helpers/test_clocks";
        var id = IdOf((await server.PostAsync(list, Form("test_helpers/test_clocks"))).ShouldBeOk());

        (await server.PostAsync($"{list}/{id}/advance", new { frozen_time = 1_930_000_100 }, "on")).ShouldBeOk();

        // While it goes on, too, which is refused to others.
        (await server.PostAsync($"{list}/{id}/advance", new { frozen_time = 1_930_000_100 }, "on")).ShouldBeOk();
        (await server.PostAsync($"{list}/{id}/advance", new { frozen_time = 1_930_000_200 }, "on"))
            .ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_reused", "Idempotency-Key");
    }

    private async Task<Api> ServerAsync() => host.With((await (await Shop.OpenAsync(host)).SecretAsync()).Key);

    private static Dictionary<string, object> Form(string list, bool another = false) => list switch
    {
        "test_helpers/test_clocks" => new() { ["frozen_time"] = another ? 1_940_000_000 : 1_930_000_000, ["name"] = "A month" },
        "invoices" => new() { ["amount_decimal"] = another ? "4" : "3", ["currency"] = "USDC", ["days_until_due"] = 14 },
        _ => new()
        {
            ["amount_decimal"] = another ? "4" : "3", ["currency"] = "USDC",
            ["metadata"] = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" },
        },
    };

    private static string IdOf(Answer made) => made.Body.GetProperty("id").GetString()!;

    private static async Task<int> CountAsync(Api server, string list) =>
        (await server.GetAsync($"/v1/{list}")).ShouldBeOk().Body.GetProperty("data").GetArrayLength();

    private async Task<T> ScalarAsync<T>(string sql, params object[] values)
    {
        await using var command = host.Database.DataSource.CreateCommand(sql);
        Array.ForEach(values, value => command.Parameters.AddWithValue(value));
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
