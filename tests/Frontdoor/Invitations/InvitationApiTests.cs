using System.Net;
using System.Text.Json;
using StellarPay.Frontdoor.Auth.Tokens;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Frontdoor.Tests.Live;
using StellarPay.Frontdoor.Tests.Payments;
using static StellarPay.Frontdoor.Tests.Payments.FactorHost;

namespace StellarPay.Frontdoor.Tests.Invitations;

/// <summary>
/// Invitations over HTTP, with everything behind it: from the invitation to the balance on the ledger, and whoever tries otherwise.
/// </summary>
public sealed class InvitationApiTests(FactorHost host) : IClassFixture<FactorHost>
{
    private const string Path = "/v1/invitations";

    [Fact]
    public async Task Somebody_is_invited_signs_up_confirms_and_has_the_money_on_the_ledger()
    {
        var sender = await host.NewPayerAsync("100");
        await using var live = await LiveClient.ConnectAsync(host.Address, sender.AccessToken!);
        await live.FirstAsync("state");
        (await sender.PatchAsync("/v1/me", new { full_name = "Ada at https://evil.example/pay 0900-123" })).ShouldBeOk();
        var email = FrontdoorHost.NewEmail();
        (await sender.PostAsync("/v1/payments", new { recipient = email, asset = "USDC", amount = "12.50" }))
            .ShouldBeError(HttpStatusCode.UnprocessableEntity, "recipient_not_found", "recipient")
            .Text.ShouldContain("POST /v1/invitations");

        var made = (await InviteAsync(sender, email, "12.50", note: "for lunch, see https://evil.example")).ShouldBeOk();
        made.Status.ShouldBe(HttpStatusCode.Created);
        var id = made.Body.GetProperty("id").GetString()!;
        made.Headers.Location!.OriginalString.ShouldBe($"{Path}/{id}");
        Text(made.Body, "status").ShouldBe("open");
        (Text(made.Body, "recipient"), Text(made.Body, "note")).ShouldBe((email, "for lunch, see https://evil.example"));
        await UntilNothingIsHeldBackAsync();
        (await live.FirstAsync("invitation")).GetProperty("status").GetString().ShouldBe("open");
        await live.WalletWhereAsync(wallet => Usdc(wallet, "spendable") == "87.5000000");
        var message = await host.Messages.NextAsync(email);
        message.Subject.ShouldBe("Ada at https evil example pay - wants to send you 12.5 USDC");
        message.Text.ShouldContain("sign up to StellarPay with this e-mail address and confirm it within 14 days");
        message.Text.ShouldNotContain("lunch");
        message.Text.ShouldNotContain("//");

        var payee = await host.SignUpAsync(email);

        await UntilInvitationAsync(sender, id, body => Text(body, "status") == "paid");
        var paid = (await sender.GetAsync($"{Path}/{id}")).ShouldBeOk().Body;
        Text(paid, "payment").ShouldBe($"txn_{id[4..]}");
        var payment = (await sender.GetAsync($"/v1/payments/{Text(paid, "payment")}")).ShouldBeOk().Body;
        (Text(payment, "status"), Text(payment, "recipient")).ShouldBe(("succeeded", email));
        var wallet = await UntilAsync(payee, "/v1/wallet", body => Usdc(body, "balance") == "12.5000000");
        using var http = new HttpClient { BaseAddress = host.Sandbox };
        var account = JsonDocument.Parse(await http.GetStringAsync(
            new Uri($"/accounts/{Text(wallet, "address")}", UriKind.Relative), TestContext.Current.CancellationToken)).RootElement;
        account.GetProperty("balances").EnumerateArray().Select(balance => balance.GetProperty("balance").GetString()).ShouldContain("12.5000000");
        (await InvitedAsync(payee.UserId)).ShouldBeTrue();
        (await sender.GetAsync(Path)).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(1);
        (await sender.PostAsync("/v1/me/export")).ShouldBeOk().Body.GetProperty("invitations")[0].GetProperty("recipient").GetString()
            .ShouldBe(email);
        // Only the sender can read the note, and nobody the name before it was its owner's.
        var stored = await StoredAsync();
        stored.ShouldNotContain("lunch");
    }

    [Fact]
    public async Task Who_may_not_and_what_may_not_is_told_and_nothing_is_reserved()
    {
        var sender = await host.NewPayerAsync("100");
        var (somebody, _) = await host.NewPayeeAsync();
        var email = FrontdoorHost.NewEmail();

        (await sender.PostAsync(Path, new { recipient = email, asset = "USDC", amount = "1" }))
            .ShouldBeError(HttpStatusCode.BadRequest, "idempotency_key_required", "Idempotency-Key");
        (await InviteAsync(sender, somebody, "1")).ShouldBeError(HttpStatusCode.Conflict, "recipient_confirmed", "recipient");
        (await InviteAsync(sender, sender.Email, "1")).ShouldBeError(HttpStatusCode.UnprocessableEntity, "self_payment", "recipient");
        foreach (var other in new[] { "@handle", "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN", "bob*example.com", "bob" })
        {
            (await InviteAsync(sender, other, "1")).ShouldBeError(HttpStatusCode.BadRequest, "recipient_invalid", "recipient");
        }

        foreach (var amount in new[] { "0", "-1", "1e3", "1,5", "0.00000001", "9223372036854.7758080" })
        {
            (await InviteAsync(sender, email, amount)).ShouldBeError(HttpStatusCode.BadRequest, "amount_invalid", "amount");
        }

        (await InviteAsync(sender, email, "0.001")).ShouldBeError(HttpStatusCode.UnprocessableEntity, "amount_too_small", "amount");
        (await InviteAsync(sender, email, "101")).ShouldBeError(HttpStatusCode.UnprocessableEntity, "insufficient_funds", "amount");
        (await InviteAsync(sender, email, "1001")).ShouldBeError(HttpStatusCode.UnprocessableEntity, "daily_limit_exceeded", "amount");
        (await InviteAsync(sender, email, "1", asset: "EUR")).ShouldBeError(HttpStatusCode.BadRequest, "unknown_asset", "asset");
        (await InviteAsync(sender, email, "1", note: new string('n', 141))).ShouldBeError(HttpStatusCode.BadRequest, "note_invalid", "note");
        (await InviteAsync(sender, email, "1", note: "a\u0007")).ShouldBeError(HttpStatusCode.BadRequest, "note_invalid", "note");
        (await sender.PostAsync(Path, new { asset = "USDC", amount = "1" }, Api.NewKey()))
            .ShouldBeError(HttpStatusCode.BadRequest, "parameter_missing", "recipient");

        var made = (await InviteAsync(sender, email, "1", "one")).ShouldBeOk().Body;
        Text((await InviteAsync(sender, email, "1", "one")).ShouldBeOk().Body, "id").ShouldBe(Text(made, "id"));
        (await InviteAsync(sender, email, "2", "one")).ShouldBeError(HttpStatusCode.Conflict, "idempotency_key_reused", "Idempotency-Key");
        (await host.Messages.NextAsync(email)).Subject.ShouldBe("Somebody wants to send you 1 USDC");
        var stranger = await host.SignUpAsync();
        (await stranger.GetAsync($"{Path}/{Text(made, "id")}")).ShouldBeError(HttpStatusCode.NotFound, "invitation_not_found");
        (await stranger.PostAsync($"{Path}/{Text(made, "id")}/cancel")).ShouldBeError(HttpStatusCode.NotFound, "invitation_not_found");
        (await stranger.GetAsync(Path)).ShouldBeOk().Body.GetProperty("data").GetArrayLength().ShouldBe(0);
        (await sender.GetAsync($"{Path}/inv_nothing")).ShouldBeError(HttpStatusCode.NotFound, "invitation_not_found");
        (await sender.PostAsync("/v1/wallet/close", new { recipient = somebody }, Api.NewKey()))
            .ShouldBeError(HttpStatusCode.Conflict, "invitations_open");
        (await sender.PostAsync($"{Path}/{Text(made, "id")}/cancel")).ShouldBeOk();
        Usdc((await sender.GetAsync("/v1/wallet")).ShouldBeOk().Body, "reserved").ShouldBe("0.0000000");
        host.Messages.All.Count(sent => sent.To == email).ShouldBe(1);
    }

    [Fact]
    public async Task A_sixth_of_one_sender_a_second_to_one_name_and_a_twenty_first_of_one_name_are_refused()
    {
        var email = FrontdoorHost.NewEmail();
        var sender = await host.NewPayerAsync("10");
        var toOne = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => InviteAsync(sender, email, "1")));
        toOne.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in toOne.Where(answer => answer.Status != HttpStatusCode.Created))
        {
            refused.ShouldBeError(HttpStatusCode.Conflict, "recipient_invited_already", "recipient");
        }

        var toMany = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => InviteAsync(sender, FrontdoorHost.NewEmail(), "1")));
        toMany.Count(answer => answer.Status == HttpStatusCode.Created).ShouldBe(4);
        foreach (var refused in toMany.Where(answer => answer.Status != HttpStatusCode.Created))
        {
            refused.ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_invitations");
        }

        // As eighteen others would have invited him.
        await using var command = host.Database.DataSource.CreateCommand(
            """
            INSERT INTO identity.invitations (service_id, id, wallet, name_digest, expires_at)
            SELECT i.service_id, i.id || n, i.wallet || n, i.name_digest, i.expires_at
            FROM identity.invitations i, generate_series(1, 18) n
            WHERE i.id = $1
            """);
        command.Parameters.AddWithValue(Text(toOne.Single(answer => answer.Status == HttpStatusCode.Created).Body, "id")!);
        (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)).ShouldBe(18);
        (await InviteAsync(await host.NewPayerAsync("10"), email, "1")).ShouldBeOk();
        (await InviteAsync(await host.NewPayerAsync("10"), email, "1"))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "recipient_invited_enough", "recipient");
        (await CountAsync()).ShouldBe(20);

        async Task<long> CountAsync()
        {
            await using var command = host.Database.DataSource.CreateCommand(
                """
                SELECT count(*) FROM identity.invitations i
                WHERE i.name_digest = (SELECT name_digest FROM identity.invitations GROUP BY name_digest ORDER BY count(*) DESC LIMIT 1)
                """);
            return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        }
    }

    [Fact]
    public async Task One_request_that_comes_many_times_at_once_takes_one_message_of_the_days_budget()
    {
        // The bug kept away: each took one and gave none back, so that one sender used up the day's invitations by one.
        var sender = await host.NewPayerAsync("10");
        var (email, key) = (FrontdoorHost.NewEmail(), Api.NewKey());
        // Of what everybody takes from, the front door has some in hand from here on.
        (await InviteAsync(sender, FrontdoorHost.NewEmail(), "1")).ShouldBeOk();
        await using var held = await HeldTransaction.BeginAsync(
            host.Database.DataSource, "LOCK TABLE identity.profiles IN ACCESS EXCLUSIVE MODE");
        var asked = Enumerable.Range(0, 6).Select(_ => InviteAsync(sender, email, "1", key)).ToArray();
        await held.UntilWaitedForAsync(asked.Length);
        await held.CommitAsync();

        (await Task.WhenAll(asked)).Select(answer => Text(answer.ShouldBeOk().Body, "id")).Distinct().ShouldHaveSingleItem();
        // Of this invitation's own: what its sender is told meanwhile is counted, too.
        (await ReadAsync("SELECT used FROM identity.message_budgets WHERE key_digest = $1", DigestOf(email))).ShouldBe(1);
        await host.Messages.NextAsync(email);
    }

    [Fact]
    public async Task Taken_back_from_many_connections_while_its_name_is_confirmed_it_is_paid_or_free_and_never_both()
    {
        var sender = await host.NewPayerAsync("100");
        for (var round = 0; round < 5; round++)
        {
            var before = Usdc((await sender.GetAsync("/v1/wallet")).ShouldBeOk().Body, "balance")!;
            var email = FrontdoorHost.NewEmail();
            var id = Text((await InviteAsync(sender, email, "1")).ShouldBeOk().Body, "id")!;
            await host.Messages.NextAsync(email);
            var payee = await host.SignUpUnconfirmedAsync(email);
            var code = await host.Messages.NextCodeAsync(email);

            var racing = Enumerable.Range(0, 50).Select(at => at == 25
                ? payee.PostAsync("/v1/me/email/confirm", new { code })
                : sender.PostAsync($"{Path}/{id}/cancel")).ToArray();
            var answers = await Task.WhenAll(racing);

            answers[25].ShouldBeOk();
            var ended = await UntilInvitationAsync(sender, id, body => Text(body, "status") is "paid" or "cancelled");
            var cancelled = answers.Where((_, at) => at != 25).Count(answer => answer.Status == HttpStatusCode.OK);
            (cancelled > 0).ShouldBe(Text(ended, "status") == "cancelled");
            var paid = Text(ended, "status") == "paid";
            var left = decimal.Parse(before, System.Globalization.CultureInfo.InvariantCulture) - (paid ? 1 : 0);
            await UntilAsync(sender, "/v1/wallet", body =>
                decimal.Parse(Usdc(body, "balance")!, System.Globalization.CultureInfo.InvariantCulture) == left && Usdc(body, "reserved") == "0.0000000");
            await UntilAsync(payee, "/v1/wallet", body => Text(body, "status") == "active");
            if (!paid)
            {
                Usdc((await payee.GetAsync("/v1/wallet")).ShouldBeOk().Body, "balance").ShouldBe("0.0000000");
            }
        }
    }

    [Fact]
    public async Task Of_two_who_confirm_one_name_at_once_one_is_paid_and_once()
    {
        var sender = await host.NewPayerAsync("10");
        var email = FrontdoorHost.NewEmail();
        var id = Text((await InviteAsync(sender, email, "4")).ShouldBeOk().Body, "id")!;
        await host.Messages.NextAsync(email);
        var one = await host.SignUpUnconfirmedAsync(email);
        var ofOne = await host.Messages.NextCodeAsync(email);
        var other = await host.SignUpUnconfirmedAsync(email);
        var ofOther = await host.Messages.NextCodeAsync(email);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(at => at % 2 == 0
            ? one.PostAsync("/v1/me/email/confirm", new { code = ofOne })
            : other.PostAsync("/v1/me/email/confirm", new { code = ofOther })));

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        await UntilInvitationAsync(sender, id, body => Text(body, "status") == "paid");
        await UntilAsync(sender, "/v1/wallet", body => Usdc(body, "balance") == "6.0000000");
        // The payee takes the payment in after its sender has; the other never does.
        var balances = Array.Empty<string?>();
        await Eventually.UntilAsync(
            async () =>
            {
                balances = [.. (await Task.WhenAll(one.GetAsync("/v1/wallet"), other.GetAsync("/v1/wallet")))
                    .Select(wallet => Usdc(wallet.ShouldBeOk().Body, "balance"))];
                return balances.Contains("4.0000000");
            },
            "one of them has been paid");
        balances.Count(balance => balance == "4.0000000").ShouldBe(1);
    }

    [Fact]
    public async Task A_phone_is_invited_by_SMS_and_paid_when_it_is_added_to_an_account()
    {
        var sender = await host.NewPayerAsync("10");
        (await sender.PatchAsync("/v1/me", new { full_name = "Ada Lovelace", language = "de" })).ShouldBeOk();
        var phone = $"+4479461{System.Security.Cryptography.RandomNumberGenerator.GetInt32(10_000, 99_999)}";
        var id = Text((await InviteAsync(sender, phone, "4")).ShouldBeOk().Body, "id")!;
        var message = await host.Messages.NextAsync(phone);
        (message.Channel, message.Text).ShouldBe((MessageChannel.Sms,
            "StellarPay: Ada Lovelace möchte Ihnen 4 USDC senden. Melden Sie sich innerhalb von 14 Tagen mit dieser Telefonnummer an, um sie zu erhalten."));
        var payee = await host.SignUpAsync();

        (await payee.PostAsync("/v1/me/phone/change", new { phone, password = Api.Password })).ShouldBeOk();
        (await payee.PostAsync("/v1/me/phone/change/confirm", new { code = await host.Messages.NextCodeAsync(phone) })).ShouldBeOk();

        await UntilInvitationAsync(sender, id, body => Text(body, "status") == "paid");
        await UntilAsync(payee, "/v1/wallet", body => Usdc(body, "balance") == "4.0000000");
    }

    [Fact]
    public async Task Names_that_nobody_can_read_any_more_are_paid_to_their_owners_address_and_hold_up_nobody_else()
    {
        var sender = await host.NewPayerAsync("10");
        var readable = FrontdoorHost.NewEmail();
        var (forged, cut) = (await MadeAsync(FrontdoorHost.NewEmail()), await MadeAsync(FrontdoorHost.NewEmail()));
        var whole = await MadeAsync(readable);
        await host.Messages.NextAsync(readable);
        var (_, address) = await host.NewPayeeAsync();
        // As where the key is lost under which they were confirmed.
        await ReadAsync(
            """
            UPDATE identity.invitations i
            SET confirmed_at = now(), name_kind = 'email', due_at = '-infinity',
                name = decode(CASE i.id WHEN $1 THEN repeat('01', 64) ELSE '01' END, 'hex'),
                user_id = (SELECT 'usr_' || substr(a.owner_key, 5) FROM ledger_addresses a WHERE a.address = $3)
            WHERE i.id IN ($1, $2)
            """,
            forged, cut, address);
        await host.SignUpAsync(readable);

        foreach (var (id, recipient) in new[] { (whole, readable), (forged, address), (cut, address) })
        {
            await UntilInvitationAsync(sender, id, body => Text(body, "status") == "paid");
            Text((await sender.GetAsync($"/v1/payments/txn_{id[4..]}")).ShouldBeOk().Body, "recipient").ShouldBe(recipient);
        }

        async Task<string> MadeAsync(string recipient) => Text((await InviteAsync(sender, recipient, "1")).ShouldBeOk().Body, "id")!;
    }

    private static Task<Answer> InviteAsync(
        Api sender, string recipient, string amount, string? key = null, string asset = "USDC", string? note = null) =>
        sender.PostAsync(Path, new { recipient, asset, amount, note }, key ?? Api.NewKey());

    // Whom the payment waits for is looked at again by the business clock, which stands still here.
    private Task<JsonElement> UntilInvitationAsync(Api sender, string id, Func<JsonElement, bool> isSo) =>
        UntilAsync(sender, $"{Path}/{id}", body =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            return isSo(body);
        });

    // The feed shows an event once every older transaction of the whole cluster is over, those of other tests' databases among them, which
    // hold locks on purpose: an update that is late by them is not lost.
    private async Task UntilNothingIsHeldBackAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        const string HeldBack = "SELECT coalesce(bool_or(xid >= pg_snapshot_xmin(pg_current_snapshot())), false) FROM events";
        while ((bool)(await ReadAsync(HeldBack))!)
        {
            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }

    private static byte[] DigestOf(string invited)
    {
        var keys = new MessageBudgetKeys(
            TokenSecret.DeriveKey(Convert.FromHexString(FrontdoorHost.TokenKey), "stellarpay/message budgets/v1"u8), new MessageBudgetSettings());
        return keys.DigestOf(keys.Own(new MessageAsk(MessageUse.Invitation, MessageChannel.Email, invited))[0].Key);
    }

    private static string? Text(JsonElement body, string name) => body.GetProperty(name).GetString();

    private static string? Usdc(JsonElement wallet, string what) => wallet.GetProperty("balances").EnumerateArray()
        .Where(balance => balance.GetProperty("asset").GetString() == "USDC")
        .Select(balance => balance.GetProperty(what).GetString()).SingleOrDefault();

    private async Task<bool> InvitedAsync(string user) => (bool)(await ReadAsync("SELECT invited FROM identity.users WHERE id = $1", user))!;

    private async Task<object?> ReadAsync(string sql, params object[] values)
    {
        await using var command = host.Database.DataSource.CreateCommand(sql);
        Array.ForEach(values, value => command.Parameters.AddWithValue(value));
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private async Task<string> StoredAsync() => (string)(await ReadAsync(
        "SELECT coalesce((SELECT string_agg(payload::text, '') FROM grain_rows), '') || (SELECT string_agg(data::text, '') FROM events)"))!;
}
