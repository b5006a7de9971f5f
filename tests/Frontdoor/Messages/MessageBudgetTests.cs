using System.Net;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Identifiers;
using StellarPay.Tests;
using StellarPay.Tests.Shared;

namespace StellarPay.Frontdoor.Tests.Messages;

/// <summary>What a day has of messages. Each test has a day of its own.</summary>
public sealed class MessageBudgetTests(FrontdoorHost host) : IClassFixture<FrontdoorHost>
{
    private static int _days;

    private readonly TestClock _clock = new(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero)
        .AddDays(10 * Interlocked.Increment(ref _days)));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_has_so_many_for_all_front_doors_and_whoever_races_and_a_part_is_kept_for_safety()
    {
        var settings = new MessageBudgetSettings { Emails = 500, SecurityPercent = 20 };
        MessageBudget[] doors = [New(settings), New(settings)];

        var codes = await Task.WhenAll(Enumerable.Range(0, 600).Select(n => TakeCodeAsync(doors[n % 2], $"a{n}@example.com")));
        // What is in hand at one door is not at the other.
        var left = await CountAsync(200, n => TakeCodeAsync(doors[n % 2], $"b{n}@example.com"));
        (codes.Count(taken => taken) + left).ShouldBe(400);
        (await TakeAsync(doors[0], MessageUse.Money, "a@example.com")).ShouldBeFalse();

        (await CountAsync(400, n => TakeAsync(doors[n % 2], MessageUse.Security, "a@example.com", UserOf(n)))).ShouldBe(100);
        (await TakeCodeAsync(New(settings), "b@example.com", "203.0.113.1")).ShouldBeFalse();
        _clock.Advance(TimeSpan.FromHours(12));
        (await TakeCodeAsync(doors[0], "a@example.com")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_country_uses_up_its_part_and_no_other()
    {
        var budget = New(new MessageBudgetSettings { Sms = 1_000_000, SmsPerCountry = 10, SecurityPercent = 50 });

        (await CountAsync(20, n => TakeSmsAsync(budget, MessageUse.Code, $"+4420794607{n:00}"))).ShouldBe(5);
        (await CountAsync(20, n => TakeSmsAsync(budget, MessageUse.Security, $"+4420794607{n:00}"))).ShouldBe(5);
        (await TakeSmsAsync(budget, MessageUse.Code, "+4930901820")).ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_makes_notices_of_himself_all_day_has_a_day_of_his_own()
    {
        MessageBudget[] doors = [New(new MessageBudgetSettings()), New(new MessageBudgetSettings())];
        Task<bool> Tell(int n, MessageUse use, int user) => TakeAsync(
            doors[n % 2], new MessageAsk(use, MessageChannel.Sms, "+442079460000", User: UserOf(user)));

        (await CountAsync(100, n => Tell(n, MessageUse.Security, 1))).ShouldBe(10);
        (await CountAsync(100, n => Tell(n, MessageUse.Money, 1))).ShouldBe(10);
        (await CountAsync(300, n => TakeAsync(doors[n % 2], MessageUse.Security, "a@example.com", UserOf(1)))).ShouldBe(100);
        (await Tell(0, MessageUse.Security, 2)).ShouldBeTrue();
        (await doors[0].TakeAsync([Notice(1), Notice(2)], Cancelled)).Select(answer => (answer.Share is null, answer.IsOwnUsedUp))
            .ShouldBe([(true, true), (false, false)]);
    }

    // The bug kept away: eighty accounts with notices of their own ended the codes of everybody for the day, and with them sign-ups.
    [Theory]
    [InlineData(nameof(MessageUse.Security), 300, 200)]
    [InlineData(nameof(MessageUse.Money), 150, 250)]
    public async Task However_many_notices_there_are_some_codes_are_left(string use, int notices, int codes)
    {
        var budget = New(new MessageBudgetSettings { Emails = 500, SecurityPercent = 20 });

        (await CountAsync(600, n => TakeAsync(budget, Enum.Parse<MessageUse>(use), "a@example.com", UserOf(n)))).ShouldBe(notices);
        // Of a block of notices a part stays in hand.
        (await CountAsync(600, n => TakeCodeAsync(budget, $"a{n}@example.com"))).ShouldBeInRange(codes - 16, codes);
        // And of what is kept for safety, whatever else was sent, there is some.
        (await TakeAsync(budget, MessageUse.Security, "b@example.com", UserOf(1000))).ShouldBe(use == nameof(MessageUse.Money));
    }

    [Theory]
    // The same IPv4 /24, and the same IPv6 /48.
    [InlineData("203.0.113.{0}")]
    [InlineData("2001:db8:7:{0}::1")]
    public async Task A_network_that_asks_uses_up_its_part_and_nothing_of_what_all_have(string addresses)
    {
        var budget = New(new MessageBudgetSettings { CodesPerRange = 7, Emails = 20, SecurityPercent = 0 });

        (await CountAsync(100, n => TakeCodeAsync(budget, $"a{n}@example.com", string.Format(null, addresses, n)))).ShouldBe(7);
        (await CountAsync(100, n => TakeCodeAsync(budget, $"b{n}@example.com", $"198.51.{n}.1"))).ShouldBe(13);
    }

    [Fact]
    public async Task A_code_that_today_does_not_have_is_sent_in_the_first_hours_of_tomorrow_from_half_of_it()
    {
        var budget = New(new MessageBudgetSettings { Emails = 20, SecurityPercent = 50 });
        (await CountAsync(20, n => TakeCodeAsync(budget, $"a{n}@example.com"))).ShouldBe(10);
        var tomorrow = new DateTimeOffset(_clock.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero);

        var waiting = await Task.WhenAll(Enumerable.Range(0, 20).Select(n =>
            budget.TakeForCodeAsync(
                new MessageAsk(MessageUse.Code, MessageChannel.Email, $"b{n}@example.com", At("203.0.113.1")), Cancelled)));

        waiting.Count(one => one.Taken).ShouldBe(5);
        waiting.Where(one => one.Taken).ShouldAllBe(one => one.Later >= tomorrow && one.Later < tomorrow.AddHours(2));
        _clock.Advance(TimeSpan.FromHours(12));
        (await CountAsync(20, n => TakeCodeAsync(budget, $"c{n}@example.com"))).ShouldBe(5);
    }

    // The bug kept away: who is refused takes from others with each try.
    [Fact]
    public async Task Who_is_refused_uses_up_nothing()
    {
        var budget = New(new MessageBudgetSettings { Emails = 100, SecurityPercent = 0, CodesPerRange = 1 });
        (await CountAsync(1000, _ => TakeCodeAsync(budget, "bob@example.com", "203.0.113.1"))).ShouldBe(1);

        (await CountAsync(200, n => TakeCodeAsync(budget, $"a{n}@example.com"))).ShouldBe(99);
    }

    [Fact]
    public async Task Who_signs_up_on_a_day_that_is_used_up_is_told_when_the_code_will_come_and_safety_is_told_all_the_same()
    {
        await using var own = new UsedUpHost();
        await own.InitializeAsync();
        var first = await own.SignUpAsync();
        (await own.SignUpUnconfirmedAsync()).ShouldNotBeNull();

        var late = await own.Anonymous().PostAsync("/v1/auth/signup", new { email = "late@example.com", password = Api.Password });

        late.Status.ShouldBe(HttpStatusCode.Created);
        var tomorrow = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        late.Body.GetProperty("code_sent_at").GetDateTimeOffset().ShouldBeInRange(tomorrow, tomorrow.AddHours(26));
        (await own.Anonymous().PostAsync("/v1/auth/password-reset", new { email = first.Email }))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_codes");
        (await own.Anonymous().PostAsync("/v1/auth/password-reset", new { email = "nobody@example.com" }))
            .ShouldBeError(HttpStatusCode.TooManyRequests, "too_many_codes");

        var login = new HttpRequestMessage(HttpMethod.Post, "/v1/auth/login")
        {
            Content = System.Net.Http.Json.JsonContent.Create(new { email = first.Email, password = Api.Password }),
        };
        login.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0");
        (await own.Anonymous().SendAsync(login)).ShouldBeOk();
        (await own.Messages.NextAsync(first.Email)).Subject.ShouldBe("New login to your StellarPay account");
        own.Messages.All.ShouldNotContain(message => message.To == "late@example.com");
    }

    [Fact]
    public async Task Whose_codes_are_refused_has_taken_nothing_of_the_day_nor_of_his_network()
    {
        // The bug kept away: one user asked all day, was refused, and nobody was sent a code any more.
        await using var own = new NarrowHost();
        await own.InitializeAsync();
        var eager = own.AnonymousAt("203.0.113.9");
        await eager.SignUpUnconfirmedAsync(FrontdoorHost.NewEmail());
        var answers = new List<Answer>();
        for (var i = 0; i < 20; i++)
        {
            answers.Add(await eager.PostAsync("/v1/me/email/code"));
        }

        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBeLessThanOrEqualTo(4);
        var next = await own.AnonymousAt("203.0.113.10").PostAsync(
            "/v1/auth/signup", new { email = FrontdoorHost.NewEmail(), password = Api.Password });

        next.Status.ShouldBe(HttpStatusCode.Created);
        next.Text.ShouldNotContain("\"code_sent_at\":\"");
    }

    [Fact]
    public async Task A_network_that_has_used_up_its_SMS_is_sent_mails()
    {
        var budget = New(new MessageBudgetSettings { CodesPerRange = 20 });
        Task<bool> Ask(MessageChannel channel, string to) =>
            TakeAsync(budget, new MessageAsk(MessageUse.Code, channel, to, At("203.0.113.1")));

        (await CountAsync(10, n => Ask(MessageChannel.Sms, $"+4420794607{n:00}"))).ShouldBe(2);
        (await CountAsync(10, n => Ask(MessageChannel.Email, $"a{n}@example.com"))).ShouldBe(10);
    }

    // The bug kept away: a hundred accounts that replaced their recovery codes all day left nobody else a word of his own safety.
    [Fact]
    public async Task The_first_notices_of_safety_of_a_day_have_a_part_that_those_who_make_many_cannot_use_up()
    {
        var budget = New(new MessageBudgetSettings { Emails = 500, SecurityPercent = 20 });
        var many = Enumerable.Range(0, 1000).Select(n =>
            new MessageAsk(MessageUse.Security, MessageChannel.Email, "a@example.com", User: UserOf(n % 10))).ToArray();

        // Ten accounts: three each of what is kept, and half of the rest.
        (await budget.TakeAsync(many, Cancelled)).Count(answer => answer.Share is not null).ShouldBeInRange(230 - 16, 230);
        (await CountAsync(70, n => TakeAsync(budget, MessageUse.Security, "b@example.com", UserOf(100 + n)))).ShouldBeInRange(70 - 16, 70);
    }

    // The bug kept away: 34 accounts that changed back and forth what they are told of left a country no SMS of anybody's safety.
    [Fact]
    public async Task What_one_changes_back_and_forth_uses_up_nothing_of_the_first_notices_of_safety()
    {
        var budget = New(new MessageBudgetSettings());
        Task<bool> Tell(MessageUse use, int user) => TakeAsync(
            budget, new MessageAsk(use, MessageChannel.Sms, "+442079460000", User: UserOf(user)));

        await CountAsync(600, n => Tell(MessageUse.Settings, n % 30));

        // And the first of somebody else has a part, too.
        (await CountAsync(10, n => Tell(MessageUse.Settings, 500 + n))).ShouldBe(10);
        (await CountAsync(90, n => Tell(MessageUse.Security, 1000 + n))).ShouldBeInRange(90 - 7, 90);
    }

    // The bug kept away: with a stolen password, twenty logins an hour used up what the owner is told of his factors.
    [Fact]
    public async Task Logins_use_up_nothing_of_what_else_concerns_safety()
    {
        var budget = New(new MessageBudgetSettings());
        (await CountAsync(200, _ => TakeAsync(budget, MessageUse.Login, "a@example.com", UserOf(1)))).ShouldBe(100);

        (await TakeAsync(budget, MessageUse.Security, "a@example.com", UserOf(1))).ShouldBeTrue();
    }

    // The bug kept away: eight networks asked for codes of a country until it had none, with numbers that nobody here has.
    [Theory]
    [InlineData("198.51.{0}.1", "sms", Explicit = true)]
    [InlineData("2001:db8:{0}::1", "sms")]
    [InlineData("198.51.{0}.1", "email", Explicit = true)]
    public async Task Networks_that_ask_much_leave_half_to_those_that_ask_little(string networks, string by)
    {
        var channel = by == "sms" ? MessageChannel.Sms : MessageChannel.Email;
        var budget = New(new MessageBudgetSettings { Emails = 500, SmsPerCountry = 500, CodesPerRange = 500, SecurityPercent = 20 });
        string To(int n) => channel == MessageChannel.Sms ? $"+44207946{n:0000}" : $"a{n}@example.com";
        Task<bool> Ask(int n, string network) => TakeAsync(budget, new MessageAsk(MessageUse.Code, channel, To(n), At(network)));

        await CountAsync(2_000, n => Ask(n, string.Format(null, networks, n % 8)));

        (await CountAsync(20, n => Ask(n, $"203.0.{n}.1"))).ShouldBe(20);
    }

    // The bug kept away: a page counted hundreds of people and forgot ten, so that all of them stayed for ever.
    [Fact]
    public async Task Days_that_are_over_are_forgotten_however_many_people_a_page_has()
    {
        const int People = 300;
        var budget = New(new MessageBudgetSettings { Emails = 1_000_000 });
        var first = DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime);
        for (var day = 0; day < 8; day++)
        {
            await budget.TakeAsync(
                [.. Enumerable.Range(0, People).Select(n => new MessageAsk(MessageUse.Money, MessageChannel.Email, "a@example.com", User: UserOf(n)))],
                Cancelled);
            _clock.Advance(TimeSpan.FromDays(1));
        }

        await using var count = host.Database.DataSource.CreateCommand(
            "SELECT count(*) FROM identity.message_budgets WHERE day >= $1 AND day < $1 + 5");
        count.Parameters.AddWithValue(first);
        (await count.ExecuteScalarAsync(Cancelled)).ShouldBeOfType<long>().ShouldBeLessThan(2 * People);
    }

    // Whom a business calls its customer it says itself: it is not to write to a stranger all day, nor to use up everybody's day.
    [Fact]
    public async Task A_customer_is_told_so_much_and_a_business_tells_so_much()
    {
        var budget = New(new MessageBudgetSettings { InvitationsPerRecipient = 8, NoticeEmailsPerUser = 5 });
        var all = Enumerable.Range(0, 5).Select(_ => MerchantId.New(_clock)).ToArray();
        var (one, other) = (all[0], all[4]);
        Task<bool> Tell(MerchantId merchant, string to) =>
            TakeAsync(budget, new MessageAsk(MessageUse.Customer, MessageChannel.Email, to, Merchant: merchant));

        (await CountAsync(5, n => Tell(one, n % 2 == 0 ? "a@example.com" : "A@example.com"))).ShouldBe(2, "one business has a part of his day");
        (await CountAsync(12, n => Tell(all[n % 4], "a@example.com"))).ShouldBe(6, "and all of them have so much");
        (await CountAsync(10, n => Tell(one, $"b{n}@example.com"))).ShouldBe(3, "what was refused counts for nobody");
        (await Tell(one, "c@example.com")).ShouldBeFalse();
        (await Tell(other, "c@example.com")).ShouldBeTrue();
        // Who paid from a wallet of ours is told in his own right.
        var payer = UserId.New(_clock);
        (await CountAsync(10, _ => TakeAsync(budget, new MessageAsk(MessageUse.Customer, MessageChannel.Email, "d@example.com", User: payer)))).ShouldBe(5);
        // What is taken back is told by a count of its own: else who says and takes back all day has the last of it said unheard.
        (await CountAsync(10, _ => TakeAsync(budget, Ask(isTakenBack: true)))).ShouldBe(5);
        payer = UserId.New(_clock);
        (await CountAsync(10, _ => TakeAsync(budget, Ask(isTakenBack: true)))).ShouldBe(5);
        (await CountAsync(10, _ => TakeAsync(budget, Ask(isTakenBack: false)))).ShouldBe(5);

        MessageAsk Ask(bool isTakenBack) =>
            new(MessageUse.Customer, MessageChannel.Email, "d@example.com", User: payer, IsTakenBack: isTakenBack);
    }

    // The bug kept away: a day of bills, which anybody with a key sends, and then nobody could say where a refund goes.
    [Fact]
    public async Task Invoices_have_a_day_of_their_own_and_take_nothing_of_what_customers_are_told()
    {
        var budget = New(new MessageBudgetSettings { InvitationsPerRecipient = 8, NoticeEmailsPerUser = 5, Emails = 500 });
        var all = Enumerable.Range(0, 40).Select(_ => MerchantId.New(_clock)).ToArray();
        Task<bool> Ask(MessageUse use, MerchantId merchant, string to) =>
            TakeAsync(budget, new MessageAsk(use, MessageChannel.Email, to, Merchant: merchant));

        (await CountAsync(12, n => Ask(MessageUse.Invoice, all[0], "a@example.com"))).ShouldBe(2, "one business has a part of his day");
        (await CountAsync(12, n => Ask(MessageUse.Invoice, all[n % 4], "a@example.com"))).ShouldBe(6, "and all of them have so much");
        (await CountAsync(12, n => Ask(MessageUse.Invoice, all[0], $"b{n}@example.com"))).ShouldBe(3, "and it sends so many");
        (await CountAsync(200, n => Ask(MessageUse.Invoice, all[n % 40], $"c{n}@example.com"))).ShouldBe(80 - 11, "all have a fifth of a day");

        (await Ask(MessageUse.Customer, all[0], "a@example.com")).ShouldBeTrue();
        (await Ask(MessageUse.Customer, all[1], "a@example.com")).ShouldBeTrue();
    }

    // Bills and invitations together used up what there is for saying that money moved.
    [Fact]
    public async Task Invoices_and_invitations_together_leave_a_third_of_what_tells_of_money()
    {
        var budget = New(new MessageBudgetSettings
        {
            InvitationsPerRecipient = 8, NoticeEmailsPerUser = 500, Emails = 800, CodesPerRange = 10_000,
        });
        var merchant = MerchantId.New(_clock);
        Task<bool> Ask(MessageUse use, int n) => TakeAsync(budget, new MessageAsk(
            use, MessageChannel.Email, $"{use}{n}@example.com", User: use == MessageUse.Invitation ? UserOf(n) : null, Merchant: merchant));

        var bills = await CountAsync(300, n => Ask(MessageUse.Invoice, n));
        var invitations = await CountAsync(300, n => Ask(MessageUse.Invitation, n));

        // 800, of which a fifth is kept; three eighths of the rest tell of what is no code, and one of those is for one's own money.
        (bills, invitations).ShouldBe((128, 32));
        (await CountAsync(300, n => TakeAsync(budget, MessageUse.Money, $"m{n}@example.com", UserOf(n)))).ShouldBe(80);
    }

    // Whoever has a link to pay asks for it, as often as he likes.
    [Fact]
    public async Task Links_to_refunds_are_few_of_a_session_and_take_nothing_of_what_customers_are_told()
    {
        var budget = New(new MessageBudgetSettings { InvitationsPerRecipient = 8, NoticeEmailsPerUser = 20, Emails = 500 });
        var merchant = MerchantId.New(_clock);
        Task<bool> Ask(string session, string to) => TakeAsync(
            budget, new MessageAsk(MessageUse.RefundLink, MessageChannel.Email, to, Merchant: merchant, Session: session));

        (await CountAsync(6, _ => Ask("pay_1", "e@example.com"))).ShouldBe(3, "so many of a session");
        (await CountAsync(20, n => Ask($"pay_2{n}", "e@example.com"))).ShouldBe(5, "so many to one");
        (await CountAsync(40, n => Ask($"pay_3{n}", $"f{n}@example.com"))).ShouldBe(12, "so many of one business");

        (await TakeAsync(budget, new MessageAsk(MessageUse.Customer, MessageChannel.Email, "e@example.com", Merchant: merchant))).ShouldBeTrue();
    }

    private MessageBudget New(MessageBudgetSettings settings) => new(
        Convert.FromHexString(FrontdoorHost.TokenKey), host.Database.DataSource,
        Options.Create(new MessageOptions { Budgets = settings }), _clock);

    private static MessageAsk Notice(int user) =>
        new(MessageUse.Security, MessageChannel.Sms, "+442079460000", User: UserOf(user));

    private static ClientAddress At(string address) => ClientAddress.Of(IPAddress.Parse(address));

    private static Task<bool> TakeCodeAsync(MessageBudget budget, string to, string? from = null) =>
        TakeAsync(budget, new MessageAsk(MessageUse.Code, MessageChannel.Email, to, from is null ? null : At(from)));

    private static Task<bool> TakeAsync(MessageBudget budget, MessageUse use, string to, UserId? user = null) =>
        TakeAsync(budget, new MessageAsk(use, MessageChannel.Email, to, User: user ?? UserOf(0)));

    // Of each user one.
    private static Task<bool> TakeSmsAsync(MessageBudget budget, MessageUse use, string to) =>
        TakeAsync(budget, new MessageAsk(use, MessageChannel.Sms, to, User: UserOf(int.Parse(to[^2..]))));

    private static async Task<bool> TakeAsync(MessageBudget budget, MessageAsk ask) => await budget.TakeAsync(ask, Cancelled) is not null;

    private static UserId UserOf(int number) => UserId.Parse($"usr_{number:000000000000000000000000}");

    private static async Task<int> CountAsync(int tries, Func<int, Task<bool>> take)
    {
        var taken = 0;
        for (var n = 0; n < tries; n++)
        {
            taken += await take(n) ? 1 : 0;
        }

        return taken;
    }

    private sealed class NarrowHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            ["StellarPay:Messages:Budgets:Emails"] = "7",
            ["StellarPay:Messages:Budgets:CodesPerRange"] = "7",
            ["StellarPay:Messages:Budgets:SecurityPercent"] = "0",
        };
    }

    private sealed class UsedUpHost : FrontdoorHost
    {
        protected override Dictionary<string, string?> Settings => new()
        {
            // Two codes, and two notices of safety; a day may end while it runs, and then it has as many again.
            ["StellarPay:Messages:Budgets:Emails"] = "4",
            ["StellarPay:Messages:Budgets:SecurityPercent"] = "50",
        };
    }
}
