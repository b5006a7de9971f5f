using System.Text.Json;
using StellarPay.Grains.Costs;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Sponsors;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Tests.Costs;

/// <summary>A sponsor's share of a day: 1,000 base reserves for all, and what of it whom is let have.</summary>
public sealed class OpeningBudgetTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private readonly OpeningLease _lease = new();

    // 4,000 XLM are 8,000 base reserves, for eight sponsors.
    private readonly OpeningBudget _budget = new(
        new BudgetOptions { OpeningXlmPerDay = 4_000, OpeningsPerRange = 80, DomainPercent = 30, InvitedPercent = 10 },
        sponsors: 8, trustlines: 1);

    [Fact]
    public void One_range_gets_its_part_whatever_domains_its_people_name()
    {
        var opened = OpenAll(1_000, number => new OpeningOrigin(Range: 7, Domain: $"d{number}.example"));

        opened.ShouldBe(10);
        Open(new OpeningOrigin(Range: 8, Domain: "d1.example")).ShouldBeNull("others are let in");
    }

    [Fact]
    public void One_catch_all_domain_gets_its_part_from_however_many_ranges()
    {
        var opened = OpenAll(1_000, number => new OpeningOrigin((ulong)number, "catch-all.example"));

        opened.ShouldBe(100);
        Open(new OpeningOrigin(Range: 5_000, Domain: "other.example")).ShouldBeNull("others are let in");
    }

    // The bug kept away: each spelling of a domain had a budget of its own, and Gmail.com was a private domain.
    [Fact]
    public void A_domain_is_one_however_it_is_spelt()
    {
        string[] spelt = ["evil.example", "Evil.example", "eVIL.Example", "EVIL.EXAMPLE"];
        OpenAll(1_000, number => new OpeningOrigin((ulong)number, spelt[number % spelt.Length])).ShouldBe(100);
        OpenAll(200, number => new OpeningOrigin(10_000 + (ulong)number, "Gmail.COM")).ShouldBe(200, "it is nobody's own");
    }

    // The bug kept away: a.evil.example and b.evil.example were two domains, and each had a quarter of the day.
    [Theory]
    [InlineData("a.evil.example", "b.c.evil.example")]
    [InlineData("evil.example", "x.evil.example")]
    [InlineData("a.evil.co.uk", "b.evil.co.uk")]
    [InlineData("a.evil.com.br", "evil.com.br")]
    public void A_domain_and_all_below_it_are_one(string one, string other)
    {
        var opened = OpenAll(1_000, number => new OpeningOrigin((ulong)number, number % 2 == 0 ? one : other));

        opened.ShouldBe(100);
    }

    [Theory]
    [InlineData("one.co.uk", "other.co.uk")]
    [InlineData("one.com.br", "other.com.br")]
    [InlineData("one.example", "other.example")]
    [InlineData("one.me", "other.me")]
    public void Two_domains_are_two(string one, string other)
    {
        OpenAll(1_000, number => new OpeningOrigin((ulong)number, $"a.{one}")).ShouldBe(100);
        Open(new OpeningOrigin(Range: 5_000, Domain: $"a.{other}")).ShouldBeNull();
    }

    // The bug kept away: who has a /48 has 65,536 networks of 64 bits, and each had a part of the day.
    [Fact]
    public void Networks_of_one_IPv6_site_get_what_four_of_them_would_and_leave_other_sites_alone()
    {
        const ulong Site = 0x2001_0db8_0007_0000;
        var opened = OpenAll(1_000, number => new OpeningOrigin(Site + (ulong)number, $"d{number}.example"));

        opened.ShouldBe(40);
        Open(new OpeningOrigin(Site + 0x10000, "d1.example")).ShouldBeNull();
        var origin = new OpeningOrigin(Site + 0x20000, "d2.example");
        OpeningBudget.Take(_lease, [GrantOf(origin)]);
        var before = _lease.ByRange.Count;
        OpeningBudget.Return(_lease);
        _lease.ByRange.Count.ShouldBe(before - 2, "what comes to nothing is there again for the site too");
    }

    [Fact]
    public void Who_comes_again_at_midnight_comes_behind_his_own_range_and_not_behind_others()
    {
        var queue = new OpeningQueue();
        var day = DateOnly.FromDateTime(Noon.UtcDateTime);
        var crowd = Enumerable.Range(0, 900).Select(_ => queue.Place(day, 7)).ToArray();

        crowd.Take(64).ShouldAllBe(wait => wait == TimeSpan.Zero);
        crowd.GroupBy(wait => wait).ShouldAllBe(together => together.Count() <= 64);
        queue.Place(day, 8).ShouldBe(TimeSpan.Zero);
        Enumerable.Range(0, 1_000_000).Max(_ => queue.Place(day, 7)).ShouldBe(TimeSpan.FromHours(12));
        queue.Place(day.AddDays(1), 7).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_large_provider_is_nobodys_own_and_counts_as_no_domain() =>
        OpenAll(1_000, number => new OpeningOrigin((ulong)number, "gmail.com")).ShouldBe(300);

    [Fact]
    public void What_is_kept_for_the_invited_nobody_else_gets()
    {
        var strangers = OpenAll(1_000, number => new OpeningOrigin((ulong)number, $"d{number}.example"));
        var invited = OpenAll(1_000, number => new OpeningOrigin((ulong)number + 5_000, $"e{number}.example", Invited: true));

        (strangers, invited).ShouldBe((300, 33));
    }

    // The bug kept away: 800 wallets that were closed and opened again used up everybody's day.
    [Fact]
    public void Accounts_that_were_open_before_have_a_tenth_of_the_day_and_leave_the_rest_to_others()
    {
        var again = OpenAll(1_000, number => new OpeningOrigin((ulong)number, $"d{number}.example", Reopened: true));

        again.ShouldBe(33);
        OpenAll(1_000, number => new OpeningOrigin((ulong)number + 5_000, $"e{number}.example")).ShouldBe(300 - 33);
        OpeningBudget.Take(_lease, [GrantOf(new OpeningOrigin(Reopened: true), Noon.AddDays(1))]);
        _lease.Reopened.ShouldBe(3, "a new day begins anew");
        OpeningBudget.Return(_lease);
        _lease.Reopened.ShouldBe(0);
    }

    [Fact]
    public void Accounts_of_payment_sessions_have_a_fifth_of_the_day_and_leave_the_rest_to_people()
    {
        OpenAll(1_000, _ => new OpeningOrigin(Dedicated: true)).ShouldBe(66);

        OpenAll(1_000, number => new OpeningOrigin((ulong)number, $"d{number}.example")).ShouldBe(300 - 66);
        OpeningBudget.Take(_lease, [GrantOf(new OpeningOrigin(Dedicated: true), Noon.AddDays(1))]);
        _lease.Dedicated.ShouldBe(3, "a new day begins anew");
        OpeningBudget.Return(_lease);
        _lease.Dedicated.ShouldBe(0);
    }

    [Fact]
    public void Of_whom_nothing_is_known_the_day_counts_and_the_part_of_the_unknown() =>
        OpenAll(1_000, _ => null).ShouldBe(300);

    [Fact]
    public void What_comes_to_nothing_is_there_again_and_what_is_opened_is_not()
    {
        var origin = new OpeningOrigin(Range: 7, Domain: "d.example");
        for (var i = 0; i < 100; i++)
        {
            OpeningBudget.Take(_lease, [.. Enumerable.Range(0, 10).Select(_ => GrantOf(origin))]);
            Open(origin).ShouldNotBeNull();
            OpeningBudget.Return(_lease);
        }

        (_lease.Reserves, _lease.Unknown, _lease.ByRange.Count, _lease.ByDomain.Count, _lease.UnderWay).ShouldBe((0, 0, 0, 0, null));
        OpenAll(1_000, _ => origin).ShouldBe(10);
        OpeningBudget.Return(_lease);
        _lease.Reserves.ShouldBe(30, "what is opened goes back once its account is merged, and not by an old answer");
    }

    [Fact]
    public void The_next_day_begins_anew_and_what_yesterday_promised_gives_it_nothing()
    {
        OpeningBudget.Take(_lease, [GrantOf(new OpeningOrigin(7)), GrantOf(new OpeningOrigin(8))]);
        var returned = _lease.UnderWay!;

        var tomorrow = Noon.AddHours(12);
        _budget.Check(_lease, [], GrantOf(new OpeningOrigin(7), tomorrow), tomorrow).ShouldBeNull();
        OpeningBudget.Take(_lease, [GrantOf(new OpeningOrigin(7), tomorrow)]);
        (_lease.Reserves, _lease.ByRange.Count).ShouldBe((3, 1));
        _lease.UnderWay = returned;
        OpeningBudget.Return(_lease);
        _lease.Reserves.ShouldBe(3);
    }

    [Fact]
    public void A_refusal_says_when_there_is_room_again()
    {
        OpenAll(10, _ => new OpeningOrigin(Range: 7));

        var refusal = Open(new OpeningOrigin(Range: 7))!;

        (refusal.Code, refusal.RetryAfter).ShouldBe((OpeningBudget.UsedCode, TimeSpan.FromHours(12)));
        OpeningBudget.NextDay(Noon.AddHours(12)).ShouldBe(Noon.AddHours(36));
    }

    [Fact]
    public void However_small_the_budget_each_sponsor_opens_one_account_a_day()
    {
        var options = new BudgetOptions { OpeningXlmPerDay = 1, OpeningsPerRange = 1, DomainPercent = 1 };
        var small = new OpeningBudget(options, sponsors: 100, trustlines: 3);
        var grant = OpeningBudget.GrantOf(new OpeningRequest("G", Create: true, ["a", "b", "c"], Origin: new OpeningOrigin(7, "d.example")), Noon);

        small.Check(_lease, [], grant, Noon).ShouldBeNull();
        small.Check(_lease, [grant], grant, Noon).ShouldNotBeNull();
    }

    [Fact]
    public void A_lease_is_stored_and_read_as_it_is_and_stays_small()
    {
        // As many ranges and domains as a sponsor's share has room for by default.
        for (var number = 0UL; number < 250; number++)
        {
            OpeningBudget.Take(_lease, [GrantOf(new OpeningOrigin(ulong.MaxValue - number, $"d{number}.example"))]);
        }

        var json = JsonSerializer.Serialize(_lease, StateJson.Options);
        var read = JsonSerializer.Deserialize<OpeningLease>(json, StateJson.Options)!;

        json.Length.ShouldBeLessThan(6_500);
        (read.Day, read.Reserves, read.Unknown).ShouldBe((_lease.Day, 750, 750));
        read.ByRange.ShouldBe(_lease.ByRange, ignoreOrder: true);
        read.ByDomain.ShouldBe(_lease.ByDomain, ignoreOrder: true);
        read.UnderWay.ShouldBe(_lease.UnderWay);
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAACA")]
    public void What_is_no_tally_is_not_read(string text) => Should.Throw<JsonException>(
        () => JsonSerializer.Deserialize<OpeningLease>($$"""{"byRange":"{{text}}"}""", StateJson.Options));

    private static OpeningGrant GrantOf(OpeningOrigin? origin, DateTimeOffset? at = null) =>
        OpeningBudget.GrantOf(new OpeningRequest("G", Create: true, ["USDC:G"], Origin: origin), at ?? Noon);

    private int OpenAll(int count, Func<int, OpeningOrigin?> origin) =>
        Enumerable.Range(0, count).Count(number => Open(origin(number)) is null);

    private Results.Error? Open(OpeningOrigin? origin)
    {
        var grant = GrantOf(origin);
        var refusal = _budget.Check(_lease, [], grant, Noon);
        if (refusal is null)
        {
            OpeningBudget.Take(_lease, [grant]);
            OpeningBudget.Keep(_lease);
        }

        return refusal;
    }
}
