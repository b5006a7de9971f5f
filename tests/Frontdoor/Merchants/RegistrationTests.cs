using System.Net;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Secrets;
using StellarPay.Grains.Merchants;
using StellarPay.Grains.Platform;
using StellarPay.Tests.Shared.Secrets;

namespace StellarPay.Frontdoor.Tests.Merchants;

/// <summary>
/// A business is registered, and is active once its address is proven; where payments are real, once it was approved of besides.
/// </summary>
[Collection<ShopsCollection>]
public sealed class RegistrationTests(MerchantHost host)
{
    [Fact]
    public async Task Whoever_gives_an_address_that_is_his_own_has_an_active_business_at_once()
    {
        var api = await host.SignUpAsync();

        var made = await api.PostAsync("/v1/merchants", Shop.Form(api.Email.ToUpperInvariant()));

        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        Text(made, "status").ShouldBe("active");
        Text(made, "mode").ShouldBe("test");
        Text(made, "role").ShouldBe("owner");
        made.Body.GetProperty("email_confirmed").GetBoolean().ShouldBeTrue();
        var shown = (await api.GetAsync($"/v1/merchants/{Text(made, "id")}")).ShouldBeOk();
        shown.Text.ShouldBe(made.Text);
        (await api.GetAsync("/v1/merchants")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
            .Single().GetProperty("id").GetString().ShouldBe(Text(made, "id"));
        (await EventsOfAsync(Text(made, "id"))).ShouldBe(["merchant.created", "merchant.activated"]);
    }

    [Fact]
    public async Task Another_address_is_proven_by_a_code_and_until_then_there_are_no_keys()
    {
        var api = await host.SignUpAsync();
        var email = FrontdoorHost.NewEmail();
        var made = (await api.PostAsync("/v1/merchants", Shop.Form(email))).ShouldBeOk();
        var path = $"/v1/merchants/{Text(made, "id")}";
        Text(made, "status").ShouldBe("pending");
        var key = new { kind = "secret", name = "Server", password = Api.Password };
        (await api.PostAsync($"{path}/api_keys", key)).ShouldBeError(HttpStatusCode.Conflict, "merchant_not_active");
        (await api.PostAsync($"{path}/email/confirm", new { code = "00000000" }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "code_invalid", "code");

        // His account is not open yet: what is set is told to it when it is.
        (await api.PatchAsync(path, new { late_payments = "refund" })).ShouldBeOk();

        var code = await host.Messages.NextCodeAsync(email);
        var confirmed = (await api.PostAsync($"{path}/email/confirm", new { code })).ShouldBeOk();

        Text(confirmed, "status").ShouldBe("active");
        Text(confirmed, "email").ShouldBe(email);
        host.Grains.Merchants.Of(Text(made, "id")).Excess.ShouldBe(new ExcessChoices(OverPayments.Keep, LatePayments.Refund));
        (await api.PatchAsync(path, new { over_payments = "hold" })).ShouldBeOk();
        host.Grains.Merchants.Of(Text(made, "id")).Excess.ShouldBe(new ExcessChoices(OverPayments.Hold, LatePayments.Refund));
        host.Grains.Merchants.Of(Text(made, "id")).Decisions.ShouldContain(2, "each change is a decision, so that none that comes late overrules it");
        (await api.PostAsync($"{path}/api_keys", key)).ShouldBeOk();
        (await api.PostAsync($"{path}/email/confirm", new { code })).ShouldBeError(HttpStatusCode.UnprocessableEntity, "code_invalid", "code");
        (await api.PostAsync($"{path}/email/code", new { })).ShouldBeError(HttpStatusCode.Conflict, "email_confirmed", "email");
        (await EventsOfAsync(Text(made, "id"))).ShouldContain("merchant.activated");
    }

    [Fact]
    public async Task An_address_is_exchanged_by_a_code_that_is_good_for_no_other_business()
    {
        var (shop, other) = (await Shop.OpenAsync(host), await Shop.OpenAsync(host));
        var email = FrontdoorHost.NewEmail();
        (await shop.Owner.PostAsync($"{shop.Path}/email/code", new { email })).ShouldBeOk();
        var code = await host.Messages.NextCodeAsync(email);

        (await other.Owner.PostAsync($"{other.Path}/email/confirm", new { code }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "code_invalid", "code");
        (await shop.Owner.PostAsync("/v1/me/email/change/confirm", new { code }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "code_invalid", "code");
        Text((await shop.Owner.PostAsync($"{shop.Path}/email/confirm", new { code })).ShouldBeOk(), "email").ShouldBe(email);
    }

    [Fact]
    public async Task What_is_said_of_a_business_is_changed_and_taken_away_and_nothing_else_is()
    {
        var shop = await Shop.OpenAsync(host);

        var changed = (await shop.Owner.PatchAsync(shop.Path, new { business_name = "Ada & Söhne", website = (string?)null })).ShouldBeOk();

        Text(changed, "business_name").ShouldBe("Ada & Söhne");
        changed.Body.GetProperty("website").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        Text(changed, "registration_number").ShouldBe("01234567");
        (await shop.Owner.PatchAsync(shop.Path, new { country = "FR" })).ShouldBeError(HttpStatusCode.BadRequest, "parameter_unknown", "country");
        (await shop.Owner.PatchAsync(shop.Path, new { business_name = (string?)null }))
            .ShouldBeError(HttpStatusCode.BadRequest, "business_name_invalid", "business_name");
    }

    [Theory]
    [InlineData("country", "UK", "country_invalid")]
    [InlineData("country", "de", "country_invalid")]
    [InlineData("statement_descriptor", "FOUR", "statement_descriptor_invalid")]
    [InlineData("statement_descriptor", "12345", "statement_descriptor_invalid")]
    [InlineData("statement_descriptor", "ADA'S BOOKS", "statement_descriptor_invalid")]
    [InlineData("statement_descriptor", "TWENTY THREE CHARACTERS", "statement_descriptor_invalid")]
    [InlineData("statement_descriptor", "BÜCHER", "statement_descriptor_invalid")]
    [InlineData("website", "http://books.example.com", "website_invalid")]
    [InlineData("website", "https://ada:secret@books.example.com", "website_invalid")]
    [InlineData("website", "javascript:alert(1)", "website_invalid")]
    [InlineData("business_type", "cartel", "business_type_invalid")]
    [InlineData("brand_color", "red", "brand_color_invalid")]
    [InlineData("brand_color", "#0a7cff;background:url(//evil.example)", "brand_color_invalid")]
    [InlineData("registration_number", "1;2", "registration_number_invalid")]
    [InlineData("business_name", "\u202eevil", "business_name_invalid")]
    public async Task What_cannot_be_is_refused(string field, string value, string code)
    {
        var api = await host.SignUpAsync();
        var form = new Dictionary<string, string>
        {
            ["business_name"] = "Ada's Books", ["email"] = api.Email, ["country"] = "GB", ["statement_descriptor"] = "ADAS BOOKS",
            [field] = value,
        };

        (await api.PostAsync("/v1/merchants", form)).ShouldBeError(HttpStatusCode.BadRequest, code, field);
        (await api.GetAsync("/v1/merchants")).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task One_user_registers_no_more_than_there_may_be_however_many_ask_at_once()
    {
        var api = await host.SignUpAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 14).Select(_ => api.PostAsync("/v1/merchants", Shop.Form(api.Email))));

        answers.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(10);
        foreach (var refused in answers.Where(answer => answer.Status != HttpStatusCode.Created))
        {
            refused.ShouldBeError(HttpStatusCode.UnprocessableEntity, "too_many_merchants");
        }
    }

    [Fact]
    public async Task The_account_is_opened_at_the_cost_of_its_owners_network_and_domain()
    {
        var owner = host.AnonymousAt("203.0.113.7");
        var domain = $"{Guid.NewGuid():N}.example";
        await owner.SignUpAsync($"ada@{domain.ToUpperInvariant()}");
        var id = Text((await owner.PostAsync("/v1/merchants", Shop.Form(owner.Email))).ShouldBeOk(), "id");
        var account = host.Grains.Merchants.Of(id);

        account.Origins.ShouldBe([new OpeningOrigin(Range: 0xCB0071, domain)]);

        // An administrator's network is not the business's, and whom he looked at is no stranger.
        var admin = await host.NewAdminAsync();
        (await admin.PostAsync($"/v1/admin/merchants/{id}/suspend", new { reason = "Asked by a test" })).ShouldBeOk();
        (await admin.PostAsync($"/v1/admin/merchants/{id}/reinstate", new { reason = "Asked by a test" })).ShouldBeOk();
        account.Origins.ShouldBe([new OpeningOrigin(Range: 0xCB0071, domain), new OpeningOrigin(Range: null, domain, Invited: true)]);
    }

    [Fact]
    public async Task Administrators_suspend_reinstate_and_set_tiers_and_each_leaves_a_line()
    {
        var shop = await Shop.OpenAsync(host);
        var (key, _) = await shop.SecretAsync();
        var admin = await host.NewAdminAsync();
        var path = $"/v1/admin/merchants/{shop.Id}";
        (await host.With(key).PostAsync("/v1/test/sessions")).ShouldBeOk();

        Text((await admin.PostAsync($"{path}/suspend", new { reason = "Asked by a test" })).ShouldBeOk(), "status").ShouldBe("suspended");
        (await host.With(key).PostAsync("/v1/test/sessions")).ShouldBeError(HttpStatusCode.Forbidden, "merchant_suspended");
        (await host.With(key).PostAsync("/v1/test/payouts")).ShouldBeError(HttpStatusCode.Forbidden, "merchant_suspended");
        // What is owed to others goes on, and so does reading.
        (await host.With(key).PostAsync("/v1/test/refunds")).ShouldBeOk();
        (await host.With(key).GetAsync("/v1/test/sessions")).ShouldBeOk();
        (await shop.Owner.PostAsync($"{shop.Path}/api_keys", new { kind = "secret", name = "Two", password = Api.Password }))
            .ShouldBeError(HttpStatusCode.Conflict, "merchant_not_active");

        Text((await admin.PostAsync($"{path}/reinstate", new { reason = "Asked by a test" })).ShouldBeOk(), "status").ShouldBe("active");
        (await host.With(key).PostAsync("/v1/test/sessions")).ShouldBeOk();
        (await admin.PostAsync($"{path}/tier", new { tier = 2, reason = "Asked by a test" })).ShouldBeOk()
            .Body.GetProperty("tier").GetInt32().ShouldBe(2);
        // The account is told which of them each is, so that none that comes late overrules a later one.
        host.Grains.Merchants.Of(shop.Id).Decisions.ShouldBe([1, 2, 3]);
        (await admin.PostAsync($"{path}/tier", new { tier = 4, reason = "Asked by a test" }))
            .ShouldBeError(HttpStatusCode.BadRequest, "tier_invalid", "tier");
        (await admin.PostAsync($"{path}/suspend", new { })).ShouldBeError(HttpStatusCode.BadRequest, "parameter_missing", "reason");
        (await admin.PostAsync("/v1/admin/merchants/mer_000000000000000000000000/suspend", new { reason = "Asked by a test" }))
            .ShouldBeError(HttpStatusCode.NotFound, "merchant_not_found");
        (await host.AuditOf(shop.Id)).Where(line => line.StartsWith(admin.UserId, StringComparison.Ordinal))
            .Select(line => line.Split(' ')[1])
            .ShouldBe(["merchant.suspend", "merchant.reinstate", "merchant.tier_set"]);
        (await admin.GetAsync("/v1/admin/merchants?status=suspended")).ShouldBeOk().Text.ShouldNotContain(shop.Id);
        (await admin.GetAsync("/v1/admin/merchants?limit=100")).ShouldBeOk().Text.ShouldContain(shop.Id);
    }

    [Fact]
    public async Task What_a_business_is_called_and_where_it_is_reached_is_nowhere_in_clear()
    {
        var api = await host.SignUpAsync();
        var email = FrontdoorHost.NewEmail();
        var name = $"Zanzibar {Guid.NewGuid():N}";
        (await api.PostAsync("/v1/merchants", new
        {
            business_name = name, email, country = "GB", statement_descriptor = "ZANZIBAR 4711", website = $"https://{name[9..]}.example",
            registration_number = $"4711-{name[9..]}",
        })).ShouldBeOk();

        var places = await DatabaseDump.ReadAsync(host.Database.DataSource);
        var secrets = new[] { name, name[9..], email, "ZANZIBAR 4711" }.Select((text, i) => Secret.OfText($"name {i}", text)).ToArray();

        SecretScan.Find(secrets, places).ShouldBeEmpty();
        SecretScan.Find(secrets, [.. host.Log.Lines.Select(line => Place.OfText("log", line.Everything))]).ShouldBeEmpty();
    }

    private static string Text(Answer answer, string field) => answer.Body.GetProperty(field).GetString()!;

    private async Task<string[]> EventsOfAsync(string merchant)
    {
        await using var command = host.Database.DataSource.CreateCommand(
            "SELECT array_agg(type ORDER BY id) FROM events WHERE subject = $1");
        command.Parameters.AddWithValue(merchant);
        return (string[])(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
