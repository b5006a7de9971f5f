using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Frontdoor.Tests.Auth.Factors;
using StellarPay.Frontdoor.Tests.Checkout;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Identifiers;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Tests.PaymentSessions;

/// <summary>A shop's people say where what it gives back goes, and whoever it concerns is told.</summary>
[Collection<SessionHostCollection>]
public sealed class RefundAddressApiTests(SessionHost host)
{
    private const string Set = "Where a refund goes was changed";
    private const string Withdrawn = "Where a refund goes was changed back";
    private const string Change = "A change at your business with StellarPay";
    private const string News = "goes to another address";

    [Fact]
    public async Task Finance_says_it_with_a_factor_just_shown_and_the_customer_and_the_shops_people_are_told()
    {
        var shop = await PaidShop.OpenAsync(host);
        var finance = await PersonAsync(shop, "finance");
        var viewer = await PersonAsync(shop, "viewer");
        var customer = FrontdoorHost.NewEmail();
        var (id, payment, hash, payer) = await PaidAsync(shop, customer);
        var elsewhere = await NewAddressAsync();
        var path = $"/v1/merchants/{shop.Id}/refund_addresses";
        var request = new { payment_session = id, payment = hash, address = elsewhere };
        (await shop.Owner.PostAsync(path, request)).ShouldBeError(HttpStatusCode.Forbidden, "second_factor_required");
        (await finance.PostAsync(path, request)).ShouldBeError(HttpStatusCode.Forbidden, "second_factor_required");
        (await viewer.PostAsync(path, request)).ShouldBeError(HttpStatusCode.Forbidden, "permission_missing");
        (await shop.Server.PostAsync(path, request)).Status.ShouldBe(HttpStatusCode.Unauthorized, "whoever has found a key sends nobody's money elsewhere");
        await Authenticator.SetUpAsync(host, finance);

        var decided = AddressOf((await finance.PostAsync(path, request)).ShouldBeOk().Body);

        (decided.GetProperty("address").GetString(), decided.GetProperty("memo").ValueKind, decided.GetProperty("status").GetString())
            .ShouldBe((elsewhere, JsonValueKind.Null, "waiting"));
        (decided.GetProperty("effective_at").GetDateTimeOffset() - decided.GetProperty("decided_at").GetDateTimeOffset())
            .ShouldBe(TimeSpan.FromHours(24));
        AddressOf(await shop.SessionAsync(id)).GetProperty("address").GetString().ShouldBe(elsewhere);
        var told = (await host.Messages.NextAsync(customer, Set)).Text;
        told.ShouldContain(id);
        told.ShouldContain("in a day");
        // He who paid from a wallet of ours is known, whatever address the shop gave for its customer.
        (await host.Messages.NextAsync(payer.Email, Set)).Text.ShouldContain(id);
        (await host.Messages.NextAsync(finance.Email, Change)).Text.ShouldContain(News);
        // She is told of her keys and people by the same words.
        while (!(await host.Messages.NextAsync(shop.Owner.Email, Change)).Text.Contains(News, StringComparison.Ordinal))
        {
        }

        await UntilHappenedAsync(shop, "payment_session.refund_address_set");
        // Who says again what is so needs no factor, and is no news.
        (await shop.Owner.PostAsync(path, new { payment_session = id, payment, address = elsewhere })).ShouldBeOk();

        (await shop.Owner.PostAsync($"{path}/withdraw", new { payment_session = id, payment })).ShouldBeOk();

        AddressOf(await shop.SessionAsync(id)).ValueKind.ShouldBe(JsonValueKind.Null);
        await host.Messages.NextAsync(customer, Withdrawn);
        await host.Messages.NextAsync(payer.Email, Withdrawn);
        await UntilHappenedAsync(shop, "payment_session.refund_address_withdrawn");
        (await host.AuditOf(shop.Id)).Where(line => line.Contains("merchant.refund_address", StringComparison.Ordinal))
            .Select(line => string.Join(' ', line.Split(' ')[..2])).ShouldBe(
            [$"{finance.UserId} merchant.refund_address", $"{shop.Owner.UserId} merchant.refund_address_withdraw"]);
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        await host.LetLedgersCatchUpAsync();
        (await finance.PostAsync(path, request)).ShouldBeError(HttpStatusCode.Forbidden, "step_up_required");
    }

    [Fact]
    public async Task What_will_not_do_names_its_field_and_changes_nothing()
    {
        var shop = await PaidShop.OpenAsync(host);
        var (id, payment, _, _) = await PaidAsync(shop, customer: null);
        await Authenticator.SetUpAsync(host, shop.Owner);
        var other = await PaidShop.OpenAsync(host);
        var elsewhere = await NewAddressAsync();
        using var nobody = SigningKey.Generate();
        var gone = nobody.AccountId.ToString();

        await RefusedAsync(new { payment, address = elsewhere }, HttpStatusCode.BadRequest, "parameter_missing", "payment_session");
        await RefusedAsync(
            new { payment_session = "pay_1", payment, address = elsewhere }, HttpStatusCode.BadRequest, "payment_session_invalid", "payment_session");
        await RefusedAsync(new { payment_session = id, address = elsewhere }, HttpStatusCode.BadRequest, "parameter_missing", "payment");
        await RefusedAsync(new { payment_session = id, payment = "x", address = elsewhere }, HttpStatusCode.BadRequest, "payment_invalid", "payment");
        await RefusedAsync(new { payment_session = id, payment = "1-0", address = elsewhere }, HttpStatusCode.NotFound, "payment_not_found", "payment");
        await RefusedAsync(
            new { payment_session = id, payment = new string('a', 64), address = elsewhere }, HttpStatusCode.NotFound, "payment_not_found", "payment");
        await RefusedAsync(new { payment_session = id, payment }, HttpStatusCode.BadRequest, "parameter_missing", "address");
        await RefusedAsync(
            new { payment_session = id, payment, address = "here" }, HttpStatusCode.BadRequest, "refund_address_invalid", "address");
        await RefusedAsync(
            new { payment_session = id, payment, address = new string('G', 1_000) }, HttpStatusCode.BadRequest, "refund_address_invalid", "address");
        await RefusedAsync(
            new { payment_session = id, payment, address = elsewhere, memo_type = "id" }, HttpStatusCode.BadRequest, "parameter_missing", "memo");
        await RefusedAsync(
            new { payment_session = id, payment, address = elsewhere, memo = "7", memo_type = "ID" }, HttpStatusCode.BadRequest, "memo_type_invalid",
            "memo_type");
        await RefusedAsync(
            new { payment_session = id, payment, address = elsewhere, memo = "x", memo_type = "id" }, HttpStatusCode.BadRequest, "memo_invalid", "memo");
        await RefusedAsync(
            new { payment_session = id, payment, address = gone }, HttpStatusCode.UnprocessableEntity, "refund_address_unusable", "address");
        foreach (var ours in new[] { await AccountOfAsync(other), await PlatformsAsync(), await MuxedOfAsync(other) })
        {
            await RefusedAsync(
                new { payment_session = id, payment, address = ours }, HttpStatusCode.UnprocessableEntity, "refund_address_not_payable", "address");
        }

        (await other.Owner.PostAsync($"/v1/merchants/{other.Id}/refund_addresses", new { payment_session = id, payment, address = elsewhere }))
            .ShouldBeError(HttpStatusCode.NotFound, "payment_session_not_found", "payment_session");
        AddressOf(await shop.SessionAsync(id)).ValueKind.ShouldBe(JsonValueKind.Null);

        async Task RefusedAsync(object request, HttpStatusCode status, string code, string param) =>
            (await shop.Owner.PostAsync($"/v1/merchants/{shop.Id}/refund_addresses", request)).ShouldBeError(status, code, param);
    }

    // "Refunds still go" is about what is owed to payers; what goes where a business says is its own decision, as a payout is.
    [Fact]
    public async Task A_suspended_shop_says_nothing_of_where_money_goes_and_can_take_back_what_it_said()
    {
        var shop = await PaidShop.OpenAsync(host);
        var (id, payment, _, _) = await PaidAsync(shop, customer: null);
        await Authenticator.SetUpAsync(host, shop.Owner);
        var path = $"/v1/merchants/{shop.Id}/refund_addresses";
        (await shop.Owner.PostAsync(path, new { payment_session = id, payment, address = await NewAddressAsync() })).ShouldBeOk();
        var admin = await host.NewAdminAsync();
        (await admin.PostAsync($"/v1/admin/merchants/{shop.Id}/suspend", new { reason = "Complaints" })).ShouldBeOk();

        (await shop.Owner.PostAsync(path, new { payment_session = id, payment, address = await NewAddressAsync() }))
            .ShouldBeError(HttpStatusCode.Forbidden, "merchant_suspended");
        (await shop.Owner.PostAsync($"{path}/withdraw", new { payment_session = id, payment })).ShouldBeOk();

        AddressOf(await shop.SessionAsync(id)).ValueKind.ShouldBe(JsonValueKind.Null);
    }

    // A repeat that comes late would send a customer's money where its merchant has said no more.
    [Fact]
    public async Task What_is_decided_under_a_key_is_decided_once()
    {
        var shop = await PaidShop.OpenAsync(host);
        var (id, payment, _, _) = await PaidAsync(shop, customer: null);
        await Authenticator.SetUpAsync(host, shop.Owner);
        var path = $"/v1/merchants/{shop.Id}/refund_addresses";
        var request = new { payment_session = id, payment, address = await NewAddressAsync() };
        AddressOf((await shop.Owner.PostAsync(path, request, "there")).ShouldBeOk().Body).ValueKind.ShouldNotBe(JsonValueKind.Null);
        (await shop.Owner.PostAsync($"{path}/withdraw", new { payment_session = id, payment })).ShouldBeOk();

        AddressOf((await shop.Owner.PostAsync(path, request, "there")).ShouldBeOk().Body).ValueKind.ShouldBe(JsonValueKind.Null);

        AddressOf(await shop.SessionAsync(id)).ValueKind.ShouldBe(JsonValueKind.Null);
        (await shop.Owner.PostAsync(path, new { payment_session = id, payment, address = await NewAddressAsync() }, "there"))
            .ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_reused", "Idempotency-Key");
    }

    // Somebody of the shop's who is up to something could use up its day first, and then send a customer's money elsewhere unheard.
    [Fact]
    public async Task Of_a_customer_who_can_be_told_nothing_more_today_nothing_is_decided()
    {
        var shop = await PaidShop.OpenAsync(host);
        var customer = FrontdoorHost.NewEmail();
        var (id, payment, _, _) = await PaidAsync(shop, customer);
        await Authenticator.SetUpAsync(host, shop.Owner);
        var budget = host.Services.GetRequiredService<MessageBudget>();
        var ask = new MessageAsk(MessageUse.Customer, MessageChannel.Email, customer, Merchant: MerchantId.Parse(shop.Id));
        while (await budget.TakeAsync(ask, TestContext.Current.CancellationToken) is not null)
        {
        }

        (await shop.Owner.PostAsync(
            $"/v1/merchants/{shop.Id}/refund_addresses", new { payment_session = id, payment, address = await NewAddressAsync() }))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "customer_notices_used_up");

        AddressOf(await shop.SessionAsync(id)).ValueKind.ShouldBe(JsonValueKind.Null);
    }

    // Whom the business cannot leave out it could else keep from hearing it, by saying and taking back ten times what it does not mean.
    [Fact]
    public async Task Of_a_payer_of_ours_who_can_be_told_nothing_more_today_nothing_is_decided()
    {
        var shop = await PaidShop.OpenAsync(host);
        var (id, payment, _, payer) = await PaidAsync(shop, customer: null);
        await Authenticator.SetUpAsync(host, shop.Owner);
        var budget = host.Services.GetRequiredService<MessageBudget>();
        var ask = new MessageAsk(MessageUse.Customer, MessageChannel.Email, payer.Email, User: UserId.Parse(payer.UserId));
        while (await budget.TakeAsync(ask, TestContext.Current.CancellationToken) is not null)
        {
        }

        (await shop.Owner.PostAsync(
            $"/v1/merchants/{shop.Id}/refund_addresses", new { payment_session = id, payment, address = await NewAddressAsync() }))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "customer_notices_used_up");

        AddressOf(await shop.SessionAsync(id)).ValueKind.ShouldBe(JsonValueKind.Null);
    }

    // Of a sale by a link, say: then the shop's people alone can see what is wrong.
    [Fact]
    public async Task Where_nobody_is_known_who_could_be_told_it_waits_for_three_days()
    {
        var shop = await PaidShop.OpenAsync(host);
        await Authenticator.SetUpAsync(host, shop.Owner);
        using var payer = await OutsidersWallet.OpenAsync(host.Sandbox, "30");
        var session = await shop.NewSessionAsync(new { amount_decimal = "20", currency = "USDC" });
        var id = session.GetProperty("id").GetString()!;
        await payer.PayAsync(session.GetProperty("pay_to"), "20");
        await shop.UntilAsync(id, "paid");
        var payment = (await shop.SessionAsync(id)).GetProperty("payments")[0].GetProperty("operation_id").GetString();

        var decided = AddressOf((await shop.Owner.PostAsync(
            $"/v1/merchants/{shop.Id}/refund_addresses", new { payment_session = id, payment, address = await NewAddressAsync() }))
            .ShouldBeOk().Body);

        (decided.GetProperty("effective_at").GetDateTimeOffset() - decided.GetProperty("decided_at").GetDateTimeOffset())
            .ShouldBe(TimeSpan.FromDays(3));
    }

    // His keys and invitations end with him, and so does what he said of money that has not gone yet. That it goes to the payer, who may be
    // an exchange, nobody has said either: so it stays what it is until somebody does.
    [Fact]
    public async Task What_somebody_decided_who_left_before_its_day_was_over_does_not_hold_and_nothing_goes_back()
    {
        var shop = await PaidShop.OpenAsync(host);
        var finance = await PersonAsync(shop, "finance");
        await Authenticator.SetUpAsync(host, finance);
        var now = host.Clock.GetUtcNow().ToUnixTimeSeconds();
        var clock = (await shop.Server.PostAsync("/v1/test_helpers/test_clocks", new { frozen_time = now })).ShouldBeOk().Body
            .GetProperty("id").GetString();
        var (id, payment, _, _) = await PaidAsync(shop, customer: null, clock);
        (await finance.PostAsync(
            $"/v1/merchants/{shop.Id}/refund_addresses", new { payment_session = id, payment, address = await NewAddressAsync() })).ShouldBeOk();

        (await shop.Owner.DeleteAsync($"/v1/merchants/{shop.Id}/people/{finance.UserId}")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await shop.Server.PostAsync(
            $"/v1/test_helpers/test_clocks/{clock}/advance", new { frozen_time = now + (long)TimeSpan.FromHours(25).TotalSeconds })).ShouldBeOk();

        await UntilHappenedAsync(shop, "payment_session.refund_address_lapsed");
        AddressOf(await shop.SessionAsync(id)).GetProperty("status").GetString().ShouldBe("lapsed");
        (await shop.Server.PostAsync("/v1/refunds", new { payment_session = id }, Api.NewKey()))
            .ShouldBeError(HttpStatusCode.Conflict, "refund_address_waiting");
    }

    private static async Task<string> AccountOfAsync(PaidShop shop) =>
        (await shop.Server.GetAsync("/v1/merchant/account")).ShouldBeOk().Body.GetProperty("address").GetString()!;

    private static async Task<string> MuxedOfAsync(PaidShop shop) =>
        new MuxedAccount(AccountId.Parse(await AccountOfAsync(shop)), 7).ToString();

    // It opens in its own time.
    private async Task<string> PlatformsAsync()
    {
        string? address = null;
        await Eventually.UntilAsync(
            async () =>
            {
                await using var command = host.Database.DataSource.CreateCommand(
                    "SELECT address FROM ledger_addresses WHERE owner_kind = 'suspense' ORDER BY address LIMIT 1");
                return (address = (string?)await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)) is not null;
            },
            "the platform has an account");
        return address!;
    }

    // A wallet of somebody of ours: no account that the sandbox opens has a trustline.
    private async Task<string> NewAddressAsync() =>
        (await (await host.PayerAsync("1")).GetAsync("/v1/wallet")).ShouldBeOk().Body.GetProperty("address").GetString()!;

    private async Task<(string Session, string Payment, string Hash, Api Payer)> PaidAsync(
        PaidShop shop, string? customer, string? clock = null)
    {
        var payer = await host.PayerAsync("30");
        var session = await shop.NewSessionAsync(new { amount_decimal = "20", currency = "USDC", customer_email = customer, test_clock = clock });
        var id = session.GetProperty("id").GetString()!;
        (await payer.PostAsync("/v1/payments", new { recipient = id, confirm = true }, Api.NewKey())).ShouldBeOk();
        await shop.UntilAsync(id, "paid");
        var paid = (await shop.SessionAsync(id)).GetProperty("payments")[0];
        return (id, paid.GetProperty("operation_id").GetString()!, paid.GetProperty("tx_hash").GetString()!, payer);
    }

    private async Task<Api> PersonAsync(PaidShop shop, string role)
    {
        var person = await host.SignUpAsync();
        (await shop.Owner.PostAsync($"/v1/merchants/{shop.Id}/people", new { email = person.Email, role, password = Api.Password })).ShouldBeOk();
        var code = await host.Messages.NextCodeAsync(person.Email);
        (await person.PostAsync("/v1/merchants/join", new { code })).ShouldBeOk();
        return person;
    }

    private static JsonElement AddressOf(JsonElement session) => session.GetProperty("payments")[0].GetProperty("refund_address");

    private static Task UntilHappenedAsync(PaidShop shop, string type) => Eventually.UntilAsync(
        async () => (await shop.Server.GetAsync("/v1/events")).ShouldBeOk().Body.GetProperty("data").EnumerateArray()
            .Any(happened => happened.GetProperty("type").GetString() == type),
        $"{type} is told");
}
