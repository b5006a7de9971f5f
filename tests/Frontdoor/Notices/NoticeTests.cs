using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Notices;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.Notices;

/// <summary>
/// What people are told of. That nobody is told something is shown by what he is told after it: an event's notices are written in the
/// order of the feed.
/// </summary>
public sealed class NoticeTests(FrontdoorHost host) : IClassFixture<FrontdoorHost>
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";
    private const string NewerFirefox = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0";
    private const string Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36";

    [Fact]
    public async Task A_login_from_another_device_is_told_once_and_one_from_the_same_is_not()
    {
        var api = await host.SignUpAsync();
        await LogInAsync(api, Firefox);
        var told = await host.Messages.NextAsync(api.Email);
        told.Subject.ShouldBe("New login to your StellarPay account");
        told.Text.ShouldContain("Firefox on Linux, 2026-");
        told.Text.ShouldContain("(UTC)");
        told.Code.ShouldBeNull();

        await LogInAsync(api, Firefox);
        await LogInAsync(api, NewerFirefox);
        await LogInAsync(api, userAgent: null);
        await LogInAsync(api, Chrome);

        (await host.Messages.NextAsync(api.Email)).Text.ShouldContain("Chrome on Windows", Case.Sensitive, "a new version is no new device");
    }

    [Fact]
    public async Task What_a_program_calls_itself_is_not_read_out()
    {
        // The bug kept away: a notice of ours in which somebody else writes.
        var api = await host.SignUpAsync();

        await LogInAsync(api, "Call-0900-123456/1.0 (http://evil.example)");

        var told = await host.Messages.NextAsync(api.Email);
        told.Text.ShouldContain("a program, 2026-");
        told.Text.ShouldNotContain("0900");
        told.Text.ShouldNotContain("evil");
    }

    [Fact]
    public async Task A_device_is_new_again_after_ninety_days()
    {
        var api = await host.SignUpAsync();
        await LogInAsync(host, api, Firefox);
        (await host.Messages.NextAsync(api.Email)).Text.ShouldContain("Firefox");

        host.Clock.Advance(TimeSpan.FromDays(89));
        await LogInAsync(host, api, Firefox);
        host.Clock.Advance(TimeSpan.FromDays(89));
        await LogInAsync(host, api, Firefox);
        host.Clock.Advance(TimeSpan.FromDays(91));
        await LogInAsync(host, api, Chrome);
        (await host.Messages.NextAsync(api.Email)).Text.ShouldContain("Chrome");
        await LogInAsync(host, api, Firefox);
        (await host.Messages.NextAsync(api.Email)).Text.ShouldContain("Firefox");
    }

    [Fact]
    public async Task A_session_that_ends_because_its_token_came_twice_is_told()
    {
        var api = await host.SignUpAsync();
        var stolen = api.RefreshToken;
        var thief = host.Anonymous();
        (await thief.PostAsync("/v1/auth/refresh", new { refresh_token = stolen })).ShouldBeOk();
        host.Clock.Advance(TimeSpan.FromSeconds(31));

        (await thief.PostAsync("/v1/auth/refresh", new { refresh_token = stolen })).Status.ShouldBe(HttpStatusCode.Unauthorized);

        (await host.Messages.NextAsync(api.Email)).Subject.ShouldBe("A session of your StellarPay account was ended");
    }

    [Fact]
    public async Task A_password_that_is_set_by_one_contact_is_told_to_both()
    {
        var (email, phone) = (FrontdoorHost.NewEmail(), "+442079460742");
        await WithBothAsync(email, phone);

        var resetId = (await host.Anonymous().PostAsync("/v1/auth/password-reset", new { phone })).ShouldBeOk()
            .Body.GetProperty("id").GetString();
        var code = await host.Messages.NextCodeAsync(phone);
        (await host.Anonymous().PostAsync("/v1/auth/password-reset/confirm", new { phone, reset_id = resetId, code, password = "another horse battery" })).ShouldBeOk();

        (await host.Messages.NextAsync(phone)).Subject.ShouldBe("Your StellarPay password was changed");
        (await host.Messages.NextAsync(email)).Subject.ShouldBe("Your StellarPay password was changed");
    }

    [Fact]
    public async Task Money_is_told_in_the_users_language_and_on_his_clock()
    {
        var api = await host.SignUpAsync();
        await PatchAsync(api, new { language = "de-AT", time_zone = "Europe/Vienna" });

        await HappenAsync(api, Sent("12.5000000", "USDC:GISSUER"), Received("3.0000000", "XLM"));

        var told = await NextAsync(host, api, 2);
        told[0].Subject.ShouldBe("Sie haben 12.5 USDC gesendet");
        told[0].Text.ShouldContain("(Europe/Vienna)");
        told[0].Text.ShouldContain("pay_");
        told[1].Subject.ShouldBe("Sie haben 3 XLM erhalten");
    }

    [Fact]
    public async Task Who_does_not_want_to_be_told_of_money_is_told_of_his_safety_all_the_same()
    {
        var api = await host.SignUpAsync();
        await PatchAsync(api, new { notifications = new { email = new { money = false } }, password = Api.Password });

        await HappenAsync(api, Sent("1", "XLM"), Received("1", "XLM"));
        await LogInAsync(api, Firefox);

        // Nothing of money between the two, which come in any order.
        (await NextAsync(host, api, 2)).Select(message => message.Subject)
            .ShouldBe(["What StellarPay tells you was changed", "New login to your StellarPay account"], ignoreOrder: true);
    }

    [Fact]
    public async Task An_SMS_says_neither_address_nor_name_nor_payment()
    {
        const string Phone = "+442079460743";
        var api = host.Anonymous();
        api.Take((await api.PostAsync("/v1/auth/signup", new { phone = Phone, password = Api.Password })).ShouldBeOk());
        (await api.PostAsync("/v1/me/phone/confirm", new { code = await host.Messages.NextCodeAsync(Phone) })).ShouldBeOk();
        var user = (await api.GetAsync("/v1/me")).Body.GetProperty("id").GetString()!;

        await HappenAsync(user, [Sent("1", "XLM")]);

        var told = await host.Messages.NextAsync(Phone);
        told.Channel.ShouldBe(MessageChannel.Sms);
        told.Text.ShouldStartWith("StellarPay: you sent 1 XLM, 2026-");
        told.Text.ShouldNotContain("pay_");
        told.Text.ShouldNotContain("bob@example.com");
    }

    // The bug kept away: whoever sends dust to a phone's owner has the platform send SMS.
    [Fact]
    public async Task Received_money_is_told_by_SMS_only_to_who_has_asked_for_it_and_dust_to_nobody()
    {
        const string Phone = "+442079460744";
        var api = host.Anonymous();
        api.Take((await api.PostAsync("/v1/auth/signup", new { phone = Phone, password = Api.Password })).ShouldBeOk());
        (await api.PostAsync("/v1/me/phone/confirm", new { code = await host.Messages.NextCodeAsync(Phone) })).ShouldBeOk();
        var user = (await api.GetAsync("/v1/me")).Body.GetProperty("id").GetString()!;

        await HappenAsync(user, [Received("1", "XLM"), Sent("2", "XLM")]);
        (await host.Messages.NextAsync(Phone)).Text.ShouldStartWith("StellarPay: you sent 2 XLM");

        await PatchAsync(api, new { notifications = new { sms = new { money = true } }, password = Api.Password });
        (await host.Messages.NextAsync(Phone)).Text.ShouldStartWith("StellarPay: which payments you are told of was changed");
        await HappenAsync(user, [Received("0.0000001", "XLM"), Received("0.0099999", "XLM"), Received("0.01", "XLM")]);
        (await host.Messages.NextAsync(Phone)).Text.ShouldStartWith("StellarPay: you received 0.01 XLM");

        var byEmail = await host.SignUpAsync();
        await HappenAsync(byEmail, Received("0.0000001", "USDC:GISSUER"), Received("3", "XLM"));
        (await host.Messages.NextAsync(byEmail.Email)).Subject.ShouldBe("You received 3 XLM");
    }

    [Fact]
    public async Task Of_much_money_in_an_hour_ten_are_told_one_by_one_and_the_rest_in_one_message()
    {
        var api = await host.SignUpAsync();
        var other = await host.SignUpAsync();

        await HappenAsync(host, api.UserId, [.. Enumerable.Range(1, 25).Select(i => Received(i.ToString(CultureInfo.InvariantCulture), "XLM"))]);
        await HappenAsync(host, other.UserId, [Received("1", "XLM")]);
        (await NextAsync(host, api, 10)).Select(message => message.Subject)
            .ShouldBe(Enumerable.Range(1, 10).Select(i => $"You received {i} XLM"), ignoreOrder: true);
        (await host.Messages.NextAsync(other.Email)).Subject.ShouldBe("You received 1 XLM", "nobody is kept back by another's money");
        host.Clock.Advance(NoticeStore.Window);
        var digest = await host.Messages.NextAsync(api.Email);
        digest.Subject.ShouldBe("More happened in your StellarPay account");
        digest.Text.ShouldContain("15 more payments");

        await HappenAsync(host, api.UserId, [Received("26", "XLM")]);
        (await host.Messages.NextAsync(api.Email)).Subject.ShouldBe("You received 26 XLM", "the next hour begins anew");
    }

    [Fact]
    public async Task An_event_is_told_once_however_many_front_doors_there_are_and_whoever_begins_anew()
    {
        await using var own = new FrontdoorHost();
        await own.InitializeAsync();
        await using var second = await own.StartAnotherAsync();
        var api = await own.SignUpAsync();

        for (var i = 1; i <= 8; i++)
        {
            await HappenAsync(own, api.UserId, [Received(i.ToString(CultureInfo.InvariantCulture), "XLM")]);
        }

        await using (var third = await own.StartAnotherAsync())
        {
            (await NextAsync(own, api, 8)).Select(message => message.Subject)
                .ShouldBe(Enumerable.Range(1, 8).Select(i => $"You received {i} XLM"), ignoreOrder: true);
        }

        // What comes last comes after all that would have come twice.
        await HappenAsync(own, api.UserId, [Received("9", "XLM")]);
        (await own.Messages.NextAsync(api.Email)).Subject.ShouldBe("You received 9 XLM");
    }

    [Fact]
    public async Task What_is_older_than_a_day_is_passed_over()
    {
        var api = await host.SignUpAsync();

        await HappenAsync(host, api.UserId, host.Clock.GetUtcNow().AddHours(-25), [Received("1", "XLM")]);
        await HappenAsync(host, api.UserId, host.Clock.GetUtcNow().AddHours(-23), [Received("2", "XLM")]);

        (await host.Messages.NextAsync(api.Email)).Subject.ShouldBe("You received 2 XLM");
    }

    [Fact]
    public async Task Who_has_confirmed_nothing_is_told_nothing_and_holds_nobody_up()
    {
        var squatter = await host.SignUpUnconfirmedAsync();
        var api = await host.SignUpAsync();
        (await host.Messages.NextCodeAsync(squatter.Email)).ShouldNotBeNull();

        await HappenAsync(squatter, Received("1", "XLM"));
        await HappenAsync(api, Received("2", "XLM"));
        (await host.Messages.NextAsync(api.Email)).Subject.ShouldBe("You received 2 XLM");

        host.Messages.All.ShouldNotContain(message => message.To == squatter.Email && message.Code == null);
    }

    // Those that are written at once are sent at once: in order of what they say.
    private static async Task<Message[]> NextAsync(FrontdoorHost host, Api api, int count)
    {
        var told = new List<Message>();
        while (told.Count < count)
        {
            told.Add(await host.Messages.NextAsync(api.Email));
        }

        return [.. told.OrderBy(message => message.Subject, StringComparer.Ordinal)];
    }

    private async Task WithBothAsync(string email, string phone)
    {
        var api = host.Anonymous();
        api.Take((await api.PostAsync("/v1/auth/signup", new { email, phone, password = Api.Password })).ShouldBeOk());
        (await api.PostAsync("/v1/me/email/confirm", new { code = await host.Messages.NextCodeAsync(email) })).ShouldBeOk();
        (await api.PostAsync("/v1/me/phone/confirm", new { code = await host.Messages.NextCodeAsync(phone) })).ShouldBeOk();
    }

    private static async Task PatchAsync(Api api, object profile) => (await api.PatchAsync("/v1/me", profile)).ShouldBeOk();

    private Task LogInAsync(Api api, string? userAgent) => LogInAsync(host, api, userAgent);

    private static async Task LogInAsync(FrontdoorHost host, Api api, string? userAgent)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/auth/login")
        {
            Content = JsonContent.Create(new { email = api.Email, password = Api.Password }),
        };
        if (userAgent is not null)
        {
            request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        }

        (await host.Anonymous().SendAsync(request)).ShouldBeOk();
    }

    // As a wallet's grain writes them; here grains are the test's.
    private static (string Type, object Data) Sent(string amount, string asset) =>
        ("payment.succeeded", new { paymentId = "pay_of_a_test", recipient = "bob@example.com", amount, asset });

    private static (string Type, object Data) Received(string amount, string asset) =>
        ("wallet.credited", new { from = "GSTRANGER", amount, asset, memo = "visit evil.example" });

    private Task HappenAsync(Api api, params (string Type, object Data)[] events) => HappenAsync(host, api.UserId, events);

    private Task HappenAsync(string user, (string Type, object Data)[] events) => HappenAsync(host, user, events);

    private static Task HappenAsync(FrontdoorHost host, string user, (string Type, object Data)[] events) =>
        HappenAsync(host, user, host.Clock.GetUtcNow(), events);

    private static async Task HappenAsync(FrontdoorHost host, string user, DateTimeOffset at, (string Type, object Data)[] events)
    {
        var outbox = events.Select(happened => new
        {
            id = $"evt_{Guid.NewGuid():N}", type = happened.Type, at, subject = "pay_of_a_test", owner = user, data = happened.Data,
        });
        await using var command = host.Database.DataSource.CreateCommand("SELECT events_append('stellarpay', $1::jsonb)");
        command.Parameters.AddWithValue(JsonSerializer.Serialize(outbox));
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
